//! Who looks after the product: held while one of them goes, so that one is left.

use super::users::{role, user_columns};
use super::{Result, Transaction, UserRow};
use crate::id::UserId;
use crate::{Role, Timestamp};

impl Transaction {
    /// Holds the number of administrators to the end of the transaction: whoever takes one comes before or after. First
    /// of all a transaction holds.
    pub async fn hold_administrators(&mut self) -> Result<()> {
        sqlx::query("UPDATE platform_locks SET version = version + 1 WHERE name = 'administrators'")
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    /// Whether somebody looks after everything whose account is neither suspended nor about to go. Exact for whoever
    /// holds their number.
    pub async fn has_administrator(&mut self, now: Timestamp) -> Result<bool> {
        let row = sqlx::query(
            "SELECT id FROM users WHERE role <> 'user' AND role = $1 AND suspended_until <= $2 AND delete_at IS NULL \
             LIMIT 1",
        )
        .bind(Role::PlatformAdmin.as_str())
        .bind(now.0)
        .fetch_optional(&mut *self.0)
        .await?;
        Ok(row.is_some())
    }

    /// What an account may do; none when there is none.
    pub async fn role_of(&mut self, id: &UserId) -> Result<Option<Role>> {
        let row =
            sqlx::query("SELECT role FROM users WHERE id = $1").bind(id.as_str()).fetch_optional(&mut *self.0).await?;
        row.as_ref().map(role).transpose()
    }

    /// Holds an account to the end of the transaction, as it is; none when there is none.
    pub async fn held_user(&mut self, id: &UserId) -> Result<Option<UserRow>> {
        sqlx::query_as(concat!("UPDATE users SET locale = locale WHERE id = $1 RETURNING ", user_columns!()))
            .bind(id.as_str())
            .fetch_optional(&mut *self.0)
            .await
    }
}
