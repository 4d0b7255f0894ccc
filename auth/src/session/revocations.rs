//! What makes revocation immediate without a read for each request: the sessions that ended and the users
//! whose rights changed while access tokens of before may still be in use (ASVS 5.0, 7.4.1).
//!
//! What happens on this node is known with its commit; what happens on another one within a second, because
//! it tells of it on PostgreSQL, and every node looks twice a second in any case. Entries leave when the last token they speak of is over, and not
//! before: also when no look succeeds.
//!
//! A million ended sessions take 36 MB (19 to 39 bytes each, as full as the tables are), and a million
//! users twice as much; `bench/src/revocations.rs` measures it.

use std::future::Future;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use uuid::Uuid;

use super::recent::Recent;
use crate::id::{SessionId, UserId};
use crate::store::{TokenVersion, Topic};
use crate::{Auth, Timestamp};

/// Every so many looks reach back over everything that may still matter: ten seconds at most.
const FAR_LOOKS: u32 = 20;
/// How long one answer is waited for: a connection that hangs must not hold up the next look.
const PATIENCE: Duration = Duration::from_secs(5);
/// How far back each look reaches, so that clocks of nodes may differ and commits may be late.
const OVERLAP_SECONDS: i64 = 30;
/// How much longer than an access token lives its end is remembered: the clocks of the node that issued
/// it, of the one that ended it and of this one may all differ, and so may what they read from them.
const MARGIN_SECONDS: i64 = 120;
/// Rows of one answer.
const BITE: i64 = 5000;

/// What ended or changed while access tokens of before may still be in use.
#[derive(Default)]
pub struct Revocations {
    ended: Recent<()>,
    versions: Recent<i64>,
    /// When the last look that succeeded began.
    learned_at: AtomicI64,
}

impl Revocations {
    /// Whether the session was ended.
    pub fn contains(&self, id: &SessionId) -> bool {
        // What is no id of ours was never a session.
        number(id.as_str()).is_none_or(|id| self.ended.any(id, |()| true))
    }

    /// Notes that the session was ended.
    #[expect(clippy::needless_pass_by_value, reason = "whoever ended a session has no more use for its id")]
    pub fn insert(&self, id: SessionId, ended_at: Timestamp) {
        if let Some(id) = number(id.as_str()) {
            self.ended.note(id, ended_at, ());
        }
    }

    /// Whether the rights of the user changed since they had this version.
    pub fn is_outdated(&self, user: &UserId, version: i64) -> bool {
        number(user.as_str()).is_none_or(|user| self.versions.any(user, |known| known > version))
    }

    /// Notes that the rights of the user have this version since then.
    pub fn outdate(&self, user: &UserId, version: i64, at: Timestamp) {
        if let Some(user) = number(user.as_str()) {
            self.versions.note(user, at, version);
        }
    }

    fn forget_before(&self, moment: Timestamp) {
        self.ended.forget_before(moment);
        self.versions.forget_before(moment);
    }
}

/// Ids are UUIDs; as numbers they need neither memory of their own nor a comparison of texts.
fn number(id: &str) -> Option<u128> {
    Uuid::try_parse(id).ok().map(|id| id.as_u128())
}

impl Auth {
    /// Learns once what other nodes ended and changed since then.
    ///
    /// # Errors
    /// When the database cannot be asked; what was known stays known.
    pub async fn learn_revocations(&self, since: Timestamp) -> crate::Result<()> {
        let asked_at = self.now();
        self.learn_ended_sessions(since).await?;
        self.learn_token_versions(since).await?;
        self.revocations.learned_at.store(asked_at.0, Ordering::Relaxed);
        Ok(())
    }

