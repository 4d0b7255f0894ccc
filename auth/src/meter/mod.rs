//! What the engine counts of itself, for whoever watches it: in memory, of this node, since its start. What it means and what
//! to do about it is in docs/operations/monitoring.md.

mod counters;
mod histogram;
mod labels;

use std::sync::atomic::{AtomicU64, Ordering};

pub use counters::{Counters, Label};
pub use histogram::{BOUNDS, Durations, Histogram};
pub use labels::{JobKind, JobOutcome, LimitedAct, RefreshOutcome, SignInOutcome, SignInWay};

use crate::password::pool::HashMeter;
use crate::{Auth, Result, Timestamp};

/// What is counted.
#[derive(Default)]
pub struct Meters {
    /// Ways in, and what they led to.
    pub sign_ins: Counters<(SignInWay, SignInOutcome)>,
    /// Refresh tokens that were presented.
    pub refreshes: Counters<RefreshOutcome>,
    /// Tries to deliver what was promised.
    pub jobs: Counters<(JobKind, JobOutcome)>,
    reused: AtomicU64,
}

/// Work of one kind that waits, on all nodes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// How many wait, those that failed and are tried again included.
    pub all: i64,
    /// How many of them are overdue.
    pub due: i64,
    /// Milliseconds since the eldest of them was promised.
    pub oldest_ms: i64,
}

impl Meters {
    /// Notes that a refresh token was used again after its time: two have it.
    pub(crate) fn note_reuse(&self) {
        self.reused.fetch_add(1, Ordering::Relaxed);
    }

    /// How often that was.
    pub fn reused(&self) -> u64 {
        self.reused.load(Ordering::Relaxed)
    }
}

impl Auth {
    /// What is counted.
    pub fn meters(&self) -> &Meters {
        &self.meters
    }

    /// Passwords that waited for a thread.
    pub fn hash_meter(&self) -> &HashMeter {
        self.hashes.meter()
    }

    /// How many wait for a thread, and how many may.
    pub fn hash_queue(&self) -> (usize, usize) {
        self.hashes.depth()
    }

    /// What was refused by limits.
    pub fn limited(&self) -> &Counters<LimitedAct> {
        self.limits.refused()
    }

    /// Since when the key signs that signs now; none without one.
    pub fn signs_since(&self) -> Option<Timestamp> {
        self.access_tokens.signs_since(self.now())
    }

    /// What waits of each kind, on all nodes; and jobs that were given up.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn waiting_work(&self) -> Result<(Vec<(JobKind, Waiting)>, i64)> {
        let now = self.now();
        let age = |at: Timestamp| (now.0 - at.0).max(0);
        let mut work: Vec<(JobKind, Waiting)> =
            JobKind::all().into_iter().map(|kind| (kind, Waiting::default())).collect();
        let jobs = self.store.waiting_jobs(now).await?.into_iter().map(|row| {
            (JobKind::of_job(&row.kind), Waiting { all: row.waiting, due: row.due, oldest_ms: age(row.oldest_at) })
        });
        let mut rows: Vec<_> = jobs.collect();
        if let Some((all, due, oldest_at)) = self.store.waiting_deliveries(now).await? {
            rows.push((JobKind::Webhook, Waiting { all, due, oldest_ms: age(oldest_at) }));
        }
        for (kind, row) in rows {
            for (_, sum) in work.iter_mut().filter(|(of, _)| *of == kind) {
                let oldest_ms = sum.oldest_ms.max(row.oldest_ms);
                *sum = Waiting { all: sum.all + row.all, due: sum.due + row.due, oldest_ms };
            }
        }
        Ok((work, self.store.dead_jobs().await?))
    }
}
