//! Time as a parameter: the engine asks its clock, tests move theirs by hand.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use crate::Timestamp;
use leaps::{LATELY, Leaps};

mod leaps;

/// Where the engine reads the time.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;

    /// Milliseconds by which it was set ahead since this was last asked; less than nothing when it was set back. A machine
    /// that slept was set ahead, too.
    fn leapt(&self) -> i64 {
        0
    }

    /// Milliseconds by which it was set ahead during the last minute.
    fn lately_ahead(&self) -> i64 {
        0
    }
}

/// The clock of the machine.
pub struct SystemClock;

/// There is one such clock, so its leaps are known once.
static LEAPS: Leaps = Leaps::none();

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where time enters")]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    fn leapt(&self) -> i64 {
        LEAPS.look(Instant::now(), self.now());
        LEAPS.take()
    }

    fn lately_ahead(&self) -> i64 {
        let now = Instant::now();
        LEAPS.look(now, self.now());
        LEAPS.lately_ahead(now)
    }
}

/// A clock that stands still until it is moved.
pub struct FakeClock {
    now: AtomicI64,
    untold: AtomicI64,
    ahead: AtomicI64,
    ahead_since: AtomicI64,
}

impl FakeClock {
    /// A clock that stands at `start`.
    pub const fn at(start: Timestamp) -> Self {
        let (untold, ahead, ahead_since) = (AtomicI64::new(0), AtomicI64::new(0), AtomicI64::new(0));
        Self { now: AtomicI64::new(start.0), untold, ahead, ahead_since }
    }

    /// Lets time pass; a negative number moves it back.
    pub fn advance_seconds(&self, seconds: i64) {
        self.now.fetch_add(seconds * 1000, Ordering::SeqCst);
    }

    /// Is set ahead or back while no time passes.
    pub fn leap_seconds(&self, seconds: i64) {
        self.advance_seconds(seconds);
        self.untold.fetch_add(seconds * 1000, Ordering::SeqCst);
        self.ahead.store((seconds * 1000).max(0), Ordering::SeqCst);
        self.ahead_since.store(self.now().0, Ordering::SeqCst);
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.now.load(Ordering::SeqCst))
    }

    fn leapt(&self) -> i64 {
        self.untold.swap(0, Ordering::SeqCst)
    }

    fn lately_ahead(&self) -> i64 {
        let since = self.now().0 - self.ahead_since.load(Ordering::SeqCst);
        let lately = i64::try_from(LATELY.as_millis()).unwrap_or(i64::MAX);
        if (0..=lately).contains(&since) { self.ahead.load(Ordering::SeqCst) } else { 0 }
    }
}
