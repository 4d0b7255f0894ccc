//! Listening to one request. Whoever began to listen is found by the task that the request runs in, so
//! that no flow has to hand anything on.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::{Exchange, Message, Step, TimedStep};
use crate::Timestamp;
use crate::id::{SessionId, UserId};

/// Steps of one request that are kept.
const MOST_STEPS: usize = 32;

tokio::task_local! {
    static CURRENT: Arc<Recording>;
}

/// Notes a step of the request at hand, if somebody listens; otherwise it is not even made.
pub fn note(step: impl FnOnce() -> Step) {
    let _ = CURRENT.try_with(|recording| recording.add(step()));
}

/// Notes the body of the request at hand, if somebody listens. What is secret has been taken out.
pub fn note_body(body: impl FnOnce() -> String) {
    let _ = CURRENT.try_with(|recording| recording.notes().exchange.request.set_body(&body()));
}

/// What is noted of one request.
pub struct Recording(Mutex<Notes>);

struct Notes {
    exchange: Exchange,
    began: Instant,
    last: Instant,
    owner: Option<(SessionId, UserId)>,
}

impl Recording {
    /// Begins with a request.
    pub fn begin(at: Timestamp, request: Message) -> Arc<Self> {
        let began = Instant::now();
        let exchange = Exchange { at, request, steps: Vec::new(), answer: Message::default(), micros: 0 };
        Arc::new(Self(Mutex::new(Notes { exchange, began, last: began, owner: None })))
    }

    /// Listens while `act` runs.
    pub async fn around<F: Future>(self: &Arc<Self>, act: F) -> F::Output {
        CURRENT.scope(Arc::clone(self), act).await
    }

    /// Ends with the answer.
    pub fn end(&self, answer: Message) {
        let mut notes = self.notes();
        notes.exchange.micros = micros(notes.began.elapsed());
        notes.exchange.answer = answer;
    }

    /// The exchange, with the session it made; none when it made none.
    pub(super) fn made(&self) -> Option<(SessionId, UserId, Exchange)> {
        let notes = self.notes();
        let (session, user) = notes.owner.clone()?;
        Some((session, user, notes.exchange.clone()))
    }

    fn add(&self, step: Step) {
        let now = Instant::now();
        let mut notes = self.notes();
        let micros = micros(now.duration_since(notes.last));
        notes.last = now;
        if let Step::SessionWritten { session, user, .. } = &step {
            notes.owner = Some((session.clone(), user.clone()));
        }
        if notes.exchange.steps.len() < MOST_STEPS {
            notes.exchange.steps.push(TimedStep { step, micros });
        }
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn micros(elapsed: Duration) -> u64 {
    u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recording() -> Arc<Recording> {
        Recording::begin(Timestamp(0), Message::default())
    }

    fn session_written() -> Step {
        Step::SessionWritten { session: SessionId("s".into()), user: UserId("u".into()), at_once: false }
    }

    #[tokio::test]
    async fn what_a_task_does_is_noted_in_its_own_recording_and_in_bounds() {
        let (one, other) = (recording(), recording());
        one.around(async {
            note(session_written);
            tokio::task::yield_now().await;
            for _ in 0..100 {
                note(|| Step::AccountRead);
            }
        })
        .await;
        other.around(async { note(|| Step::Committed) }).await;
        one.end(Message::default());
        let (session, user, exchange) = one.made().unwrap();
        assert_eq!((session.as_str(), user.as_str(), exchange.steps.len()), ("s", "u", MOST_STEPS));
        assert!(other.made().is_none(), "no session, nobody to tell");
    }

    #[tokio::test]
    async fn where_nobody_listens_a_step_is_not_even_made() {
        note(|| panic!("nobody listens"));
        note_body(|| panic!("nobody listens"));
    }
}
