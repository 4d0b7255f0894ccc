//! Sealing: each committed line gets the next number and is chained to the line before it.
//!
//! Lines are written without a place, so that nobody waits for another's commit. Every node seals, one at a time: each
//! step holds the end of the chain, takes at most 500 lines and moves the end. What was written before there was a chain
//! comes first and is taken as it stands. A line that no program of ours wrote gets no place, and is reported.

use std::collections::BTreeMap;
use std::time::Duration;

use super::chain::{anchor_mac, is_ours, link};
use super::proof::prove;
use crate::store::{AnchorRow, AuditDayRow, ChainRow, SealedLine, Transaction};
use crate::{Auth, Result, Timestamp};

/// Lines of one step.
const STEP: i64 = 500;
/// How often it is asked whether a line waits.
const INTERVAL: Duration = Duration::from_millis(250);
/// Others want to write, too.
const REST: Duration = Duration::from_millis(20);
/// After a failure.
const PAUSE: Duration = Duration::from_secs(5);
/// Seconds after the first lines in which those of nodes that run an older version are taken as they stand.
const TRANSITION: i64 = 60 * 60;
/// While there may be lines of before the chain.
const FOR_EVER: Timestamp = Timestamp(i64::MAX);
const DAY: i64 = 24 * 60 * 60 * 1000;

impl Auth {
    /// Seals for ever.
    pub async fn keep_audit_log(self) {
        loop {
            let rest = match self.seal_audit_lines().await {
                Ok(0) => INTERVAL,
                Ok(_) => REST,
                Err(error) => {
                    tracing::error!(%error, "lines of the audit log cannot be sealed; it goes on");
                    PAUSE
                }
            };
            tokio::time::sleep(rest).await;
        }
    }

    /// Seals every line that waits, and says how many there were.
    ///
    /// # Errors
    /// Those of [`Auth::seal_audit_lines`].
    pub async fn seal_audit_log(&self) -> Result<u64> {
        let mut all = 0;
        loop {
            match self.seal_audit_lines().await? {
                0 => return Ok(all),
                sealed => all += sealed,
            }
        }
    }

    /// One step: seals at most 500 lines, and says how many.
    ///
    /// # Errors
    /// When the database fails, and when the end of the chain is not as this program left it, or comes before one that
    /// this node knew: then nothing is sealed behind it.
    pub async fn seal_audit_lines(&self) -> Result<u64> {
        if self.is_all_sealed().await? {
            return Ok(0);
        }
        let mut tx = self.store.begin().await?;
        let anchor = tx.lock_audit_chain().await?;
        let mut anchor = anchor.ok_or_else(|| anyhow::anyhow!("the end of the audit log is gone"))?;
        if self.audit_watch.head().is_some_and(|head| head.is_beyond(&anchor)) {
            return Err(anyhow::anyhow!("the audit log was turned back to an earlier end").into());
        }
        if anchor.mac.is_empty() {
            // Whoever takes its proof away would else have the chain begin anew, around lines that they wrote.
            if tx.has_traces_of_a_chain().await? {
                return Err(anyhow::anyhow!("the end of the audit log has lost its proof").into());
            }
            begin(self, &mut tx, &mut anchor).await?;
        } else if !is_ours(&self.audit_mac, &anchor) {
            return Err(anyhow::anyhow!("the end of the audit log is not as it was left").into());
        }
        let sealed = seal(self, &mut tx, &mut anchor).await?;
        anchor.mac = anchor_mac(&self.audit_mac, &anchor);
        tx.move_audit_anchor(&anchor).await?;
        tx.commit_unheard().await?;
        self.audit_watch.know(&anchor);
        Ok(sealed)
    }

    /// Reads alone: most of the time there is nothing to do. So each node knows four times a second where the chain
    /// ends, whoever sealed, and whether it goes on from where it was.
    async fn is_all_sealed(&self) -> Result<bool> {
        // Before the end is read: what was its end then is passed or still it.
        let known = self.audit_watch.head();
        let Some(anchor) = self.store.audit_anchor().await? else { return Ok(false) };
        let is_turned_back = known.is_some_and(|head| head.is_beyond(&anchor));
        if is_turned_back || !is_ours(&self.audit_mac, &anchor) {
            return Ok(false);
        }
        self.audit_watch.know(&anchor);
        if anchor.adopts_until == FOR_EVER || self.store.has_lines_to_seal().await? {
            return Ok(false);
        }
        Ok(anchor.adopts_until < self.now() || self.store.oldest_unproved_line().await?.is_none())
    }
}

