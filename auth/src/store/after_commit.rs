//! What this node knows of its own transactions the moment they last, and what it tells the others with them. Other nodes
//! learn it from the rows in any case, and so does this one when the answer to its commit got lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::news::{CHANNEL, Topic};
use super::transaction::OpenTransaction;
use super::{Result, TokenVersion};
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
    topics: Vec<Topic>,
    /// Lasts as long as the transaction.
    _step: tracing::Span,
}

impl AfterCommit {
    pub(super) fn new(told: &Arc<Told>) -> Self {
        Self { told: Arc::clone(told), versions: Vec::new(), topics: Vec::new(), _step: trace::step("transaction") }
    }

    pub(super) fn note(&mut self, version: TokenVersion) {
        self.versions.push(version);
        self.tell_others(Topic::Revocations);
    }

    /// Other nodes shall look at the rows of this topic once it lasts.
    pub(super) fn tell_others(&mut self, topic: Topic) {
        if !self.topics.contains(&topic) {
            self.topics.push(topic);
        }
    }

    /// Tells the others within the transaction: PostgreSQL delivers it with the commit, and never without. Only of what
    /// they must know at once: transactions that tell something commit one after the other.
    pub(super) async fn notify(&self, open: &mut OpenTransaction) -> Result<()> {
        if !matches!(open, OpenTransaction::Pooled(_)) {
            return Ok(());
        }
        for topic in &self.topics {
            sqlx::query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(topic.as_str()).execute(&mut **open).await?;
        }
        Ok(())
    }

    /// Tells it here. Call this after the commit: what was read before it must not pass for newer.
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
