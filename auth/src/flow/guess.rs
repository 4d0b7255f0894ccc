//! A password that is being compared. It counts as wrong unless it proves right: also when whoever sent it goes away before
//! the answer. A right one is found after one hash and a wrong one after two, so who leaves in between knows enough.

use tokio::runtime::Handle;

use crate::limit::{LimitedRequest, SignInTry};
use crate::{Auth, Result};

/// The try of somebody who waits for its answer. Dropped, it is counted by a task of its own; its lanes are held until then.
pub(super) struct Guess {
    auth: Auth,
    /// None once it is known what came of it, and where nothing is limited.
    attempt: Option<SignInTry>,
}

impl Guess {
    /// Begins to compare.
    pub(super) fn at(auth: &Auth, attempt: SignInTry) -> Self {
        Self { auth: auth.clone(), attempt: auth.limits.are_on().then_some(attempt) }
    }

    /// It was right and leads to an end, or nothing was compared: no bucket hears of it.
    pub(super) fn forget(&mut self) {
        self.attempt = None;
    }

    /// It was right, and a factor is asked for: each question may end a sign-in of its owner that waits.
    pub(super) fn was_asked(&mut self) {
        self.attempt = self.attempt.take().map(SignInTry::of_address_alone);
    }

    /// Counts it. Once that has begun, it is done whoever goes away.
    pub(super) async fn count(mut self) -> Result<()> {
        match self.counting() {
            Some(counting) => tokio::spawn(counting).await.map_err(anyhow::Error::from)?,
            None => Ok(()),
        }
    }

    fn counting(&mut self) -> Option<impl Future<Output = Result<()>> + Send + use<>> {
        let (attempt, auth, request) = (self.attempt.take()?, self.auth.clone(), LimitedRequest::at_hand());
        Some(async move {
            let counting = attempt.was_wrong(&auth.limits);
            match request {
                Some(request) => request.around(counting).await,
                None => counting.await,
            }
        })
    }
}

impl Drop for Guess {
    fn drop(&mut self) {
        // None where the program ends.
        let Ok(runtime) = Handle::try_current() else { return };
        if let Some(counting) = self.counting() {
            runtime.spawn(async move {
                if let Err(error) = counting.await {
                    tracing::warn!(%error, "a password that was tried was not counted");
                }
            });
        }
    }
}
