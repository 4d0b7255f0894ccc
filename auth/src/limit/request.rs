//! What a request brings to the limits, and what they say of it. Found by the task it runs in, as a recording is: no flow
//! hands it on, and where there is none, as for the command line, nothing is brought and nobody is told.

use secrecy::SecretString;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::rule::{BucketState, Rule};
use crate::Timestamp;

tokio::task_local! {
    static REQUEST: Arc<LimitedRequest>;
}

/// A request around an act that has limits.
pub struct LimitedRequest {
    address: String,
    known_device: Option<SecretString>,
    notes: Mutex<Notes>,
}

#[derive(Default)]
struct Notes {
    solution: Option<SecretString>,
    told: Told,
}

/// What is told of the limits at the end.
#[derive(Default)]
pub struct Told {
    /// How the buckets stand that belong to whoever asked, in the order of their policies.
    pub standings: Vec<Standing>,
    /// For the cookie of a device that an account knows from now on.
    pub known_device: Option<SecretString>,
}

/// How a bucket stands, for the fields `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// What is counted.
    pub policy: &'static str,
    /// Tries without a wait.
    pub quota: i64,
    /// Seconds in which all of them come back.
    pub window: i64,
    /// How many are left.
    pub left: i64,
    /// Seconds until there are more: until a try is looked at again, else until all have come back.
    pub reset: i64,
}

impl Standing {
    pub(super) fn of(policy: &'static str, rule: &Rule, state: &BucketState, now: Timestamp) -> Self {
        let until = if state.is_blocked(now) { state.blocked_until } else { state.recovered_at };
        let reset = seconds_until(until, now);
        Self { policy, quota: rule.free, window: rule.window(), left: rule.left(state, now), reset }
    }
}

/// Whole seconds from now, rounded up.
pub(super) const fn seconds_until(at: i64, now: Timestamp) -> i64 {
    if at <= now.0 { 0 } else { (at - now.0 + 999) / 1000 }
}

impl LimitedRequest {
    /// A request from an address, with the cookie of a known device.
    pub fn new(address: &str, known_device: Option<SecretString>) -> Arc<Self> {
        Arc::new(Self { address: address.to_owned(), known_device, notes: Mutex::default() })
    }

    /// The request at hand, for a task that goes on when it has ended.
    pub(crate) fn at_hand() -> Option<Arc<Self>> {
        REQUEST.try_with(Arc::clone).ok()
    }

    /// Runs `act` within this request.
    pub async fn around<F: Future>(self: &Arc<Self>, act: F) -> F::Output {
        REQUEST.scope(Arc::clone(self), act).await
    }

    /// Takes what was told.
    pub fn told(&self) -> Told {
        std::mem::take(&mut self.notes().told)
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Brings the solution of a challenge, read from a form or a body. An empty one is none.
pub fn bring_solution(solution: &str) {
    if !solution.is_empty() {
        let _ = REQUEST.try_with(|request| request.notes().solution = Some(SecretString::from(solution)));
    }
}

/// The address that the request at hand comes from; empty where there is none.
pub(super) fn address() -> String {
    REQUEST.try_with(|request| request.address.clone()).unwrap_or_default()
}

/// The cookie of a known device.
pub(super) fn known_device() -> Option<SecretString> {
    REQUEST.try_with(|request| request.known_device.clone()).ok().flatten()
}

/// Takes the solution: it is good for one act.
pub(super) fn take_solution() -> Option<SecretString> {
    REQUEST.try_with(|request| request.notes().solution.take()).ok().flatten()
}

/// Tells how buckets stand, in the place of what was told of the same before.
pub(super) fn tell(standings: impl IntoIterator<Item = Standing>) {
    let _ = REQUEST.try_with(|request| {
        let mut notes = request.notes();
        for standing in standings {
            notes.told.standings.retain(|told| told.policy != standing.policy);
            notes.told.standings.push(standing);
        }
    });
}

/// Tells the cookie of a device that is known from now on.
pub(super) fn tell_known_device(cookie: SecretString) {
    let _ = REQUEST.try_with(|request| request.notes().told.known_device = Some(cookie));
}

/// Whether anybody could be told.
pub(super) fn is_there() -> bool {
    REQUEST.try_with(|_| ()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_brought_is_found_once_and_what_is_told_is_kept() {
        let request = LimitedRequest::new("192.0.2.1", None);
        let standing = Standing { policy: "p", quota: 5, window: 60, left: 4, reset: 12 };
        request
            .around(async {
                bring_solution("one");
                assert!(take_solution().is_some());
                assert!(take_solution().is_none(), "one solution is for one act");
                assert_eq!(address(), "192.0.2.1");
                tell([standing]);
                tell([Standing { left: 3, ..standing }]);
            })
            .await;
        assert_eq!(request.told().standings, [Standing { left: 3, ..standing }]);
        assert!(!is_there() && address().is_empty() && known_device().is_none());
    }

    #[test]
    fn seconds_are_rounded_up() {
        assert_eq!([0, 1, 1000, 1001].map(|at| seconds_until(at, Timestamp(0))), [0, 1, 1, 2]);
    }
}
