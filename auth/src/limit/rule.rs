//! How a bucket fills, recovers and delays. The same in `store/limits.rs`, where all nodes count together.
//!
//! So many tries are free. Each comes back after a while, as in a leaking bucket (GCRA). The last free one, and every one
//! beyond, costs a wait that doubles up to a longest one; nothing is ever locked for good.

use crate::Timestamp;

/// What a bucket allows. Times are milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Tries without a wait.
    pub free: i64,
    /// After how long one of them comes back.
    pub recovers: i64,
    /// The wait after the last free one.
    pub first_delay: i64,
    /// The longest wait.
    pub longest_delay: i64,
}

/// How a bucket stands. One that nobody knows of stands as [`BucketState::default`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BucketState {
    /// When it is as if nothing had happened, in milliseconds since 1970.
    pub recovered_at: i64,
    /// The wait that the last try cost.
    pub delay: i64,
    /// Until when no try is looked at, in milliseconds since 1970.
    pub blocked_until: i64,
}

impl BucketState {
    /// Whether no try is looked at now.
    pub const fn is_blocked(&self, now: Timestamp) -> bool {
        self.blocked_until > now.0
    }

    /// Of two that are known of one bucket what is fuller.
    pub(crate) fn or_fuller(self, other: Self) -> Self {
        Self {
            recovered_at: self.recovered_at.max(other.recovered_at),
            delay: self.delay.max(other.delay),
            blocked_until: self.blocked_until.max(other.blocked_until),
        }
    }
}

impl Rule {
    /// A bucket that was filled to here by the last free try is over with the next one.
    pub(crate) const fn brim(&self, now: Timestamp) -> i64 {
        now.0 + (self.free - 2) * self.recovers
    }

    /// The fullest that a bucket gets.
    pub(crate) const fn top(&self, now: Timestamp) -> i64 {
        now.0 + self.free * self.recovers
    }

    /// No wait ends later than this, whatever the clocks of two nodes differ by: what says so was counted by a clock that was
    /// ahead, and is none.
    pub(crate) const fn latest(&self, now: Timestamp) -> i64 {
        now.0 + 2 * self.longest_delay
    }

    /// What is believed of a state that was read.
    pub(crate) const fn believed(&self, state: BucketState, now: Timestamp) -> BucketState {
        let blocked_until = if state.blocked_until > self.latest(now) { 0 } else { state.blocked_until };
        BucketState { blocked_until, ..state }
    }

    /// The state after one more try; unchanged while none is looked at.
    pub(crate) fn after(&self, state: BucketState, now: Timestamp) -> BucketState {
        if state.is_blocked(now) {
            return state;
        }
        let recovered_at = (state.recovered_at.max(now.0) + self.recovers).min(self.top(now));
        let delay = if state.recovered_at <= now.0 { 0 } else { state.delay };
        if state.recovered_at <= self.brim(now) {
            return BucketState { recovered_at, delay, ..state };
        }
        let delay = if state.delay == 0 { self.first_delay } else { (state.delay * 2).min(self.longest_delay) };
        BucketState { recovered_at, delay, blocked_until: now.0 + delay }
    }

    /// Tries that are spent and have not come back.
    pub(crate) fn spent(&self, state: &BucketState, now: Timestamp) -> i64 {
        let level = (state.recovered_at - now.0).max(0);
        (level + self.recovers - 1) / self.recovers
    }

    /// Tries that are left without a wait.
    pub(crate) fn left(&self, state: &BucketState, now: Timestamp) -> i64 {
        if state.is_blocked(now) { 0 } else { (self.free - self.spent(state, now)).max(0) }
    }

    /// Tries that may be on their way at once: as many as are left. Never less than a tenth of a wide bucket, or near its brim
    /// all people would go through one door, one after the other.
    pub(crate) fn lanes(&self, state: &BucketState, now: Timestamp) -> i64 {
        self.left(state, now).max(self.free / 10)
    }

    /// Seconds in which all tries come back.
    pub(crate) const fn window(&self) -> i64 {
        self.free * self.recovers / 1000
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1000;
    const RULE: Rule = Rule { free: 5, recovers: 900 * SECOND, first_delay: 30 * SECOND, longest_delay: 900 * SECOND };

    /// Waits, in seconds, of somebody who tries as soon as a try is looked at.
    fn waits(rule: &Rule, tries: usize) -> Vec<i64> {
        let (mut now, mut state) = (Timestamp(0), BucketState::default());
        (0..tries)
            .map(|_| {
                state = rule.after(state, now);
                let wait = (state.blocked_until - now.0).max(0);
                now = Timestamp(now.0 + wait);
                wait / SECOND
            })
            .collect()
    }

    #[test]
    fn waits_grow_and_end() {
        assert_eq!(waits(&RULE, 12), [0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]);
    }

    #[test]
    fn a_hundred_tries_take_most_of_a_day() {
        let day: i64 = waits(&RULE, 100).iter().sum();
        assert!((22..=26).contains(&(day / 3600)), "{day} s");
    }

    #[test]
    fn while_blocked_nothing_is_added() {
        let now = Timestamp(0);
        let full = (0..5).fold(BucketState::default(), |state, _| RULE.after(state, now));
        assert!(full.is_blocked(now));
        assert_eq!(RULE.after(full, now), full);
        assert_eq!((RULE.left(&full, now), RULE.spent(&full, now)), (0, 5));
    }

    #[test]
    fn a_wide_bucket_keeps_a_tenth_of_its_lanes() {
        let (now, wide) = (Timestamp(0), Rule { free: 1000, ..RULE });
        let state = |spent: i64| BucketState { recovered_at: spent * RULE.recovers, ..BucketState::default() };
        assert_eq!([0, 600, 998].map(|spent| wide.lanes(&state(spent), now)), [1000, 400, 100]);
        assert_eq!([0, 3, 4].map(|spent| RULE.lanes(&state(spent), now)), [5, 2, 1]);
    }

    #[test]
    fn what_was_spent_comes_back_and_is_forgotten() {
        let now = Timestamp(0);
        let three = (0..3).fold(BucketState::default(), |state, _| RULE.after(state, now));
        assert_eq!(RULE.left(&three, now), 2);
        assert_eq!(RULE.left(&three, Timestamp(900 * SECOND)), 3);
        assert_eq!(RULE.left(&three, Timestamp(2700 * SECOND)), 5);
        let full = (0..5).fold(BucketState::default(), |state, _| RULE.after(state, now));
        let later = Timestamp(full.recovered_at);
        assert_eq!(RULE.after(full, later).delay, 0, "the wait begins anew");
    }
}
