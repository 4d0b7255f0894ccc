//! How long requests took, in numbers that never grow: a count for each of some lengths, four to an octave.
//!
//! Noting one is an addition. A percentile is the upper end of its length, so it is too high by a quarter at most.

use std::sync::atomic::{AtomicU32, Ordering};

/// Lengths up to two minutes; what takes longer counts as that long.
const LENGTHS: usize = 104;

/// Requests by how long they took.
pub(super) struct Histogram([AtomicU32; LENGTHS]);

/// What a histogram holds at a moment.
#[derive(Clone)]
pub(super) struct Counts([u64; LENGTHS]);

impl Histogram {
    /// Without any request.
    pub(super) fn empty() -> Self {
        Self(std::array::from_fn(|_| AtomicU32::new(0)))
    }

    /// Notes a request of so many microseconds.
    pub(super) fn note(&self, micros: u64) {
        self.0[length_of(micros)].fetch_add(1, Ordering::Relaxed);
    }

    /// Forgets every request.
    pub(super) fn clear(&self) {
        self.0.iter().for_each(|count| count.store(0, Ordering::Relaxed));
    }

    /// What it holds.
    pub(super) fn counts(&self) -> Counts {
        Counts(std::array::from_fn(|length| u64::from(self.0[length].load(Ordering::Relaxed))))
    }
}

impl Counts {
    /// Without any request.
    pub(super) fn none() -> Self {
        Self([0; LENGTHS])
    }

    /// Adds those of another one.
    pub(super) fn add(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(count, more)| *count += more);
    }

    /// How many requests there were.
    pub(super) fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    /// The microseconds that so many of a hundred did not exceed; 0 without any request.
    pub(super) fn percentile(&self, of_hundred: u64) -> u64 {
        let wanted = (self.total() * of_hundred).div_ceil(100);
        let mut seen = 0;
        for (length, count) in self.0.iter().enumerate() {
            seen += count;
            if seen >= wanted && *count > 0 {
                return longest_of(length);
            }
        }
        0
    }
}

/// The number of the length that a request of so many microseconds has.
fn length_of(micros: u64) -> usize {
    if micros < 4 {
        return usize::try_from(micros).unwrap_or_default();
    }
    let octave = micros.ilog2();
    let quarter = (micros >> (octave - 2)) & 3;
    let length = (u64::from(octave) - 1) * 4 + quarter;
    usize::try_from(length).unwrap_or(LENGTHS).min(LENGTHS - 1)
}

/// The most microseconds of a length.
fn longest_of(length: usize) -> u64 {
    if length < 4 {
        return length as u64;
    }
    let (octave, quarter) = (length / 4 + 1, (length % 4) as u64);
    ((5 + quarter) << (octave - 2)) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_length_follows_the_one_before() {
        for micros in 0..100_000 {
            let length = length_of(micros);
            assert!(micros <= longest_of(length), "{micros}");
            assert!(length == 0 || micros > longest_of(length - 1), "{micros}");
        }
        assert_eq!(length_of(u64::MAX), LENGTHS - 1);
        assert!(longest_of(LENGTHS - 1) >= 60_000_000);
    }

    #[test]
    fn percentiles_are_near() {
        let histogram = Histogram::empty();
        assert_eq!(histogram.counts().percentile(99), 0);
        (1..=1000).for_each(|micros| histogram.note(micros));
        let counts = histogram.counts();
        for (of_hundred, exact) in [(50, 500), (95, 950), (99, 990)] {
            let told = counts.percentile(of_hundred);
            assert!((exact..=exact + exact / 4).contains(&told), "{of_hundred}: {told}");
        }
        let mut twice = counts.clone();
        twice.add(&counts);
        assert_eq!((twice.total(), twice.percentile(50)), (2000, counts.percentile(50)));
        histogram.clear();
        assert_eq!(histogram.counts().total(), 0);
    }
}
