//! How long a failed delivery waits: each time longer, and never two of them in step.

use crate::random::Random;

/// Seconds after the first failure, the second, and so on. After the last there is no next time.
const DELAYS: [u32; 7] = [5, 30, 2 * 60, 10 * 60, 60 * 60, 6 * 60 * 60, 24 * 60 * 60];

/// Seconds until the next attempt, up to a fifth more than the delay; none when there were enough.
pub(crate) fn delay_seconds(attempts: i64, random: &dyn Random) -> Option<i64> {
    let place = usize::try_from(attempts).ok()?.checked_sub(1)?;
    let delay = *DELAYS.get(place)?;
    Some(i64::from(delay + random.below(delay / 5 + 1)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SeededRandom;

    #[test]
    fn patience_grows_to_a_day_and_ends() {
        let random = SeededRandom::new(1);
        for (attempts, least) in [(1, 5), (2, 30), (3, 120), (4, 600), (5, 3600), (6, 21_600), (7, 86_400)] {
            let delays: Vec<i64> = (0..50).filter_map(|_| delay_seconds(attempts, &random)).collect();
            assert!(delays.iter().all(|delay| (least..=least + least / 5).contains(delay)), "{attempts}: {delays:?}");
            assert!(delays.iter().any(|delay| *delay != delays[0]), "{attempts}");
        }
        assert_eq!([0, 8, 9, -1].map(|attempts| delay_seconds(attempts, &random)), [None; 4]);
    }
}
