//! Who said no to a passkey.

use super::{Result, Store, Transaction};
use crate::Timestamp;
use crate::id::UserId;

impl Store {
    /// Whether somebody said that they want no passkey.
    pub async fn declined_passkey(&self, id: &UserId) -> Result<bool> {
        let row = sqlx::query("SELECT id FROM users WHERE id = $1 AND passkey_declined_at IS NOT NULL")
            .bind(id.as_str())
            .fetch_optional(&mut *self.read.get().await?)
            .await?;
        Ok(row.is_some())
    }
}

impl Transaction {
    /// Notes when somebody said so; the first time counts.
    pub async fn note_declined_passkey(&mut self, id: &UserId, now: Timestamp) -> Result<()> {
        sqlx::query("UPDATE users SET passkey_declined_at = $2 WHERE id = $1 AND passkey_declined_at IS NULL")
            .bind(id.as_str())
            .bind(now.0)
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }
}
