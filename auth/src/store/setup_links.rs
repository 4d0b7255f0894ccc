//! The link that makes the first administrator. It lives while there is none.

use super::{Result, Store, Transaction};
use crate::Timestamp;

/// Nobody administers the product. The index of administrators is found by exactly these words.
macro_rules! no_administrator {
    () => {
        "NOT EXISTS (SELECT u.id FROM users u WHERE u.role = 'platform_admin')"
    };
}

impl Store {
    /// Stores the digest of a new link in the place of the one before; `false` when there is an administrator.
    pub async fn replace_setup_link(&self, digest: &str, now: Timestamp, expires_at: Timestamp) -> Result<bool> {
        let done = sqlx::query(concat!(
            "INSERT INTO setup_links (id, digest, created_at, expires_at) \
             SELECT 1, CAST($1 AS TEXT), CAST($2 AS BIGINT), CAST($3 AS BIGINT) WHERE ",
            no_administrator!(),
            " ON CONFLICT (id) DO UPDATE SET digest = excluded.digest, created_at = excluded.created_at, \
             expires_at = excluded.expires_at"
        ))
        .bind(digest)
        .bind(now.0)
        .bind(expires_at.0)
        .execute(&mut *self.write.get().await?)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Whether a link would make an administrator now. Changes nothing.
    pub async fn setup_link_is_live(&self, digest: &str, now: Timestamp) -> Result<bool> {
        let row = sqlx::query(concat!(
            "SELECT id FROM setup_links WHERE id = 1 AND digest = $1 AND expires_at > $2 AND ",
            no_administrator!()
        ))
        .bind(digest)
        .bind(now.0)
        .fetch_optional(&mut *self.read.get().await?)
        .await?;
        Ok(row.is_some())
    }
}

impl Transaction {
    /// Consumes the link; `false` when it is another one, too old, used, or there is an administrator.
    pub async fn use_setup_link(&mut self, digest: &str, now: Timestamp) -> Result<bool> {
        let done = sqlx::query(concat!(
            "DELETE FROM setup_links WHERE id = 1 AND digest = $1 AND expires_at > $2 AND ",
            no_administrator!()
        ))
        .bind(digest)
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }
}
