//! The small set of ended sessions that makes revocation immediate without a read per request.
//!
//! A session ended here is refused at once; one ended on another node within a second, because
//! every node looks for newly ended sessions twice a second. Entries leave when the last access
//! token of their session is over.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use crate::id::SessionId;
use crate::{Auth, Timestamp};

/// How often the database is asked for sessions that other nodes ended.
const INTERVAL: Duration = Duration::from_millis(500);
/// How far back each look reaches, so that clocks of nodes may differ and commits may be late.
const OVERLAP_SECONDS: i64 = 30;

/// Ended sessions whose access tokens may still be in use.
#[derive(Default)]
pub struct Revocations(RwLock<HashMap<SessionId, Timestamp>>);

impl Revocations {
    /// Whether the session was ended.
    pub fn contains(&self, id: &SessionId) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).contains_key(id)
    }

    /// Notes that the session was ended.
    pub fn insert(&self, id: SessionId, ended_at: Timestamp) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(id, ended_at);
    }

    fn forget_before(&self, moment: Timestamp) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).retain(|_, ended_at| *ended_at >= moment);
    }
}

impl Auth {
    /// Learns once what other nodes ended.
    ///
    /// # Errors
    /// When the database cannot be asked; what was known stays known.
    pub async fn learn_revocations(&self, since: Timestamp) -> crate::Result<()> {
        for (id, ended_at) in self.store.sessions_ended_since(since).await? {
            self.revocations.insert(id, ended_at);
        }
        Ok(())
    }

    /// Learns what other nodes end, for ever.
    pub async fn watch_revocations(self) {
        let lifetime = self.lifetimes.access + OVERLAP_SECONDS;
        let mut since = self.now().minus_seconds(lifetime);
        loop {
            let asked_at = self.now();
            match self.learn_revocations(since).await {
                Ok(()) => since = asked_at.minus_seconds(OVERLAP_SECONDS),
                Err(error) => tracing::warn!(%error, "cannot learn which sessions other nodes ended"),
            }
            self.revocations.forget_before(asked_at.minus_seconds(lifetime));
            tokio::time::sleep(INTERVAL).await;
        }
    }
}
