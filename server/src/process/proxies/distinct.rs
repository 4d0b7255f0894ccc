//! How many different ones there were, about, in 128 bytes: linear counting (Whang, Vander-Zanden and Taylor, 1990).
//! Good to some percents up to a thousand; more than four thousand cannot be told apart.

use std::hash::{DefaultHasher, Hash, Hasher as _};

const WORDS: usize = 16;
const BITS: u64 = 1024;

/// Different ones.
#[derive(Clone, Copy, Default)]
pub(super) struct Distinct([u64; WORDS]);

/// The place of one of them. Nobody is known by it, and nothing secret hangs on it.
pub(super) fn place_of(one: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    one.hash(&mut hasher);
    hasher.finish() % BITS
}

impl Distinct {
    /// Notes one by its place.
    pub(super) fn note(&mut self, place: u64) {
        let word = usize::try_from(place / 64).unwrap_or_default() % WORDS;
        self.0[word] |= 1 << (place % 64);
    }

    /// Adds those of another.
    pub(super) fn add(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(word, more)| *word |= more);
    }

    /// How many there were, about.
    pub(super) fn count(&self) -> i64 {
        let taken: u64 = self.0.iter().map(|word| u64::from(word.count_ones())).sum();
        // Each step is one that would take another place: the sum of BITS / free places before it.
        let steps = (0..taken).map(|taken| BITS * 1000 / (BITS - taken)).sum::<u64>();
        i64::try_from(steps / 1000).unwrap_or(i64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_counted_to_some_percents() {
        for exact in [0_i64, 1, 5, 10, 100, 1000] {
            let mut distinct = Distinct::default();
            for one in (0..exact).chain(0..exact) {
                distinct.note(place_of(&format!("somebody {one}")));
            }
            let told = distinct.count();
            assert!((told - exact).abs() <= exact / 8 + 1, "{told} for {exact}");
        }
    }

    #[test]
    fn those_of_two_are_those_of_both() {
        let (mut first, mut second) = (Distinct::default(), Distinct::default());
        (0..20).for_each(|one: i32| first.note(place_of(&one)));
        (10..30).for_each(|one: i32| second.note(place_of(&one)));
        first.add(&second);
        assert!((28..=31).contains(&first.count()), "{}", first.count());
    }
}