async fn begin(auth: &Auth, tx: &mut Transaction, anchor: &mut AnchorRow) -> Result<()> {
    anchor.began_at = auth.now();
    let has_older = !tx.unproved_lines(1).await?.is_empty();
    anchor.adopts_until = if has_older { FOR_EVER } else { Timestamp(0) };
    Ok(())
}

async fn seal(auth: &Auth, tx: &mut Transaction, anchor: &mut AnchorRow) -> Result<u64> {
    let now = auth.now();
    let older = if anchor.adopts_until >= now { tx.unproved_lines(STEP).await? } else { Vec::new() };
    let lines = if older.is_empty() { proved(auth, tx).await? } else { adopted(auth, tx, older).await? };
    if lines.is_empty() {
        if anchor.adopts_until == FOR_EVER {
            anchor.adopts_until = now.plus_seconds(TRANSITION);
        }
        return Ok(0);
    }
    let are_older = lines.first().is_some_and(|line| line.is_adopted);
    let mut sealed = Vec::with_capacity(lines.len());
    let mut days: BTreeMap<(&str, i64), (i64, i64)> = BTreeMap::new();
    for Ready { row, mac, .. } in &lines {
        anchor.sequence += 1;
        let previous_hash = std::mem::take(&mut anchor.hash);
        anchor.hash = link(&auth.audit_mac, (anchor.sequence, now), &previous_hash, mac);
        sealed.push(SealedLine {
            id: row.id.clone(),
            sequence: anchor.sequence,
            sealed_at: now,
            previous_hash,
            hash: anchor.hash.clone(),
        });
        let refused = i64::from(row.outcome == "refused");
        for organization in row.organization.as_deref().into_iter().chain([""]) {
            let count = days.entry((organization, row.at.0.div_euclid(DAY))).or_default();
            *count = (count.0 + 1, count.1 + refused);
        }
    }
    if tx.seal_lines(&sealed).await? != sealed.len() as u64 {
        return Err(anyhow::anyhow!("a line of the audit log found its place while the chain was held").into());
    }
    for ((organization, day), (lines, refused)) in days {
        tx.count_audit_lines(organization, &AuditDayRow { day, lines, refused }).await?;
    }
    anchor.sealed_at = now;
    if are_older {
        anchor.adopted = anchor.sequence;
    }
    Ok(sealed.len() as u64)
}

/// A line that may get its place.
struct Ready {
    row: ChainRow,
    mac: String,
    is_adopted: bool,
}

/// Lines that the program wrote. What looks like one and is none loses its proof, and waits for whoever verifies.
async fn proved(auth: &Auth, tx: &mut Transaction) -> Result<Vec<Ready>> {
    loop {
        let rows = tx.lines_to_seal(STEP).await?;
        let are_there = !rows.is_empty();
        let mut ready = Vec::with_capacity(rows.len());
        for row in rows {
            match &row.proof.mac {
                Some(mac) if row.said().is_proved(&auth.audit_mac, &row.proof) => {
                    ready.push(Ready { mac: mac.clone(), row, is_adopted: false });
                }
                _ => {
                    tracing::error!(line = row.id, "a line of the audit log was not written by this program");
                    tx.disown_line(&row.id).await?;
                }
            }
        }
        if !ready.is_empty() || !are_there {
            return Ok(ready);
        }
    }
}

/// Lines of before the chain, with what proves them from now on.
async fn adopted(auth: &Auth, tx: &mut Transaction, rows: Vec<ChainRow>) -> Result<Vec<Ready>> {
    let proofs: Vec<_> =
        rows.iter().map(|row| (row.id.clone(), prove(&auth.audit_mac, &*auth.random, &row.said()))).collect();
    tx.adopt_lines(&proofs).await?;
    let ready = rows.into_iter().zip(proofs).map(|(row, (_, proof))| Ready {
        row,
        mac: proof.mac.unwrap_or_default(),
        is_adopted: true,
    });
    Ok(ready.collect())
}
