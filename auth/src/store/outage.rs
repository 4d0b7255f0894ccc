//! Whether PostgreSQL can be connected to, as far as those know who asked last. While it cannot, nobody waits for long: a
//! thousand requests that wait ten seconds each would keep the house full, and hear no more for it. The next one that gets
//! a connection ends the outage; nodes ask twice a second for what others did, so that is soon.

use std::io;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sqlx::any::AnyConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

/// Whoever asked got a connection.
const NONE: u8 = 0;
/// Nobody did, because all of them are in use.
const STUCK: u8 = 1;
/// Nobody did, because there is no database.
const GONE: u8 = 2;
/// How long the server may take to let somebody in.
const PATIENCE: Duration = Duration::from_secs(2);
/// For how long one that is over counts: longer than an honest client may repeat itself.
const LATELY: Duration = Duration::from_secs(60);

/// Why nobody gets a connection.
#[derive(Default)]
pub(super) struct Outage {
    why: AtomicU8,
    times: Mutex<Times>,
}

#[derive(Default)]
struct Times {
    /// Since when there is no database.
    began: Option<Instant>,
    /// The last one that is over: its beginning and its end.
    last: Option<(Instant, Instant)>,
}

impl Outage {
    /// Whether there is none.
    pub(super) fn is_over(&self) -> bool {
        self.why.load(Ordering::Relaxed) == NONE
    }

    /// Whether there is no database.
    pub(super) fn is_gone(&self) -> bool {
        self.why.load(Ordering::Relaxed) == GONE
    }

    /// Somebody got a connection.
    pub(super) fn end(&self) {
        // Asked by everybody, and hardly ever so.
        if self.is_over() {
            return;
        }
        self.why.store(NONE, Ordering::Relaxed);
        let mut times = self.times();
        if let Some(began) = times.began.take() {
            times.last = Some((began, Instant::now()));
        }
    }

    /// There is no database, as somebody found who asked for it at that moment.
    pub(super) fn begin(&self, asked: Instant) {
        self.why.store(GONE, Ordering::Relaxed);
        let mut times = self.times();
        // One that went on a moment later is the same: a server that starts lets in one and refuses another.
        let before = times.last.filter(|(_, ended)| ended.elapsed() <= LATELY).map(|(began, _)| began);
        times.began.get_or_insert(before.unwrap_or(asked));
    }

    /// How long one took that was over a moment ago.
    pub(super) fn lately(&self) -> Duration {
        let last = self.times().last.filter(|(_, ended)| ended.elapsed() <= LATELY);
        last.map_or(Duration::ZERO, |(began, ended)| ended.saturating_duration_since(began))
    }

    fn times(&self) -> MutexGuard<'_, Times> {
        self.times.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Why somebody waits who asked at that moment. The pool does not say; so whoever is first knocks at the server.
    pub(super) async fn cause(&self, server: &AnyConnectOptions, asked: Instant) -> sqlx::Error {
        if self.why.compare_exchange(NONE, STUCK, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            match tokio::time::timeout(PATIENCE, server.connect()).await {
                Ok(Ok(connection)) => drop(connection.close().await),
                Ok(Err(_)) | Err(_) => self.begin(asked),
            }
        }
        if self.is_gone() {
            return sqlx::Error::Io(io::Error::new(io::ErrorKind::TimedOut, "the database takes no connection"));
        }
        sqlx::Error::PoolTimedOut
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{install_drivers, is_unavailable};
    use std::str::FromStr as _;

    #[tokio::test]
    async fn a_database_that_is_gone_is_told_from_one_that_is_busy() {
        install_drivers();
        let outage = Outage::default();
        let nobody = AnyConnectOptions::from_str("postgres://postgres@127.0.0.1:1/nothing").unwrap();
        assert!(outage.is_over());
        assert!(is_unavailable(&outage.cause(&nobody, Instant::now()).await) && !outage.is_over() && outage.is_gone());
        outage.end();
        assert!(outage.is_over() && !outage.is_gone());
        let folder = tempfile::tempdir().unwrap();
        let file = format!("sqlite://{}?mode=rwc", folder.path().join("test.db").display());
        let cause = outage.cause(&AnyConnectOptions::from_str(&file).unwrap(), Instant::now()).await;
        assert!(matches!(cause, sqlx::Error::PoolTimedOut) && !outage.is_over(), "it answers, so it is busy");
        assert!(!outage.is_gone());
    }

    #[test]
    fn it_is_remembered_how_long_it_took() {
        let ago = |seconds| Instant::now().checked_sub(Duration::from_secs(seconds)).unwrap();
        let outage = Outage::default();
        outage.end();
        assert_eq!(outage.lately(), Duration::ZERO);
        outage.begin(ago(40));
        outage.begin(ago(10));
        outage.end();
        let took = outage.lately().as_secs();
        assert!((40..45).contains(&took), "from its beginning: {took}");
        outage.begin(ago(0));
        outage.end();
        assert!(outage.lately().as_secs() >= took, "one that stutters is one");
        outage.times().last = Some((ago(100), ago(61)));
        assert_eq!(outage.lately(), Duration::ZERO, "it is long over");
        outage.why.store(STUCK, Ordering::Relaxed);
        outage.end();
        assert_eq!(outage.lately(), Duration::ZERO, "who waited for a turn could ask");
    }
}