    /// Learns everything that may still matter. Call it before the first request is answered: what ended
    /// just before a restart stays ended.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn recall_revocations(&self) -> crate::Result<()> {
        self.learn_revocations(self.remembered_since()).await
    }

    /// When the last look at what other nodes ended began that succeeded; 1970 before the first. Older than
    /// a few seconds, this node does not know what the others did meanwhile.
    pub fn revocations_learned_at(&self) -> Timestamp {
        Timestamp(self.revocations.learned_at.load(Ordering::Relaxed))
    }

    /// Learns what other nodes end and change, for ever.
    pub async fn watch_revocations(self) {
        let (mut since, mut is_blind, mut looks) = (self.remembered_since(), false, 0_u32);
        loop {
            let asked_at = self.now();
            match self.learn_revocations(since).await {
                Ok(()) => {
                    looks = looks.wrapping_add(1);
                    // Now and then over everything: a commit that waited long for a lock bears an old
                    // moment, and a clock may have jumped.
                    let looks_far = looks.is_multiple_of(FAR_LOOKS);
                    since = if looks_far { self.remembered_since() } else { asked_at.minus_seconds(OVERLAP_SECONDS) };
                    if std::mem::take(&mut is_blind) {
                        tracing::info!("what other nodes ended is known again");
                    }
                }
                Err(error) => {
                    // Said once, and not twice a second.
                    if !std::mem::replace(&mut is_blind, true) {
                        tracing::warn!(%error, "cannot learn which sessions other nodes ended");
                    }
                }
            }
            self.revocations.forget_before(self.remembered_since());
            self.store.news().next_look(Topic::Revocations).await;
        }
    }

    /// No token that was issued before is accepted anywhere any more.
    fn remembered_since(&self) -> Timestamp {
        self.now().minus_seconds(self.lifetimes.access + MARGIN_SECONDS)
    }

    async fn learn_ended_sessions(&self, since: Timestamp) -> crate::Result<()> {
        let mut last = (since, String::new());
        loop {
            let ended = in_time(self.store.sessions_ended_after(last.0, &last.1, BITE)).await?;
            let Some((id, at)) = ended.last() else { return Ok(()) };
            last = (*at, id.0.clone());
            for (id, ended_at) in ended {
                self.revocations.insert(id, ended_at);
            }
        }
    }

    async fn learn_token_versions(&self, since: Timestamp) -> crate::Result<()> {
        let mut last = (since, String::new());
        loop {
            let changed = in_time(self.store.token_versions_after(last.0, &last.1, BITE)).await?;
            let Some(newest) = changed.last() else { return Ok(()) };
            last = (newest.at, newest.user.0.clone());
            for TokenVersion { user, version, at } in &changed {
                self.revocations.outdate(user, *version, *at);
            }
        }
    }
}

async fn in_time<T>(answer: impl Future<Output = crate::store::Result<T>>) -> crate::Result<T> {
    Ok(tokio::time::timeout(PATIENCE, answer).await.map_err(|_| sqlx::Error::PoolTimedOut)??)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    fn id(last: u32) -> String {
        format!("01890a5d-ac96-774b-bcce-b302{last:08x}")
    }

    #[test]
    fn an_ended_session_is_known_and_no_other() {
        let revocations = Revocations::default();
        revocations.insert(SessionId(id(1)), NOW);
        assert!(revocations.contains(&SessionId(id(1))));
        assert!(!revocations.contains(&SessionId(id(2))));
        assert!(!revocations.is_outdated(&UserId(id(1)), 0), "users have a table of their own");
    }

    #[test]
    fn tokens_of_before_a_change_are_over_and_those_of_after_it_are_not() {
        let revocations = Revocations::default();
        let user = UserId(id(1));
        revocations.outdate(&user, 2, NOW);
        assert_eq!([0, 1, 2, 3].map(|version| revocations.is_outdated(&user, version)), [true, true, false, false]);
        revocations.outdate(&user, 1, NOW.plus_seconds(1));
        assert!(revocations.is_outdated(&user, 1), "what is learned late takes nothing back");
    }

    #[test]
    fn what_is_no_id_is_refused() {
        let revocations = Revocations::default();
        for text in ["", "x", "01890a5d-ac96-774b-bcce-b30200000001 "] {
            revocations.insert(SessionId(text.into()), NOW);
            assert!(revocations.contains(&SessionId(text.into())), "{text:?}");
            assert!(revocations.is_outdated(&UserId(text.into()), 99), "{text:?}");
        }
    }

    #[test]
    fn entries_leave_when_they_are_too_old_and_not_before() {
        let revocations = Revocations::default();
        revocations.insert(SessionId(id(1)), NOW);
        revocations.outdate(&UserId(id(2)), 1, NOW);
        revocations.forget_before(NOW);
        assert!(revocations.contains(&SessionId(id(1))) && revocations.is_outdated(&UserId(id(2)), 0));
        revocations.forget_before(NOW.plus_seconds(300));
        assert!(!revocations.contains(&SessionId(id(1))) && !revocations.is_outdated(&UserId(id(2)), 0));
    }
}
