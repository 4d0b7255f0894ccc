//! Who looks after the platform, to be written to.

use super::{OwnerRow, Result, Transaction};

/// Most people that are told.
const MOST: i64 = 20;

impl Transaction {
    /// Who looks after the platform.
    pub async fn platform_administrators(&mut self) -> Result<Vec<OwnerRow>> {
        sqlx::query_as(
            "SELECT u.id, u.name, u.email, u.locale FROM users u WHERE u.role = 'platform_admin' \
             ORDER BY u.created_at, u.id LIMIT $1",
        )
        .bind(MOST)
        .fetch_all(&mut *self.0)
        .await
    }
}
