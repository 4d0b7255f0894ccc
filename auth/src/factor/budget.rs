//! How often a code may be guessed at: a budget of the account, whatever the factor, session, address or ticket
//! (NIST SP 800-63B-4, 3.2.2; ASVS 5.0, 6.3.1 and 6.6.3).
//!
//! Five wrong codes in a row are free. Each further one costs a wait that grows to an hour, and from the hundredth
//! on to a day. Only a right factor fills the budget again: no right password, no new ticket, no resend. A passkey
//! cannot be guessed, so it needs no budget, and goes past the lock.

/// Wrong codes in a row without a wait.
pub const FREE_TRIES: i64 = 5;
/// Wrong codes in a row after which one a day is looked at.
pub const MOST_IN_A_ROW: i64 = 100;

/// Seconds for which no code is looked at after so many wrong ones in a row.
pub const fn seconds_locked(wrong: i64) -> i64 {
    if wrong < FREE_TRIES {
        0
    } else if wrong == FREE_TRIES {
        60
    } else if wrong == FREE_TRIES + 1 {
        10 * 60
    } else if wrong < MOST_IN_A_ROW {
        60 * 60
    } else {
        24 * 60 * 60
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Guesses that somebody gets who asks at each moment at which one is looked at, day by day.
    fn guesses_a_day(days: usize) -> Vec<u32> {
        const DAY: i64 = 24 * 60 * 60;
        let mut guesses = vec![0; days];
        let (mut now, mut wrong) = (0_i64, 0);
        while let Some(today) = usize::try_from(now / DAY).ok().and_then(|day| guesses.get_mut(day)) {
            *today += 1;
            wrong += 1;
            now += seconds_locked(wrong);
        }
        guesses
    }

    #[test]
    fn thirty_guesses_on_the_first_day_are_twenty_four_on_others_and_then_one() {
        assert_eq!(guesses_a_day(7), [30, 24, 24, 22, 1, 1, 1]);
    }

    #[test]
    fn a_wait_never_shrinks() {
        for wrong in 0..200 {
            assert!(seconds_locked(wrong) <= seconds_locked(wrong + 1), "{wrong}");
        }
        assert_eq!((seconds_locked(4), seconds_locked(5)), (0, 60));
    }
}
