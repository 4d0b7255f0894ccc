//! How long a token lives, and what is due for it.

use auth::Timestamp;
use std::time::Duration;

use super::answer::Granted;

/// A look at the secret is due after an hour, however long the token lives.
const LONGEST_PAUSE: i64 = 60 * 60 * 1000;
/// A vault that gives no time is not asked without a pause.
const SHORTEST_PAUSE: i64 = 500;

/// The time that a vault gave a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lease {
    began_at: Timestamp,
    /// 0: for ever, or nobody has said how long.
    seconds: u32,
    is_renewable: bool,
}

/// What is due for a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    /// Nothing.
    Nothing,
    /// More time for it.
    Renewal,
    /// Another one.
    Login,
}

impl Lease {
    /// What was granted now.
    pub(super) fn granted(granted: &Granted, now: Timestamp) -> Self {
        Self { began_at: now, seconds: granted.lease_duration, is_renewable: granted.renewable }
    }

    /// Of a token that the vault does not renew: it ends when it ends, if ever.
    pub(super) fn fixed(now: Timestamp) -> Self {
        Self { began_at: now, seconds: 0, is_renewable: false }
    }

    /// When the token ends, if that is known.
    pub(super) fn ends_at(self) -> Option<Timestamp> {
        (self.seconds > 0).then(|| self.began_at.plus_seconds(self.seconds.into()))
    }

    /// Whether the vault lets nobody have more time of it.
    pub(super) fn is_fixed(self) -> bool {
        !self.is_renewable
    }

    /// Whether the vault gave much less time than before: the token nears the end that no renewal moves.
    pub(super) fn is_cut_short(self, before: Self) -> bool {
        self.seconds > 0 && self.seconds < before.seconds / 2
    }

    /// When something is due: after two thirds of its time, so that a vault may be away for the last third.
    fn due_at(self, has_role: bool) -> Option<Timestamp> {
        let can_be_done = self.seconds > 0 && (self.is_renewable || has_role);
        can_be_done.then(|| Timestamp(self.began_at.0 + i64::from(self.seconds) * 1000 * 2 / 3))
    }

    fn is_over(self, now: Timestamp) -> bool {
        self.ends_at().is_some_and(|end| end <= now)
    }

    /// How long nothing is due.
    pub(super) fn pause(self, has_role: bool, now: Timestamp) -> Duration {
        let milliseconds = self.due_at(has_role).map_or(LONGEST_PAUSE, |due| due.0 - now.0);
        Duration::from_millis(milliseconds.clamp(SHORTEST_PAUSE, LONGEST_PAUSE).unsigned_abs())
    }
}

/// What is due now. A token of unknown life is renewed: so it becomes known.
pub(super) fn due(lease: Option<Lease>, has_role: bool, now: Timestamp) -> Due {
    let Some(lease) = lease else { return Due::Renewal };
    if lease.due_at(has_role).is_none_or(|due| now < due) {
        Due::Nothing
    } else if has_role && (lease.is_fixed() || lease.is_over(now)) {
        Due::Login
    } else {
        Due::Renewal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp(1_000_000);

    fn lease(seconds: u32, is_renewable: bool) -> Lease {
        Lease { began_at: START, seconds, is_renewable }
    }

    #[test]
    fn a_token_is_renewed_after_two_thirds_of_its_time() {
        let token = Some(lease(3600, true));
        for has_role in [true, false] {
            assert_eq!(due(None, has_role, START), Due::Renewal, "nobody has said how long it lives");
            assert_eq!(due(token, has_role, START.plus_seconds(2399)), Due::Nothing);
            assert_eq!(due(token, has_role, START.plus_seconds(2400)), Due::Renewal);
        }
        assert_eq!(due(token, true, START.plus_seconds(3600)), Due::Login, "it is over");
        assert_eq!(due(token, false, START.plus_seconds(3600)), Due::Renewal, "nobody else can be asked");
    }

    #[test]
    fn one_that_cannot_be_renewed_is_replaced_by_a_role_and_left_alone_otherwise() {
        let fixed = Some(lease(3600, false));
        assert_eq!(due(fixed, true, START.plus_seconds(2400)), Due::Login);
        assert_eq!(due(fixed, false, START.plus_seconds(9999)), Due::Nothing);
        for endless in [Lease::fixed(START), lease(0, true)] {
            assert_eq!(due(Some(endless), true, START.plus_seconds(1_000_000)), Due::Nothing);
            assert_eq!(endless.ends_at(), None);
        }
    }

    #[test]
    fn pauses_are_neither_endless_nor_none() {
        let seconds = |lease: Lease, after: i64| lease.pause(false, START.plus_seconds(after)).as_secs_f64();
        assert!((seconds(lease(600, true), 0) - 400.0).abs() < 0.01);
        assert!((seconds(lease(600, true), 399) - 1.0).abs() < 0.01);
        assert!((seconds(lease(600, true), 900) - 0.5).abs() < 0.01, "overdue");
        for long in [lease(1_000_000, true), lease(0, true), lease(600, false)] {
            assert!((seconds(long, 0) - 3600.0).abs() < 0.01, "{long:?}");
        }
    }

    #[test]
    fn a_life_that_nears_its_end_is_told_by_what_was_given() {
        assert!(lease(600, true).is_cut_short(lease(3600, true)));
        assert!(
            !lease(3600, true).is_cut_short(lease(3600, true)) && !lease(1800, true).is_cut_short(lease(3600, true))
        );
        assert!(!lease(0, true).is_cut_short(lease(3600, true)), "for ever is not short");
    }
}
