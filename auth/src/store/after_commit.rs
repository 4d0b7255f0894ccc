//! What this node knows of its own transactions the moment they last. Other nodes learn it from the rows,
//! and so does this one when the answer to its commit got lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::TokenVersion;
use crate::session::Revocations;
use crate::trace;

/// What the transactions of this node told it.
#[derive(Default)]
pub(super) struct Told {
    commits: AtomicU64,
    pub(super) revocations: Arc<Revocations>,
}

impl Told {
    pub(super) fn commits(&self) -> u64 {
        self.commits.load(Ordering::Acquire)
    }
}

/// What a transaction tells when it lasts.
pub(super) struct AfterCommit {
    told: Arc<Told>,
    versions: Vec<TokenVersion>,
    /// Lasts as long as the transaction.
    _step: tracing::Span,
}

impl AfterCommit {
    pub(super) fn new(told: &Arc<Told>) -> Self {
        Self { told: Arc::clone(told), versions: Vec::new(), _step: trace::step("transaction") }
    }

    pub(super) fn note(&mut self, version: TokenVersion) {
        self.versions.push(version);
    }

    /// Tells it. Call this after the commit: what was read before it must not pass for newer.
    pub(super) fn tell(self, lasts: bool) {
        if lasts {
            for TokenVersion { user, version, at } in &self.versions {
                self.told.revocations.outdate(user, *version, *at);
            }
        }
        // Also when the database refused or its answer got lost: something may have happened.
        self.told.commits.fetch_add(1, Ordering::AcqRel);
    }
}
