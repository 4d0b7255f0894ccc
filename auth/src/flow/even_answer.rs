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

/// How long reads before the hashes took. It is taken off the wait, so that the row of a known address that
/// was read shows no more than what follows.
#[derive(Default)]
pub(super) struct Reads(Duration);

impl Reads {
    /// Reads, and remembers how long that took.
    pub(super) async fn time<T>(&mut self, read: impl Future<Output = T>) -> T {
        let began = Instant::now();
        let found = read.await;
        self.0 += began.elapsed();
        found
    }

    /// An answer that leaves as long after now as if the reads had cost nothing.
    pub(super) fn even_answer(&self) -> EvenAnswer {
        EvenAnswer(Instant::now() + FLOOR.saturating_sub(self.0))
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
    async fn reads_before_do_not_show_and_hashes_are_not_hidden() {
        for (read, hash) in [(0, 0), (1, 0), (5, 0), (0, 33), (3, 33), (11, 33)] {
            let (began, mut reads) = (Instant::now(), Reads::default());
            reads.time(tokio::time::sleep(Duration::from_millis(read))).await;
            tokio::time::sleep(Duration::from_millis(hash)).await;
            let answer = reads.even_answer();
            tokio::time::sleep(Duration::from_millis(4)).await;
            answer.wait().await;
            assert_eq!(began.elapsed(), FLOOR + Duration::from_millis(hash), "{read} ms of reads");
        }
    }
}
