//! Recovery codes, as keyed digests.

use sqlx::Row;

use super::{Result, Store, Transaction};
use crate::Timestamp;
use crate::id::UserId;
use crate::view::RecoveryCodesStatus;

const LEFT: &str =
    "SELECT CAST(COUNT(*) AS BIGINT) AS codes FROM recovery_codes WHERE user_id = $1 AND used_at IS NULL";

impl Store {
    /// How many recovery codes of an account are left.
    pub async fn recovery_codes_left(&self, user: &UserId) -> Result<i64> {
        sqlx::query(LEFT).bind(user.as_str()).fetch_one(&mut *self.read.get().await?).await?.try_get("codes")
    }

    /// What is known of the recovery codes of an account.
    pub async fn recovery_codes_status(&self, user: &UserId) -> Result<RecoveryCodesStatus> {
        let row = sqlx::query(
            "SELECT CAST(COUNT(CASE WHEN c.mac IS NOT NULL AND c.used_at IS NULL THEN 1 END) AS BIGINT) AS codes, \
             CAST(MAX(c.created_at) AS BIGINT) AS made_at, \
             CAST(MAX(u.recovery_codes_saved_at) AS BIGINT) AS saved_at \
             FROM users u LEFT JOIN recovery_codes c ON c.user_id = u.id WHERE u.id = $1",
        )
        .bind(user.as_str())
        .fetch_one(&mut *self.read.get().await?)
        .await?;
        Ok(RecoveryCodesStatus {
            left: row.try_get("codes")?,
            made_at: row.try_get::<Option<i64>, _>("made_at")?.map(Timestamp),
            saved_at: row.try_get::<Option<i64>, _>("saved_at")?.map(Timestamp),
            // Known by whoever knows the account's factors.
            may_be_made: false,
        })
    }
}

impl Transaction {
    /// How many recovery codes are left. Exact for whoever holds the account.
    pub async fn recovery_codes_left(&mut self, user: &UserId) -> Result<i64> {
        sqlx::query(LEFT).bind(user.as_str()).fetch_one(&mut *self.0).await?.try_get("codes")
    }

    /// Stores new recovery codes; those of before work no more. Hold the account first: two that replace them would
    /// leave twenty.
    pub async fn replace_recovery_codes(&mut self, user: &UserId, macs: &[String], now: Timestamp) -> Result<()> {
        self.delete_recovery_codes(user).await?;
        for mac in macs {
            sqlx::query("INSERT INTO recovery_codes (user_id, mac, created_at) VALUES ($1, $2, $3)")
                .bind(user.as_str())
                .bind(mac.as_str())
                .bind(now.0)
                .execute(&mut *self.0)
                .await?;
        }
        Ok(())
    }

    /// Consumes a recovery code; `false` when there is no such one, or it was used. One statement: however many meet,
    /// one of them wins.
    pub async fn use_recovery_code(&mut self, user: &UserId, mac: &str, now: Timestamp) -> Result<bool> {
        let done =
            sqlx::query("UPDATE recovery_codes SET used_at = $3 WHERE user_id = $1 AND mac = $2 AND used_at IS NULL")
                .bind(user.as_str())
                .bind(mac)
                .bind(now.0)
                .execute(&mut *self.0)
                .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Forgets the recovery codes of an account.
    pub async fn delete_recovery_codes(&mut self, user: &UserId) -> Result<()> {
        sqlx::query("DELETE FROM recovery_codes WHERE user_id = $1").bind(user.as_str()).execute(&mut *self.0).await?;
        sqlx::query("UPDATE users SET recovery_codes_saved_at = NULL WHERE id = $1")
            .bind(user.as_str())
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    /// Notes that the person keeps their codes; nothing happens when there are none.
    pub async fn note_recovery_codes_saved(&mut self, user: &UserId, now: Timestamp) -> Result<()> {
        sqlx::query(
            "UPDATE users SET recovery_codes_saved_at = $2 WHERE id = $1 \
             AND EXISTS (SELECT c.mac FROM recovery_codes c WHERE c.user_id = users.id)",
        )
        .bind(user.as_str())
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }
}
