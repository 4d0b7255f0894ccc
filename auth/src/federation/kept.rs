//! A document of a provider, kept for an hour. One question at a time: who comes meanwhile waits for the same answer.
//! After a failure nobody is asked for some seconds, and a copy of before goes on as long as the provider is down.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::anyhow;

use super::ProviderFault;
use crate::Timestamp;

/// Seconds that a copy is good.
const LIFE: i64 = 60 * 60;
/// Seconds that a copy is used while the provider is down.
const STALE_LIFE: i64 = 24 * 60 * 60;
/// Seconds between two questions for something newer.
const RENEWAL: i64 = 30;
/// Seconds without a question after a failure: a little more than a question takes.
const PAUSE: i64 = 10;

/// A document, or none yet. Whoever finds a good copy waits for nobody.
pub(super) struct Kept<T>(Arc<Shared<T>>);

struct Shared<T> {
    state: Mutex<State<T>>,
    /// Held by whoever asks.
    asking: tokio::sync::Mutex<()>,
}

struct State<T> {
    copy: Option<Known<T>>,
    failure: Option<Failure>,
    /// When something newer was last asked for.
    renewed_at: Option<Timestamp>,
}

struct Known<T> {
    document: Arc<T>,
    at: Timestamp,
}

struct Failure {
    at: Timestamp,
    is_invalid: bool,
    what: String,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        let state = Mutex::new(State { copy: None, failure: None, renewed_at: None });
        Self(Arc::new(Shared { state, asking: tokio::sync::Mutex::default() }))
    }
}

impl<T: Send + Sync + 'static> Kept<T> {
    /// The document. The question is put only when there is no good copy.
    pub(super) async fn get(
        &self,
        now: Timestamp,
        question: impl Future<Output = Result<T, ProviderFault>> + Send + 'static,
    ) -> Result<Arc<T>, ProviderFault> {
        match self.not_older_than(LIFE, now, question).await {
            Err(ProviderFault::Unavailable(error)) => {
                let Some(stale) = self.0.state().copy_within(STALE_LIFE, now) else {
                    return Err(ProviderFault::Unavailable(error));
                };
                tracing::warn!(error = format!("{error:#}"), "a provider is down; what it said before is used");
                Ok(stale)
            }
            answer => answer,
        }
    }

    /// The document anew, because something is not in it: at most twice a minute.
    pub(super) async fn renewed(
        &self,
        now: Timestamp,
        question: impl Future<Output = Result<T, ProviderFault>> + Send + 'static,
    ) -> Result<Arc<T>, ProviderFault> {
        {
            let mut state = self.0.state();
            if let (Some(at), Some(copy)) = (state.renewed_at, state.copy_within(STALE_LIFE, now))
                && is_within(at, RENEWAL, now)
            {
                return Ok(copy);
            }
            state.renewed_at = Some(now);
        }
        self.not_older_than(0, now, question).await
    }

    /// The question is put in a task of its own: whoever hangs up ends neither it nor the pause after it.
    async fn not_older_than(
        &self,
        seconds: i64,
        now: Timestamp,
        question: impl Future<Output = Result<T, ProviderFault>> + Send + 'static,
    ) -> Result<Arc<T>, ProviderFault> {
        if let Some(known) = self.0.known(seconds, now) {
            return known;
        }
        let shared = Arc::clone(&self.0);
        let asked = tokio::spawn(async move {
            let _turn = shared.asking.lock().await;
            match shared.known(seconds, now) {
                Some(known) => known,
                None => shared.keep(question.await, now),
            }
        });
        asked.await.unwrap_or_else(|error| Err(ProviderFault::Unavailable(error.into())))
    }
}

impl<T> Shared<T> {
    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known without asking: a copy that is young enough, or that a question failed a moment ago.
    fn known(&self, seconds: i64, now: Timestamp) -> Option<Result<Arc<T>, ProviderFault>> {
        let state = self.state();
        if let Some(document) = state.copy_within(seconds, now) {
            return Some(Ok(document));
        }
        let failure = state.failure.as_ref().filter(|failure| is_within(failure.at, PAUSE, now))?;
        Some(Err(failure.fault()))
    }

    fn keep(&self, answer: Result<T, ProviderFault>, now: Timestamp) -> Result<Arc<T>, ProviderFault> {
        let mut state = self.state();
        match answer {
            Ok(document) => {
                let document = Arc::new(document);
                (state.copy, state.failure) = (Some(Known { document: Arc::clone(&document), at: now }), None);
                Ok(document)
            }
            Err(fault) => {
                state.failure = Some(Failure::of(&fault, now));
                Err(fault)
            }
        }
    }
}

impl<T> State<T> {
    fn copy_within(&self, seconds: i64, now: Timestamp) -> Option<Arc<T>> {
        let copy = self.copy.as_ref().filter(|copy| is_within(copy.at, seconds, now))?;
        Some(Arc::clone(&copy.document))
    }
}

impl Failure {
    fn of(fault: &ProviderFault, at: Timestamp) -> Self {
        let (is_invalid, error) = match fault {
            ProviderFault::Invalid(error) => (true, error),
            ProviderFault::Unavailable(error) | ProviderFault::Refused(error) => (false, error),
        };
        Self { at, is_invalid, what: format!("{error:#}") }
    }

