//! What nodes found wrong with the proxies before them.

use sqlx::Row;

use super::{Result, Store};
use crate::Timestamp;
use crate::view::{ProxyFault, ProxyFinding};

impl Store {
    /// Notes a finding that holds now.
    pub async fn note_proxy_finding(&self, finding: &ProxyFinding, now: Timestamp) -> Result<()> {
        sqlx::query(
            "INSERT INTO proxy_findings (fault, address, found, seen_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (fault, address) DO UPDATE SET found = excluded.found, seen_at = excluded.seen_at",
        )
        .bind(finding.fault.as_str())
        .bind(finding.address.as_deref().unwrap_or_default())
        .bind(finding.count)
        .bind(now.0)
        .execute(&mut *self.write.get().await?)
        .await?;
        Ok(())
    }

    /// Forgets findings that nobody has had since.
    pub async fn forget_proxy_findings(&self, before: Timestamp) -> Result<()> {
        sqlx::query("DELETE FROM proxy_findings WHERE seen_at < $1")
            .bind(before.0)
            .execute(&mut *self.write.get().await?)
            .await?;
        Ok(())
    }

    /// Findings that some node had since. Faults that a newer version wrote are left out.
    pub async fn proxy_findings_since(&self, since: Timestamp) -> Result<Vec<ProxyFinding>> {
        let rows = sqlx::query(
            "SELECT fault, address, found FROM proxy_findings WHERE seen_at >= $1 ORDER BY fault, address LIMIT 100",
        )
        .bind(since.0)
        .fetch_all(&mut *self.read.get().await?)
        .await?;
        let mut findings = Vec::new();
        for row in &rows {
            let fault: String = row.try_get("fault")?;
            let address: String = row.try_get("address")?;
            let Some(fault) = ProxyFault::parse(&fault) else { continue };
            let address = Some(address).filter(|address| !address.is_empty());
            findings.push(ProxyFinding { fault, address, count: row.try_get("found")? });
        }
        Ok(findings)
    }
}
