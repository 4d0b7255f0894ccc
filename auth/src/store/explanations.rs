//! Whose sign-ins are explained.

use sqlx::Row;

use super::{Result, Store, Transaction};
use crate::id::UserId;
use crate::{Role, Timestamp};

/// Administrators who are asked for at once.
const MOST: i64 = 1000;

impl Store {
    /// Administrators who switched the explanation of their sign-ins on.
    pub async fn administrators_to_explain_to(&self) -> Result<Vec<UserId>> {
        sqlx::query("SELECT id FROM users WHERE explains_sign_in_at IS NOT NULL AND role = $1 LIMIT $2")
            .bind(Role::PlatformAdmin.as_str())
            .bind(MOST)
            .fetch_all(&mut *self.read.get().await?)
            .await?
            .iter()
            .map(|row| row.try_get("id").map(UserId))
            .collect()
    }

    /// Whether somebody switched the explanation of their sign-ins on.
    pub async fn explains_sign_in(&self, id: &UserId) -> Result<bool> {
        let row = sqlx::query("SELECT id FROM users WHERE id = $1 AND explains_sign_in_at IS NOT NULL")
            .bind(id.as_str())
            .fetch_optional(&mut *self.read.get().await?)
            .await?;
        Ok(row.is_some())
    }
}

impl Transaction {
    /// Switches the explanation of somebody's sign-ins on or, with none, off.
    pub async fn set_explains_sign_in(&mut self, id: &UserId, since: Option<Timestamp>) -> Result<()> {
        sqlx::query("UPDATE users SET explains_sign_in_at = $2 WHERE id = $1")
            .bind(id.as_str())
            .bind(since.map(|at| at.0))
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }
}
