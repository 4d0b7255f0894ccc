//! Doing again what others stood in the way of.
//!
//! Two that change several rows, each in an order of its own, may wait for each other; PostgreSQL ends one of them then, and
//! nothing of it happened. Who works in the background has nobody who asks once more, and asks by itself.

use std::time::Duration;

use crate::{ErrorCode, Result};

/// How long the others are left alone.
const PAUSE: Duration = Duration::from_millis(100);

/// Does it until it is not refused with [`ErrorCode::Busy`], at most so many times.
///
/// # Errors
/// Those of the work: the first that is another one, or the last.
pub(crate) async fn until_free<T, Work>(tries: u32, mut work: impl FnMut() -> Work) -> Result<T>
where
    Work: Future<Output = Result<T>>,
{
    for _ in 1..tries {
        match work().await {
            Err(error) if error.refusal().code == ErrorCode::Busy => tokio::time::sleep(PAUSE).await,
            outcome => return outcome,
        }
    }
    work().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;
    use tokio::time::Instant;

    type Answer = std::result::Result<u32, ErrorCode>;

    /// What becomes of work that is answered with these, and how often it was tried.
    async fn tried(tries: u32, answers: &[Answer]) -> (Answer, usize) {
        let mut count = 0;
        let done = until_free(tries, || {
            let answer = answers[count];
            count += 1;
            async move { answer.map_err(Error::from) }
        });
        let done = done.await.map_err(|error| error.refusal().code);
        (done, count)
    }

    #[tokio::test(start_paused = true)]
    async fn who_was_in_the_way_is_waited_for() {
        let (busy, begun) = (Err(ErrorCode::Busy), Instant::now());
        assert_eq!(tried(5, &[busy, busy, Ok(7)]).await, (Ok(7), 3));
        assert!(begun.elapsed() >= 2 * PAUSE);
    }

    #[tokio::test(start_paused = true)]
    async fn it_comes_to_an_end_and_other_refusals_are_told_at_once() {
        let busy = Err(ErrorCode::Busy);
        assert_eq!(tried(3, &[busy; 4]).await, (busy, 3));
        assert_eq!(tried(3, &[Err(ErrorCode::Unavailable), Ok(7)]).await, (Err(ErrorCode::Unavailable), 1));
        assert_eq!(tried(1, &[busy, Ok(7)]).await, (busy, 1));
    }
}
