//! What an account's factors are, at a glance; and their end, all at once.

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

/// Recovery codes and trusted devices, counted.
pub struct FactorCounts {
    /// Recovery codes that are unused.
    pub codes_left: i64,
    /// When the newest of them were made.
    pub codes_since: Option<Timestamp>,
    /// Browsers in which the second factor is not asked for.
    pub trusted_devices: i64,
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

    /// When the authenticator app of an account was confirmed.
    pub async fn totp_since(&self, user: &UserId) -> Result<Option<Timestamp>> {
        sqlx::query("SELECT confirmed_at FROM totp_secrets WHERE user_id = $1 AND confirmed_at IS NOT NULL")
            .bind(user.as_str())
            .fetch_optional(&mut *self.read.get().await?)
            .await?
            .map(|row| row.try_get("confirmed_at").map(Timestamp))
            .transpose()
    }

    /// Counts the rest. A trusted device counts while the rights of the account are those it was trusted under.
    pub async fn factor_counts(&self, user: &UserId, now: Timestamp) -> Result<FactorCounts> {
        let row = sqlx::query(
            "SELECT CAST((SELECT COUNT(*) FROM recovery_codes c WHERE c.user_id = $1 AND c.used_at IS NULL) AS BIGINT) \
             AS codes_left, CAST((SELECT MAX(m.created_at) FROM recovery_codes m WHERE m.user_id = $1 \
             AND m.used_at IS NULL) AS BIGINT) AS codes_since, \
             CAST((SELECT COUNT(*) FROM trusted_devices d JOIN users u ON u.id = d.user_id \
             AND u.token_version = d.token_version WHERE d.user_id = $1 AND d.revoked_at IS NULL \
             AND d.expires_at > $2) AS BIGINT) AS trusted_devices",
        )
        .bind(user.as_str())
        .bind(now.0)
        .fetch_one(&mut *self.read.get().await?)
        .await?;
        Ok(FactorCounts {
            codes_left: row.try_get("codes_left")?,
            codes_since: row.try_get::<Option<i64>, _>("codes_since")?.map(Timestamp),
            trusted_devices: row.try_get("trusted_devices")?,
        })
    }
}

/// Everything that belongs to a factor of an account.
const FACTORS: [&str; 4] = [
    "DELETE FROM totp_secrets WHERE user_id = $1",
    "DELETE FROM passkeys WHERE user_id = $1",
    "DELETE FROM phone_numbers WHERE user_id = $1",
    "DELETE FROM recovery_codes WHERE user_id = $1",
];

impl Transaction {
    /// Removes every factor of an account, its recovery codes and its trusted devices, and fills the budget of wrong
    /// codes. Holds the account's row first.
    pub async fn remove_all_factors(&mut self, user: &UserId, now: Timestamp) -> Result<()> {
        sqlx::query("UPDATE users SET factors = '', wrong_factors = 0, factors_locked_until = 0 WHERE id = $1")
            .bind(user.as_str())
            .execute(&mut *self.0)
            .await?;
        for statement in FACTORS {
            sqlx::query(statement).bind(user.as_str()).execute(&mut *self.0).await?;
        }
        sqlx::query("UPDATE trusted_devices SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL")
            .bind(user.as_str())
            .bind(now.0)
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }
}
