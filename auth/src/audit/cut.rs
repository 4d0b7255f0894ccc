//! Retention: lines that are too old go from the beginning of the chain, and a checkpoint stands for them, so that the
//! rest stays verifiable.
//!
//! What decides is the moment of a line that is as it was written, and the moment it was sealed: nobody makes lines go
//! early by changing theirs, nor by sealing one anew that retention took, after which all before it would go. One that is
//! not as it was written goes with the next one that is. Lines of before the chain were sealed late, and go by their own
//! moment.

use super::chain::{checkpoint_mac, is_ours, is_placed};
use crate::engine::Engine;
use crate::store::{ChainRow, CheckpointRow};
use crate::{Auth, Result, Timestamp};

/// Lines of one step.
const BITE: i64 = 500;
const DAY: i64 = 24 * 60 * 60;

impl Auth {
    /// Takes at most 500 lines that are older than the setting allows, and says how many.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn cut_audit_log(&self) -> Result<u64> {
        if self.audit_retention_days == 0 {
            return Ok(0);
        }
        let before = self.now().minus_seconds(self.audit_retention_days.saturating_mul(DAY));
        // Nearly always nothing is old enough, and that is one look.
        if !self.store.has_audit_lines_before(before).await? {
            return Ok(0);
        }
        let mut tx = self.store.begin().await?;
        // Whoever seals or erases waits meanwhile.
        let anchor = tx.lock_audit_chain().await?;
        let adopted = anchor.filter(|anchor| is_ours(&self.audit_mac, anchor)).map_or(0, |anchor| anchor.adopted);
        let cut = tx.audit_checkpoint().await?.map_or(0, |checkpoint| checkpoint.sequence);
        let lines = tx.first_chain_lines(cut, BITE).await?;
        let Some(last) = last_to_go(self, &lines, adopted, before) else { return Ok(0) };
        let mut checkpoint = CheckpointRow {
            sequence: last.sequence.unwrap_or(cut),
            hash: last.hash.clone(),
            cut_at: self.now(),
            mac: String::new(),
        };
        checkpoint.mac = checkpoint_mac(&self.audit_mac, &checkpoint);
        let done = tx.cut_audit_chain(&checkpoint).await?;
        tx.commit_unheard().await?;
        self.store.delete_old_audit_days(before.0.div_euclid(DAY * 1000)).await?;
        Ok(done)
    }
}

/// The last line that is old and as it was written, before the first that is written so and younger.
fn last_to_go<'a>(engine: &Engine, lines: &'a [ChainRow], adopted: i64, before: Timestamp) -> Option<&'a ChainRow> {
    let mac = &engine.audit_mac;
    let as_written = lines.iter().filter(|line| is_placed(mac, line) && line.said().is_proved(mac, &line.proof));
    let is_adopted = |line: &ChainRow| line.sequence.is_some_and(|sequence| sequence <= adopted);
    as_written.take_while(|line| line.at < before && (line.sealed_at < before || is_adopted(line))).last()
}
