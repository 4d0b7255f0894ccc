//! Leaps of a clock: how much more or less it says has passed than has. What has passed is told by a clock that nobody sets
//! (`CLOCK_MONOTONIC` of POSIX); it stands still while a machine sleeps, so waking up is a leap as well.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::Timestamp;

/// Milliseconds that are no leap: a clock that is corrected little by little.
const SMALLEST: i64 = 2_000;
/// For how long a leap ahead counts: longer than an honest client may repeat itself.
pub(super) const LATELY: Duration = Duration::from_secs(60);

/// What is known of the leaps of one clock.
pub(super) struct Leaps(Mutex<Known>);

struct Known {
    /// When it was looked at, and what the clock said.
    looked: Option<(Instant, Timestamp)>,
    untold: i64,
    ahead: i64,
    ahead_since: Option<Instant>,
}

impl Leaps {
    /// None yet.
    pub(super) const fn none() -> Self {
        Self(Mutex::new(Known { looked: None, untold: 0, ahead: 0, ahead_since: None }))
    }

    /// Notes what the clock says at a moment.
    pub(super) fn look(&self, moment: Instant, said: Timestamp) {
        let mut known = self.known();
        let Some((before, said_before)) = known.looked.replace((moment, said)) else { return };
        let passed = i64::try_from(moment.saturating_duration_since(before).as_millis()).unwrap_or(i64::MAX);
        let leap = said.0.saturating_sub(said_before.0).saturating_sub(passed);
        if leap.saturating_abs() <= SMALLEST {
            return;
        }
        known.untold = known.untold.saturating_add(leap);
        let lately = known.lately_ahead(moment);
        // One that is taken back is none.
        known.ahead = lately.saturating_add(leap).max(0);
        known.ahead_since = Some(moment);
    }

    /// What was noted since this was last asked.
    pub(super) fn take(&self) -> i64 {
        std::mem::take(&mut self.known().untold)
    }

    /// By how much it was set ahead a moment ago.
    pub(super) fn lately_ahead(&self, moment: Instant) -> i64 {
        self.known().lately_ahead(moment)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn lately_ahead(&self, moment: Instant) -> i64 {
        let is_late = self.ahead_since.is_none_or(|since| moment.saturating_duration_since(since) > LATELY);
        if is_late { 0 } else { self.ahead }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 60 * 60 * 1000;

    #[test]
    fn leaps_are_told_once_and_remembered_for_a_minute() {
        let (leaps, began) = (Leaps::none(), Instant::now());
        let after = |seconds: u64| began + Duration::from_secs(seconds);
        leaps.look(after(0), Timestamp(0));
        leaps.look(after(10), Timestamp(10_500));
        assert_eq!((leaps.take(), leaps.lately_ahead(after(10))), (0, 0), "a clock that is corrected");
        leaps.look(after(11), Timestamp(11_500 + HOUR));
        assert_eq!((leaps.take(), leaps.take()), (HOUR, 0));
        assert_eq!(leaps.lately_ahead(after(71)), HOUR);
        assert_eq!(leaps.lately_ahead(after(72)), 0, "it counts no more");
        leaps.look(after(80), Timestamp(80_500));
        assert_eq!((leaps.take(), leaps.lately_ahead(after(80))), (-HOUR, 0), "set back");
    }

    #[test]
    fn a_leap_that_is_taken_back_counts_for_nothing() {
        let (leaps, began) = (Leaps::none(), Instant::now());
        leaps.look(began, Timestamp(0));
        leaps.look(began, Timestamp(HOUR));
        leaps.look(began, Timestamp(0));
        assert_eq!((leaps.take(), leaps.lately_ahead(began)), (0, 0));
    }
}
