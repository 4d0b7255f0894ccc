//! Answers that must not tell by their time whether an address has an account (ASVS 5.0, 6.3.8).
//!
//! What is done for both differs by some microseconds: a row is found or not, a line is inserted or
//! changed, an index is longer. Two thousand questions would tell. So the answer waits for a moment
//! that does not depend on what was found. Hashes are even by themselves and stand before it.

use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// Longer than the work of nearly every answer, and shorter than anybody notices.
const FLOOR: Duration = Duration::from_millis(20);

/// The moment an answer may leave.
pub(super) struct EvenAnswer(Instant);

/// The moment a question came.
pub(super) struct Arrival(Instant);

impl Arrival {
    /// Now.
    pub(super) fn now() -> Self {
        Self(Instant::now())
    }

    /// An answer that leaves whole steps after the question, and at least one from now: what came
    /// before, such as the row of a known address that was read, shows no more than what follows.
    pub(super) fn even_answer(&self) -> EvenAnswer {
        let step = FLOOR.as_millis();
        let steps = u32::try_from(self.0.elapsed().as_millis() / step).unwrap_or(u32::MAX - 2) + 2;
        EvenAnswer(self.0 + FLOOR * steps)
    }
}

impl EvenAnswer {
    /// Counts from now.
    pub(super) fn begin() -> Self {
        Self(Instant::now() + FLOOR)
    }

    /// Waits for the moment.
    pub(super) async fn wait(self) {
        sleep_until(self.0).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn short_and_shorter_work_end_at_the_same_moment() {
        for work in [0, 3, 15] {
            let (began, answer) = (Instant::now(), EvenAnswer::begin());
            tokio::time::sleep(Duration::from_millis(work)).await;
            answer.wait().await;
            assert_eq!(began.elapsed(), FLOOR, "{work} ms of work");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_came_before_does_not_show_either() {
        for before in [0, 4, 19] {
            let (began, arrival) = (Instant::now(), Arrival::now());
            tokio::time::sleep(Duration::from_millis(before)).await;
            let answer = arrival.even_answer();
            tokio::time::sleep(Duration::from_millis(3)).await;
            answer.wait().await;
            assert_eq!(began.elapsed(), 2 * FLOOR, "{before} ms before");
        }
    }
}
