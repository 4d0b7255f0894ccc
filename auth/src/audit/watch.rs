//! Verifying the audit log by itself: what is recent each hour, all of it each day, and what the node knows of it.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::verify::{AuditHead, Reach, verify};
use crate::store::AnchorRow;
use crate::view::AuditState;
use crate::{Auth, Result};

const HOUR: Duration = Duration::from_secs(60 * 60);
/// Hours between two walks along all of it.
const HOURS: u64 = 24;
/// Lines of a walk that nobody waits for.
const RECENT: i64 = 20_000;
/// Lines of one that somebody waits for.
const NEWEST: i64 = 1000;
/// Between two pages of a walk that nobody waits for.
const REST: Duration = Duration::from_millis(10);
/// Seconds for which the newest lines need not be walked again.
const FRESH: i64 = 10;

/// What this node found.
#[derive(Default)]
pub(crate) struct AuditWatch(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    newest: Option<AuditState>,
    recent: Option<AuditState>,
    all: Option<AuditState>,
    /// The last line of the chain, as it was last known: it must still be there.
    head: Option<AuditHead>,
}

impl Kept {
    /// It never goes back: what is noted late is older than what is known.
    fn know(&mut self, sequence: i64, hash: &str) {
        if sequence > self.head.as_ref().map_or(0, |head| head.sequence) {
            self.head = Some(AuditHead { sequence, hash: hash.to_owned() });
        }
    }
}

impl AuditWatch {
    /// The end of the chain as this node last knew it. The database may not tell it any more: somebody may have turned
    /// it back, with what proved its end at an earlier hour.
    pub(super) fn head(&self) -> Option<AuditHead> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).head.clone()
    }

    /// Notes the end of the chain, once it lasts.
    pub(super) fn know(&self, anchor: &AnchorRow) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).know(anchor.sequence, &anchor.hash);
    }

    fn keep(&self, state: AuditState, reach: Reach) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.is_whole {
            kept.know(state.last, &state.head);
        }
        match reach.newest {
            None => kept.all = Some(state),
            Some(RECENT) => kept.recent = Some(state),
            Some(_) => kept.newest = Some(state),
        }
    }

    /// What all walks found, as one: of the older lines what was found when they were last walked.
    fn known(&self) -> Option<AuditState> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut known = kept.newest.clone()?;
        for older in [&kept.recent, &kept.all].into_iter().flatten() {
            let begin = known.first.unwrap_or(i64::MAX);
            if older.first.is_some_and(|first| first < begin) {
                let faults = older.faults.iter().filter(|fault| fault.until.is_some_and(|until| until < begin));
                known.faults = faults.cloned().chain(known.faults).take(AuditState::MOST_FAULTS).collect();
                (known.first, known.since, known.count) = (older.first, older.since, older.count.max(known.count));
            }
            known.all_checked_at = known.all_checked_at.or(older.all_checked_at);
        }
        known.is_whole = known.faults.is_empty();
        Some(known)
    }
}

impl Auth {
    /// Verifies for ever.
    pub async fn watch_audit_log(self) {
        for hour in 0_u64.. {
            tokio::time::sleep(HOUR).await;
            let newest = (!hour.is_multiple_of(HOURS)).then_some(RECENT);
            match self.walk_audit_log(Reach { newest, rest: REST }).await {
                Ok(state) if state.is_whole => {}
                Ok(state) => tracing::error!(
                    faults = state.faults.len(),
                    first = state.faults.first().and_then(|fault| fault.sequence),
                    "the audit log is not whole; `keywright audit verify` says where"
                ),
                Err(error) => tracing::warn!(%error, "the audit log cannot be verified; it goes on in an hour"),
            }
        }
    }

    /// What is known of the log; its newest lines are walked once more when that is older than ten seconds.
    pub(crate) async fn audit_state_now(&self) -> Result<AuditState> {
        let now = self.now();
        let fresh = self.audit_watch.known().filter(|state| state.checked_at.plus_seconds(FRESH) > now);
        if let Some(state) = fresh {
            return Ok(state);
        }
        let state = self.walk_audit_log(Reach { newest: Some(NEWEST), rest: Duration::ZERO }).await?;
        Ok(self.audit_watch.known().unwrap_or(state))
    }

    async fn walk_audit_log(&self, reach: Reach) -> Result<AuditState> {
        let state = verify(self, reach, self.audit_watch.head().as_ref()).await?;
        self.audit_watch.keep(state.clone(), reach);
        Ok(state)
    }
}
