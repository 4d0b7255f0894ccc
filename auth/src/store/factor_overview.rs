//! Passkeys and trusted devices at a glance; and the end of all factors of an account.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::{Result, Store, Transaction};
use crate::Timestamp;
use crate::id::UserId;
use crate::view::PasskeyFact;

/// More than anybody has.
const MOST_PASSKEYS: i64 = 100;

impl FromRow<'_, AnyRow> for PasskeyFact {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            name: row.try_get("name")?,
            created_at: Timestamp(row.try_get("created_at")?),
            last_used_at: row.try_get::<Option<i64>, _>("last_used_at")?.map(Timestamp),
        })
    }
}

impl Store {
    /// The passkeys of an account, newest first.
    pub async fn passkey_facts(&self, user: &UserId) -> Result<Vec<PasskeyFact>> {
        sqlx::query_as(
            "SELECT name, created_at, last_used_at FROM passkeys WHERE user_id = $1 \
             ORDER BY created_at DESC, id DESC LIMIT $2",
        )
        .bind(user.as_str())
        .bind(MOST_PASSKEYS)
        .fetch_all(&mut *self.read.get().await?)
        .await
    }

    /// In how many browsers the second factor of an account is not asked for. One counts while the rights of the
    /// account are those it was trusted under.
    pub async fn count_trusted_devices(&self, user: &UserId, now: Timestamp) -> Result<i64> {
        sqlx::query(
            "SELECT CAST(COUNT(*) AS BIGINT) AS devices FROM trusted_devices d JOIN users u ON u.id = d.user_id \
             AND u.token_version = d.token_version WHERE d.user_id = $1 AND d.revoked_at IS NULL AND d.expires_at > $2",
        )
        .bind(user.as_str())
        .bind(now.0)
        .fetch_one(&mut *self.read.get().await?)
        .await?
        .try_get("devices")
    }
}

impl Transaction {
    /// Notes that an account has no factor, fills its budget of wrong codes and forgets its passkeys. Holds the
    /// account's row; what else its factors keep is forgotten by who keeps it.
    pub async fn clear_factors(&mut self, user: &UserId) -> Result<()> {
        for statement in [
            "UPDATE users SET factors = '', strong_since = NULL, wrong_factors = 0, factors_locked_until = 0 WHERE id = $1",
            "DELETE FROM passkeys WHERE user_id = $1",
        ] {
            sqlx::query(statement).bind(user.as_str()).execute(&mut *self.0).await?;
        }
        Ok(())
    }
}
