//! Since when the rule that it must have a second factor holds for an account, and taking all factors from one.

use super::{Result, Transaction};
use crate::Timestamp;
use crate::id::UserId;

impl Transaction {
    /// The rule met the account now, unless it had before.
    pub async fn note_factor_required(&mut self, id: &UserId, now: Timestamp) -> Result<()> {
        sqlx::query("UPDATE users SET factor_required_from = $2 WHERE id = $1 AND factor_required_from IS NULL")
            .bind(id.as_str())
            .bind(now.0)
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    /// The rule holds for the account no longer.
    pub async fn note_factor_not_required(&mut self, id: &UserId) -> Result<()> {
        sqlx::query("UPDATE users SET factor_required_from = NULL WHERE id = $1 AND factor_required_from IS NOT NULL")
            .bind(id.as_str())
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }
}
