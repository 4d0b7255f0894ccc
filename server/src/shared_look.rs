//! One look for all who ask at about the same time: a flood of questions costs no more than four looks a second.

use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// How old an answer may be that is given again.
const FRESH: Duration = Duration::from_millis(250);

/// What the last look saw; cheap to clone.
#[derive(Clone, Default)]
pub struct SharedLook(Arc<Mutex<Option<Seen>>>);

#[derive(Clone, Copy)]
struct Seen {
    at: Instant,
    is_well: bool,
}

impl SharedLook {
    /// Whether all is well: by the last look, while it is fresh, and else by another one. That goes on when whoever began it
    /// stops waiting, because others wait for it, too.
    pub async fn is_well<F>(&self, look: impl FnOnce() -> F) -> bool
    where
        F: Future<Output = bool> + Send + 'static,
    {
        let mut last = Arc::clone(&self.0).lock_owned().await;
        if let Some(seen) = *last
            && seen.at.elapsed() < FRESH
        {
            return seen.is_well;
        }
        let look = look();
        let looking = tokio::spawn(async move {
            let is_well = look.await;
            *last = Some(Seen { at: Instant::now(), is_well });
            is_well
        });
        // One that panicked saw nothing good.
        looking.await.unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::task::JoinSet;
    use tokio::time::{advance, sleep, timeout};

    /// How long a look takes.
    const LOOK: Duration = Duration::from_millis(100);

    /// Something to look at, and how often it was.
    #[derive(Clone, Default)]
    struct Seldom {
        shared: SharedLook,
        looks: Arc<AtomicUsize>,
    }

    impl Seldom {
        /// Asks; the first look finds nothing well, and all after it do.
        async fn ask(self) -> bool {
            let looks = Arc::clone(&self.looks);
            let look = || async move {
                let before = looks.fetch_add(1, Ordering::Relaxed);
                sleep(LOOK).await;
                before > 0
            };
            self.shared.is_well(look).await
        }

        fn looks(&self) -> usize {
            self.looks.load(Ordering::Relaxed)
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_flood_of_questions_is_answered_by_one_look() {
        let seldom = Seldom::default();
        let mut asked: JoinSet<bool> = (0..1000).map(|_| seldom.clone().ask()).collect();
        while let Some(is_well) = asked.join_next().await {
            assert!(!is_well.unwrap(), "all hear what the first look saw");
        }
        assert_eq!(seldom.looks(), 1);
        advance(FRESH).await;
        assert!(seldom.clone().ask().await, "the control: after a moment it is looked again");
        assert_eq!(seldom.looks(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_look_serves_others_when_whoever_began_it_is_gone() {
        let seldom = Seldom::default();
        assert!(timeout(LOOK / 2, seldom.clone().ask()).await.is_err(), "it did not wait");
        assert!(!seldom.clone().ask().await, "the first look went on");
        assert_eq!(seldom.looks(), 1);
    }
}
