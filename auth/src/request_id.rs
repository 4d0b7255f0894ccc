//! The request at hand, for whatever it leaves to be done later: found by the task it runs in, as a recording is, so that no
//! flow hands it on. A mail and what a webhook is told carry it to their lines in the log (ASVS 5.0, 16.2.1).

use crate::Auth;

tokio::task_local! {
    static REQUEST: String;
}

impl Auth {
    /// The id of a request that comes now. None is taken over from outside: whoever could choose it would write into the log.
    pub fn new_request_id(&self) -> String {
        self.random.request_id()
    }
}

/// Runs `act` within a request of this id. No `async fn`, which would make room for `act` twice.
pub fn within_request<F: Future>(id: String, act: F) -> impl Future<Output = F::Output> {
    REQUEST.scope(id, act)
}

/// The id of the request at hand; none where there is none, as for the command line and for what is done by the clock.
pub(crate) fn request_at_hand() -> Option<String> {
    REQUEST.try_with(Clone::clone).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_act_finds_its_own_request_and_no_other() {
        let within = |id: &str| within_request(id.to_owned(), async { request_at_hand() });
        let (one, other) = tokio::join!(within("one"), within("other"));
        assert_eq!((one.as_deref(), other.as_deref()), (Some("one"), Some("other")));
        assert_eq!(request_at_hand(), None, "none is at hand");
    }
}
