//! [`Me`] from memory, for programs that ask with every request.
//!
//! What is changed on this node is read at once: an entry counts while no transaction of this node was
//! committed since before it was read. What is changed on another node is read after half a second at the
//! latest. Whether the session was ended is asked before, of [`super::Revocations`]; when it ends by itself
//! is compared here.
//!
//! At most 4,096 entries of about 600 bytes, and as much again for each organization their person is in: 2.5 MB to 50.

use std::sync::Arc;

use super::Caller;
use crate::cache::Cache;
use crate::id::SessionId;
use crate::view::Me;
use crate::{Auth, Result, Timestamp};

/// How old an entry may be.
const MILLISECONDS: i64 = 500;
const MOST: usize = 4 * 1024;

/// What was read of people and their sessions a moment ago.
pub(crate) struct People(Cache<SessionId, Entry>);

#[derive(Clone)]
struct Entry {
    me: Arc<Me>,
    /// How many transactions this node had committed, and what time it was, before it was read.
    commits: u64,
    asked_at: Timestamp,
}

impl Default for People {
    fn default() -> Self {
        Self(Cache::new(MOST))
    }
}

impl Entry {
    fn counts(&self, commits: u64, now: Timestamp) -> bool {
        let is_over = self.me.session.as_ref().is_none_or(|session| session.expires_at <= now);
        let lives = !is_over && self.me.delete_at.is_none_or(|at| at > now);
        lives && self.commits == commits && (0..MILLISECONDS).contains(&(now.0 - self.asked_at.0))
    }
}

impl Auth {
    /// What the caller may see of their account and session, as it was at most half a second ago; what this
    /// node changed, as it is. For whatever decides or shows a change of another node, there is
    /// [`Auth::me`].
    ///
    /// # Errors
    /// [`crate::ErrorCode::SignedOut`] when the session ended meanwhile.
    pub async fn recent_me(&self, caller: &Caller) -> Result<Arc<Me>> {
        // Both before the database is asked: what is committed while it answers makes the answer old.
        let (commits, asked_at) = (self.store.commits(), self.now());
        let known = self.people.0.get(&caller.session_id).filter(|entry| entry.counts(commits, asked_at));
        if let Some(entry) = known {
            return Ok(entry.me);
        }
        let me = Arc::new(self.me(caller).await?);
        let entry = Entry { me: Arc::clone(&me), commits, asked_at };
        self.people.0.put(caller.session_id.clone(), entry);
        Ok(me)
    }
}
