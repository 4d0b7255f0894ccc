//! What is wrong with the proxies, kept where another process finds it.

use crate::view::ProxyFinding;
use crate::{Auth, Result};

/// Longer than `keywright doctor` looks back. Addresses are few, but nobody needs those of last year.
const KEPT_SECONDS: i64 = 24 * 60 * 60;

impl Auth {
    /// Notes what this node finds wrong now, and forgets what no node has found for a day.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_proxy_finding(&self, finding: &ProxyFinding) -> Result<()> {
        let now = self.now();
        self.store.note_proxy_finding(finding, now).await?;
        self.store.forget_proxy_findings(now.minus_seconds(KEPT_SECONDS)).await?;
        Ok(())
    }
}
