//! Whether nobody works on the source: what is written there after the snapshot stays behind.

use anyhow::ensure;
use sqlx::{AnyConnection, Executor as _, Row as _};

use super::super::Result;
use super::tables::MOVED_TABLES;
use super::{MovedTable, begin_snapshot, copy};
use crate::Timestamp;
use crate::master_key::QUIET_SECONDS;

/// Refuses a source on which a node may work: each tells twice a minute which master key it seals with.
pub(super) async fn ensure_quiet(source: &mut AnyConnection, now: Timestamp) -> anyhow::Result<()> {
    let ago = now.seconds_since(last_used_at(source).await?);
    ensure!(
        ago >= QUIET_SECONDS,
        "a node or a command worked on the source {} seconds ago, and what it writes would stay behind: stop every node, wait {} \
         seconds, and begin again, with no `keywright` that runs by the clock; --rehearse copies beside nodes that work",
        ago.max(0),
        QUIET_SECONDS - ago
    );
    Ok(())
}

/// Refuses what is not any more as it was copied. Somebody may write who does not tell of it, or whose clock is wrong.
pub(super) async fn ensure_unchanged(source: &mut AnyConnection, moved: &[MovedTable]) -> anyhow::Result<()> {
    source.execute("COMMIT").await?;
    begin_snapshot(source).await?;
    for (table, moved) in MOVED_TABLES.iter().zip(moved) {
        let sum = copy::sum(table, source).await?;
        ensure!(
            sum.rows() == moved.rows && sum.to_string() == moved.checksum,
            "{} was changed in the source while it was copied: stop whoever works on it, wait {QUIET_SECONDS} seconds, and \
             begin again",
            table.name
        );
    }
    Ok(())
}

async fn last_used_at(source: &mut AnyConnection) -> Result<Timestamp> {
    let statement = "SELECT CAST(COALESCE(MAX(last_used_at), 0) AS BIGINT) AS used FROM master_keys";
    sqlx::query(statement).fetch_one(source).await?.try_get("used").map(Timestamp)
}