    fn fault(&self) -> ProviderFault {
        let error = anyhow!("it failed a moment ago: {}", self.what);
        if self.is_invalid { ProviderFault::Invalid(error) } else { ProviderFault::Unavailable(error) }
    }
}

/// A clock that was set back ends it.
fn is_within(at: Timestamp, seconds: i64, now: Timestamp) -> bool {
    now.seconds_since(at).abs() < seconds
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::{Ready, ready};
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn at(seconds: i64) -> Timestamp {
        Timestamp(1_800_000_000_000).plus_seconds(seconds)
    }

    fn good(said: u32) -> Ready<Result<u32, ProviderFault>> {
        ready(Ok(said))
    }

    fn down() -> Ready<Result<u32, ProviderFault>> {
        ready(Err(ProviderFault::Unavailable(anyhow!("down"))))
    }

    fn broken() -> Ready<Result<u32, ProviderFault>> {
        ready(Err(ProviderFault::Invalid(anyhow!("broken"))))
    }

    #[tokio::test]
    async fn a_copy_is_good_for_an_hour_and_for_a_day_while_the_provider_is_down() {
        let kept = Kept::default();
        assert_eq!(*kept.get(at(0), good(1)).await.unwrap(), 1);
        assert_eq!(*kept.get(at(LIFE - 1), good(2)).await.unwrap(), 1);
        assert_eq!(*kept.get(at(LIFE), down()).await.unwrap(), 1);
        assert!(matches!(kept.get(at(LIFE + PAUSE), broken()).await, Err(ProviderFault::Invalid(_))));
        assert_eq!(*kept.get(at(LIFE + 2 * PAUSE), good(3)).await.unwrap(), 3);
        assert!(kept.get(at(LIFE + 2 * PAUSE + STALE_LIFE), down()).await.is_err());
    }

    #[tokio::test]
    async fn after_a_failure_nobody_is_asked_for_some_seconds() {
        let kept = Kept::default();
        assert!(kept.get(at(0), down()).await.is_err());
        let again = kept.get(at(PAUSE - 1), good(1)).await;
        assert!(matches!(again, Err(ProviderFault::Unavailable(_))));
        assert_eq!(*kept.get(at(PAUSE), good(2)).await.unwrap(), 2);
        assert_eq!(*kept.renewed(at(PAUSE + 1), good(3)).await.unwrap(), 3, "keys may change at any moment");
        assert_eq!(*kept.renewed(at(PAUSE + RENEWAL), good(4)).await.unwrap(), 3, "it was just asked");
        assert_eq!(*kept.renewed(at(PAUSE + RENEWAL + 1), good(5)).await.unwrap(), 5);
        assert!(kept.renewed(at(PAUSE + 2 * RENEWAL + 1), down()).await.is_err(), "an old one is not newer");
    }

    #[tokio::test]
    async fn whoever_hangs_up_ends_neither_the_question_nor_the_pause() {
        let kept = Arc::new(Kept::default());
        let (go, wait) = tokio::sync::oneshot::channel::<()>();
        let question = async move {
            wait.await.ok();
            Err(ProviderFault::Unavailable(anyhow!("down")))
        };
        let asker = tokio::spawn({
            let kept = Arc::clone(&kept);
            async move { kept.get(at(0), question).await.map(|document: Arc<u32>| *document).is_ok() }
        });
        tokio::task::yield_now().await;
        asker.abort();
        go.send(()).unwrap();
        let next = kept.get(at(1), good(1)).await;
        assert!(matches!(next, Err(ProviderFault::Unavailable(_))), "the failure of the first is known");
    }

    #[tokio::test]
    async fn a_good_copy_waits_for_no_question() {
        let kept = Arc::new(Kept::default());
        kept.get(at(0), good(1)).await.unwrap();
        let (_go, wait) = tokio::sync::oneshot::channel::<()>();
        let slow = async move {
            wait.await.ok();
            Ok(2)
        };
        let renewing = tokio::spawn({
            let kept = Arc::clone(&kept);
            async move { kept.renewed(at(RENEWAL), slow).await.is_ok() }
        });
        tokio::task::yield_now().await;
        assert_eq!(*kept.get(at(RENEWAL + 1), good(3)).await.unwrap(), 1);
        renewing.abort();
    }

    #[tokio::test]
    async fn many_who_come_together_are_one_question() {
        let kept = Arc::new(Kept::default());
        let questions = Arc::new(AtomicUsize::new(0));
        let ask = || {
            let (kept, questions) = (Arc::clone(&kept), Arc::clone(&questions));
            tokio::spawn(async move {
                let question = async move {
                    questions.fetch_add(1, Ordering::SeqCst);
                    tokio::task::yield_now().await;
                    Ok(7_u32)
                };
                kept.get(at(0), question).await.map(|document| *document).ok()
            })
        };
        let tasks: Vec<_> = (0..20).map(|_| ask()).collect();
        for task in tasks {
            assert_eq!(task.await.unwrap(), Some(7));
        }
        assert_eq!(questions.load(Ordering::SeqCst), 1);
    }
}
