//! Verifying the audit log: a walk along the chain in pages, from where retention cut it to its end, and what waits to
//! be sealed. Nothing is held meanwhile: lines are sealed and cut as ever.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::chain::{checkpoint_mac, is_ours};
use super::walk::Walk;
use crate::engine::Engine;
use crate::store::{AnchorRow, CheckpointRow};
use crate::view::{AuditFault, AuditFaultKind, AuditState};
use crate::{Auth, Result};

/// Lines that are read at once.
const PAGE: i64 = 1000;
/// Seconds that a line may wait for its place.
const PATIENCE: i64 = 60;

/// A line that was the last at some time, kept elsewhere: its number and its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditHead {
    /// The number.
    pub sequence: i64,
    /// The hash.
    pub hash: String,
}

impl AuditHead {
    /// Whether the chain ends before this line, or with another one in its place.
    pub(super) fn is_beyond(&self, anchor: &AnchorRow) -> bool {
        self.sequence > anchor.sequence || (self.sequence == anchor.sequence && self.hash != anchor.hash)
    }
}

impl FromStr for AuditHead {
    type Err = ();

    /// Reads what `keywright audit verify` printed: `NUMBER:HASH`.
    fn from_str(text: &str) -> std::result::Result<Self, ()> {
        let (sequence, hash) = text.split_once(':').ok_or(())?;
        let sequence = sequence.parse::<i64>().ok().filter(|sequence| *sequence > 0).ok_or(())?;
        let is_hash =
            hash.len() == 43 && hash.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        if is_hash { Ok(Self { sequence, hash: hash.to_owned() }) } else { Err(()) }
    }
}

impl fmt::Display for AuditHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.sequence, self.hash)
    }
}

/// How far a walk goes, and how fast.
#[derive(Clone, Copy, Default)]
pub(crate) struct Reach {
    /// Only so many lines, the newest; none: all.
    pub(crate) newest: Option<i64>,
    /// How long to wait between two pages: others want to read, too.
    pub(crate) rest: Duration,
}

/// Walks along the chain and says what is not as it should be.
///
/// # Errors
/// When the database fails.
pub(crate) async fn verify(auth: &Auth, reach: Reach, expected: Option<&AuditHead>) -> Result<AuditState> {
    let (store, now) = (&auth.store, auth.now());
    let checkpoint = store.audit_checkpoint().await?;
    let stored = store.audit_anchor().await?;
    let anchor = stored.as_ref().filter(|anchor| is_ours(&auth.audit_mac, anchor));
    let highest = store.highest_audit_sequence().await?;
    let end = anchor.map_or(highest, |anchor| anchor.sequence);
    let cut = checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.sequence);
    let begin = reach.newest.map_or(cut, |newest| cut.max(end - newest));
    let cut_hash = checkpoint.as_ref().map_or("", |checkpoint| checkpoint.hash.as_str());
    let mut walk = Walk::after(&auth.audit_mac, begin, (begin == cut).then(|| cut_hash.to_owned()));
    if checkpoint.as_ref().is_some_and(|checkpoint| !is_our_checkpoint(auth, checkpoint)) {
        walk.found(AuditFaultKind::Altered, (cut, cut), None);
    }
    go(auth, &mut walk, end, reach.rest).await?;
    let has_not_begun = highest == 0 && stored.as_ref().is_some_and(|anchor| anchor.mac.is_empty());
    judge_end(&mut walk, anchor, has_not_begun, end);
    judge_beyond(auth, &mut walk, anchor).await?;
    // Before the beginning there is nothing: what was cut went together with its numbers.
    if let Some(lowest) = store.lowest_audit_sequence().await?.filter(|lowest| *lowest <= cut) {
        walk.found(AuditFaultKind::Inserted, (lowest, lowest), None);
    }
    if let Some(expected) = expected {
        judge_expected(auth, &mut walk, expected, (cut, cut_hash), end).await?;
    }
    let head = anchor.map_or_else(|| walk.head().to_owned(), |anchor| anchor.hash.clone());
    let (first, count, faults) = walk.end();
    Ok(AuditState {
        is_whole: faults.is_empty(),
        checked_at: now,
        all_checked_at: reach.newest.is_none().then_some(now),
        began_at: anchor.map(|anchor| anchor.began_at),
        adopted: anchor.map_or(0, |anchor| anchor.adopted),
        cut,
        first: first.map(|(sequence, _)| sequence),
        since: first.map(|(_, at)| at),
        last: end,
        head,
        count,
        faults,
    })
}

