//! How many refusals of somebody who is known are written: of a flood the first sixteen, then each doubling (ASVS 5.0,
//! 16.3.2 and 2.4.1).
//!
//! A line that is shared bounds the rows of a flood and not its commits, and whoever is signed in asks as often as they like.
//! What is not written with one refusal is counted with the next that is. Each node counts by itself.

use std::sync::{Mutex, PoisonError};

use crate::cache::Cache;

/// Lines, and people with lines, that are remembered.
const MOST: usize = 20_000;
/// Refusals of a line that are written one by one.
const ONE_BY_ONE: i64 = 16;
/// Lines of one person in one place within a minute, before all others share one.
const LINES: usize = 8;

/// What this node wrote of refusals.
pub(crate) struct Refusals {
    /// Of each line. One lock for looking and writing, so that parallel refusals are told apart.
    counts: Mutex<Cache<String, i64>>,
    /// The lines of each person, place and minute.
    lines: Mutex<Cache<String, Vec<String>>>,
}

impl Default for Refusals {
    fn default() -> Self {
        Self { counts: Mutex::new(Cache::new(MOST)), lines: Mutex::new(Cache::new(MOST)) }
    }
}

impl Refusals {
    /// Counts a refusal of a line; gives how many are to be written with it, if any.
    pub(crate) fn due(&self, line: &str) -> Option<i64> {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.get(&line.to_owned()).unwrap_or(0) + 1;
        counts.put(line.to_owned(), count);
        if count <= ONE_BY_ONE {
            return Some(1);
        }
        (count.count_ones() == 1).then_some(count / 2)
    }

    /// Whether a line is among the first of a person, place and minute, which have lines of their own.
    pub(crate) fn is_among_the_first(&self, whose: &str, line: &str) -> bool {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let mut known = lines.get(&whose.to_owned()).unwrap_or_default();
        if known.iter().any(|one| one == line) {
            return true;
        }
        if known.len() >= LINES {
            return false;
        }
        known.push(line.to_owned());
        lines.put(whose.to_owned(), known);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_flood_each_doubling_is_written_and_none_is_lost() {
        let refusals = Refusals::default();
        let written: Vec<i64> = (0..1024).filter_map(|_| refusals.due("line")).collect();
        assert_eq!(written[..16], [1; 16]);
        assert_eq!(written[16..], [16, 32, 64, 128, 256, 512]);
        assert_eq!(written.iter().sum::<i64>(), 1024);
        assert_eq!(refusals.due("another line"), Some(1));
    }

    #[test]
    fn somebody_has_eight_lines_a_minute() {
        let refusals = Refusals::default();
        let first = |whose: &str, line: usize| refusals.is_among_the_first(whose, &line.to_string());
        assert!((0..LINES).all(|line| first("alice", line)));
        assert!(!first("alice", LINES) && !first("alice", LINES + 1));
        assert!(first("alice", 0), "one that is there stays");
        assert!(first("bob", LINES));
    }
}
