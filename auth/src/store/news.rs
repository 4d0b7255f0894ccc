//! What nodes on one PostgreSQL tell each other the moment it lasts (`LISTEN` and `NOTIFY`): that there is something to
//! learn, and never what. Whoever hears it reads the rows. So a message that gets lost costs time and nothing else: every
//! node looks at the rows from time to time in any case.

use std::time::{Duration, Instant};

use sqlx::postgres::PgListener;
use tokio::sync::Notify;
use tokio::time::timeout;

use super::{Result, Store};

/// The name under which everything is told.
pub(super) const CHANNEL: &str = "keywright";
/// Between two looks, however much is told: many ends in a row cost some looks and not as many.
const PAUSE: Duration = Duration::from_millis(200);
/// How long nothing is heard before the connection is asked whether it is alive.
const SILENCE: Duration = Duration::from_secs(30);
/// How long the answer may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// Before the connection is made anew: at first, and at most. It doubles in between.
const REST: Duration = Duration::from_millis(500);
const LONGEST_REST: Duration = Duration::from_secs(30);

/// What there is to learn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Topic {
    /// Sessions that ended, and rights that changed: also by a suspension.
    Revocations,
    /// Keys that sign access tokens.
    Keys,
    /// The policies in force.
    Policies,
}

impl Topic {
    /// Every one of them.
    pub(super) const ALL: [Self; 3] = [Self::Revocations, Self::Keys, Self::Policies];

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Revocations => "revocations",
            Self::Keys => "keys",
            Self::Policies => "policies",
        }
    }
}

/// Where those who look at the rows wait for the next look.
pub(crate) struct News {
    waiting: [Notify; Topic::ALL.len()],
    looks_every: Duration,
}

impl News {
    pub(super) fn new(looks_every: Duration) -> Self {
        Self { waiting: std::array::from_fn(|_| Notify::new()), looks_every }
    }

    /// Waits until it is time to look at the rows again: when another node told of them, and from time to time.
    pub(crate) async fn next_look(&self, topic: Topic) {
        let pause = PAUSE.min(self.looks_every);
        tokio::time::sleep(pause).await;
        let _ = timeout(self.looks_every.saturating_sub(pause), self.of(topic).notified()).await;
    }

    /// Whatever is told meanwhile is kept for who is looking now.
    fn wake(&self, topic: Topic) {
        self.of(topic).notify_one();
    }

    fn of(&self, topic: Topic) -> &Notify {
        &self.waiting[topic as usize]
    }

    /// What this program does not know is of a newer one.
    fn hear(&self, told: &str) {
        if let Some(topic) = Topic::ALL.into_iter().find(|topic| topic.as_str() == told) {
            self.wake(topic);
        }
    }
}

impl Store {
    /// Where to wait for the next look.
    pub(crate) fn news(&self) -> &News {
        &self.news
    }

    /// Hears what other nodes tell, for ever; returns at once on SQLite, which has one node. A connection that is cut is
    /// made anew, each time later, and at once when a database that was gone is back; until then the looks from time to time
    /// are all there is.
    pub(crate) async fn hear_news(&self) {
        let mut rest = REST;
        while let Some(url) = self.write.postgres_url() {
            let begun = Instant::now();
            match self.hear_until_cut(&url).await {
                Ok(()) => tracing::info!("the connection that hears other nodes was cut; it is made anew"),
                Err(error) => tracing::warn!(%error, "other nodes are not heard; what they do is learned by looking"),
            }
            rest = if begun.elapsed() > LONGEST_REST { REST } else { rest };
            let is_back = rest_for(rest, || self.write.is_gone()).await;
            rest = if is_back { REST } else { (rest * 2).min(LONGEST_REST) };
        }
    }

    async fn hear_until_cut(&self, url: &str) -> Result<()> {
        let mut listener = PgListener::connect(url).await?;
        // Anew with the password of then, and after a rest.
        listener.eager_reconnect(false);
        listener.listen(CHANNEL).await?;
        // What happened before was not told to this connection.
        for topic in Topic::ALL {
            self.news.wake(topic);
        }
        loop {
            match timeout(SILENCE, listener.try_recv()).await {
                Ok(Ok(Some(told))) => self.news.hear(told.payload()),
                Ok(Ok(None)) => return Ok(()),
                Ok(Err(error)) => return Err(error),
                Err(_) => {
                    let asked = timeout(PATIENCE, sqlx::query("SELECT 1").execute(&mut listener)).await;
                    asked.map_err(|_| sqlx::Error::PoolTimedOut)??;
                }
            }
        }
    }
}

/// Rests for so long, and no longer than until a database that was gone is back; whether it is. Others ask for it twice a second.
async fn rest_for(long: Duration, is_gone: impl Fn() -> bool) -> bool {
    let (mut left, mut was_gone) = (long, is_gone());
    while !left.is_zero() {
        let step = REST.min(left);
        tokio::time::sleep(step).await;
        left = left.saturating_sub(step);
        let is_still = is_gone();
        if was_gone && !is_still {
            return true;
        }
        was_gone = is_still;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    const LONG: Duration = Duration::from_secs(3600);

    #[tokio::test]
    async fn who_waits_for_a_topic_looks_when_it_is_told_and_not_for_another() {
        let news = News::new(LONG);
        news.hear("keys");
        news.hear("what a later version tells");
        assert!(timeout(2 * PAUSE, news.next_look(Topic::Policies)).await.is_err(), "nobody told of policies");
        timeout(5 * PAUSE, news.next_look(Topic::Keys)).await.expect("it was told before anybody waited");
        assert!(timeout(2 * PAUSE, news.next_look(Topic::Keys)).await.is_err(), "and it was told once");
    }

    #[tokio::test]
    async fn without_news_a_look_comes_in_time() {
        let news = News::new(Duration::from_millis(20));
        timeout(LONG, news.next_look(Topic::Revocations)).await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_long_rest_ends_when_the_database_is_back_and_a_pooler_without_news_is_not_asked_all_the_time() {
        let begun = tokio::time::Instant::now();
        let asked = Cell::new(0);
        let is_gone = || {
            asked.set(asked.get() + 1);
            (3..6).contains(&asked.get())
        };
        assert!(rest_for(LONGEST_REST, is_gone).await);
        assert!(begun.elapsed() < 6 * REST, "{:?}", begun.elapsed());
        for is_gone in [false, true] {
            let begun = tokio::time::Instant::now();
            assert!(!rest_for(LONGEST_REST, || is_gone).await);
            assert!(begun.elapsed() >= LONGEST_REST, "nothing changed meanwhile");
        }
    }

    #[test]
    fn each_topic_has_a_place_and_a_name() {
        for (place, topic) in Topic::ALL.into_iter().enumerate() {
            assert_eq!(topic as usize, place, "{}", topic.as_str());
        }
    }
}