fn is_our_checkpoint(engine: &Engine, checkpoint: &CheckpointRow) -> bool {
    checkpoint.mac == checkpoint_mac(&engine.audit_mac, checkpoint)
}

async fn go(auth: &Auth, walk: &mut Walk<'_>, end: i64, rest: Duration) -> Result<()> {
    loop {
        let lines = auth.store.chain_lines(walk.next() - 1, end, PAGE).await?;
        let follows = lines.first().and_then(|line| line.sequence) == Some(walk.next());
        // What is not there may have been cut while we walked.
        if !follows
            && walk.next() <= end
            && let Some(checkpoint) = auth.store.audit_checkpoint().await?
            && checkpoint.sequence >= walk.next()
            && is_our_checkpoint(auth, &checkpoint)
        {
            walk.skip(checkpoint.sequence, checkpoint.hash);
            continue;
        }
        for line in &lines {
            walk.step(line);
        }
        if lines.len() < usize::try_from(PAGE).unwrap_or(usize::MAX) {
            return Ok(());
        }
        tokio::time::sleep(rest).await;
    }
}

/// Whether the walk ended where the program left the chain.
fn judge_end(walk: &mut Walk<'_>, anchor: Option<&AnchorRow>, has_not_begun: bool, end: i64) {
    match anchor {
        Some(_) if walk.next() <= end => walk.found(AuditFaultKind::TruncatedTail, (walk.next(), end), None),
        Some(anchor) if !walk.ends_with(&anchor.hash) => walk.found(AuditFaultKind::TruncatedTail, (end, end), None),
        Some(_) => {}
        None if has_not_begun => {}
        // Nobody knows any more where it ended.
        None => walk.found(AuditFaultKind::TruncatedTail, (walk.next(), walk.next()), None),
    }
}

/// What stands behind the end, and what waits for its place.
async fn judge_beyond(auth: &Auth, walk: &mut Walk<'_>, anchor: Option<&AnchorRow>) -> Result<()> {
    let (store, now) = (&auth.store, auth.now());
    // In this order: what is sealed moves both at once.
    let highest = store.highest_audit_sequence().await?;
    let end = store.audit_anchor().await?.map_or(0, |anchor| anchor.sequence);
    if anchor.is_some() && highest > end {
        walk.found(AuditFaultKind::Inserted, (end + 1, highest), None);
    }
    let unnumbered = |kind, at| AuditFault { kind, sequence: None, until: None, at: Some(at) };
    if let Some(at) = store.oldest_unsealed_line().await?.filter(|at| *at < now.minus_seconds(PATIENCE)) {
        walk.note(unnumbered(AuditFaultKind::UnsealedTooLong, at));
    }
    if anchor.is_some_and(|anchor| anchor.adopts_until < now)
        && let Some(at) = store.oldest_unproved_line().await?
    {
        walk.note(unnumbered(AuditFaultKind::Inserted, at));
    }
    Ok(())
}

/// Whether the chain still goes through a line that was its last at some time. One that was cut since is believed.
async fn judge_expected(
    auth: &Auth,
    walk: &mut Walk<'_>,
    expected: &AuditHead,
    (cut, cut_hash): (i64, &str),
    end: i64,
) -> Result<()> {
    let at = (expected.sequence, expected.sequence);
    if expected.sequence > end {
        walk.found(AuditFaultKind::TruncatedTail, (end + 1, expected.sequence), None);
    } else if expected.sequence > cut {
        match auth.store.chain_hash(expected.sequence).await? {
            Some(hash) if hash == expected.hash => {}
            Some(_) => walk.found(AuditFaultKind::Altered, at, None),
            None => walk.found(AuditFaultKind::Missing, at, None),
        }
    } else if expected.sequence == cut && cut_hash != expected.hash {
        walk.found(AuditFaultKind::Altered, at, None);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_as_it_was_printed() {
        let head = AuditHead { sequence: 812, hash: "a".repeat(43) };
        assert_eq!(head.to_string().parse::<AuditHead>(), Ok(head));
        let short = format!("1:{}", "a".repeat(42));
        let odd = format!("1:{}", "é".repeat(43));
        let zeroth = format!("0:{}", "a".repeat(43));
        for bad in ["", "812", "812:", ":", "x:y", short.as_str(), odd.as_str(), zeroth.as_str()] {
            assert_eq!(bad.parse::<AuditHead>(), Err(()), "{bad}");
        }
    }
}
