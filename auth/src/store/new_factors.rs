//! Factors by the moment they came.

use sqlx::Row;

use super::{Result, Transaction};
use crate::Timestamp;
use crate::id::UserId;

impl Transaction {
    /// Forgets an authenticator app that was set up at this moment or later, and one that waits; whether there was one.
    pub async fn delete_totp_since(&mut self, user: &UserId, since: Timestamp) -> Result<bool> {
        sqlx::query("DELETE FROM totp_enrolments WHERE user_id = $1").bind(user.as_str()).execute(&mut *self.0).await?;
        let done = sqlx::query("DELETE FROM totp_secrets WHERE user_id = $1 AND confirmed_at >= $2")
            .bind(user.as_str())
            .bind(since.0)
            .execute(&mut *self.0)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Forgets a phone number that was proved at this moment or later, and one that waits; whether one was proved.
    pub async fn delete_phone_number_since(&mut self, user: &UserId, since: Timestamp) -> Result<bool> {
        let done = sqlx::query("DELETE FROM phone_numbers WHERE user_id = $1 AND proved_at >= $2")
            .bind(user.as_str())
            .bind(since.0)
            .execute(&mut *self.0)
            .await?;
        sqlx::query("UPDATE phone_numbers SET wanted = NULL, wanted_at = NULL WHERE user_id = $1")
            .bind(user.as_str())
            .execute(&mut *self.0)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Forgets recovery codes that were made at this moment or later.
    pub async fn delete_recovery_codes_since(&mut self, user: &UserId, since: Timestamp) -> Result<()> {
        sqlx::query("DELETE FROM recovery_codes WHERE user_id = $1 AND created_at >= $2")
            .bind(user.as_str())
            .bind(since.0)
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    /// Whether the account has an authenticator app that was set up at this moment or later, and a phone number that was
    /// proved then.
    pub async fn has_new_codes(&mut self, user: &UserId, since: Timestamp) -> Result<(bool, bool)> {
        let found = sqlx::query(
            "SELECT (SELECT CAST(COUNT(*) AS BIGINT) FROM totp_secrets WHERE user_id = $1 AND confirmed_at >= $2) AS apps, \
             (SELECT CAST(COUNT(*) AS BIGINT) FROM phone_numbers WHERE user_id = $1 AND proved_at >= $2) AS numbers",
        )
        .bind(user.as_str())
        .bind(since.0)
        .fetch_one(&mut *self.0)
        .await?;
        Ok((found.try_get::<i64, _>("apps")? > 0, found.try_get::<i64, _>("numbers")? > 0))
    }

    /// Since when the account has had a strong factor without a gap; none when it has none.
    pub async fn strong_since(&mut self, user: &UserId) -> Result<Option<Timestamp>> {
        let found = sqlx::query("SELECT strong_since FROM users WHERE id = $1")
            .bind(user.as_str())
            .fetch_one(&mut *self.0)
            .await?;
        Ok(found.try_get::<Option<i64>, _>("strong_since")?.map(Timestamp))
    }
}
