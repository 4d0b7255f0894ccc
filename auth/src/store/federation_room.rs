//! How many ways to providers one browser may have begun at once.

use super::{Result, Transaction};

impl Transaction {
    /// Forgets all ways of a browser but the newest `most`: a page that loads itself anew for ever fills no table.
    pub async fn keep_newest_federation_flows(&mut self, browser_digest: &str, most: i64) -> Result<()> {
        sqlx::query(
            "DELETE FROM federation_flows WHERE browser_digest = $1 AND digest NOT IN \
             (SELECT digest FROM federation_flows WHERE browser_digest = $1 \
             ORDER BY created_at DESC, digest LIMIT $2)",
        )
        .bind(browser_digest)
        .bind(most)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }
}
