//! What the request around an act tells that no flow is handed: found by the task it runs in, as a log would be.

use crate::Context;
use crate::id::UserId;

tokio::task_local! {
    static AROUND: Around;
}

/// The request around an act.
#[derive(Clone, Debug, Default)]
pub struct Around {
    /// How it came in: `page` or `api`; empty outside of a request, and where a page is made beside the request.
    pub method: &'static str,
    /// Who acts in the place of whoever is signed in.
    pub impersonator: Option<UserId>,
    /// From where it came.
    pub context: Option<Context>,
}

impl Around {
    /// Runs `act` within this request. No `async fn`, which would make room for `act` twice.
    pub fn run<F: Future>(self, act: F) -> impl Future<Output = F::Output> {
        AROUND.scope(self, act)
    }

    /// The request around the act at hand; an empty one where there is none, as for the command line.
    pub(crate) fn here() -> Self {
        AROUND.try_with(Clone::clone).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_act_finds_the_request_around_it_and_no_other() {
        let around = |name: &str| Around { impersonator: Some(UserId(name.into())), ..Around::default() };
        let who = || Around::here().impersonator.map(|id| id.0);
        let (one, other) = tokio::join!(around("ada").run(async { who() }), around("eve").run(async { who() }));
        assert_eq!((one.as_deref(), other.as_deref(), who()), (Some("ada"), Some("eve"), None));
    }
}
