//! How long something took, in bounds that are the same everywhere, so that nodes can be added up.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The bounds, in seconds as others read them and in microseconds. 0.25 is the one of the objective in
/// docs/operations/monitoring.md.
pub const BOUNDS: [(&str, u64); 12] = [
    ("0.001", 1_000),
    ("0.005", 5_000),
    ("0.01", 10_000),
    ("0.025", 25_000),
    ("0.05", 50_000),
    ("0.1", 100_000),
    ("0.25", 250_000),
    ("0.5", 500_000),
    ("1", 1_000_000),
    ("2.5", 2_500_000),
    ("5", 5_000_000),
    ("10", 10_000_000),
];

/// How often something took how long.
#[derive(Default)]
pub struct Histogram {
    /// Those within each bound and none before it; at the end what took longer than all.
    counts: [AtomicU64; BOUNDS.len() + 1],
    micros: AtomicU64,
}

/// What a histogram holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Durations {
    /// How many were within each bound, those within a smaller one included.
    pub within: [u64; BOUNDS.len()],
    /// How many there were.
    pub count: u64,
    /// Microseconds of all together.
    pub micros: u64,
}

impl Histogram {
    /// Notes one.
    pub fn note(&self, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let place = BOUNDS.partition_point(|(_, bound)| *bound < micros);
        self.counts[place].fetch_add(1, Ordering::Relaxed);
        self.micros.fetch_add(micros, Ordering::Relaxed);
    }

    /// What it holds.
    pub fn read(&self) -> Durations {
        let mut within = [0; BOUNDS.len()];
        let mut count = 0;
        for (sum, one) in within.iter_mut().zip(&self.counts) {
            count += one.load(Ordering::Relaxed);
            *sum = count;
        }
        count += self.counts[BOUNDS.len()].load(Ordering::Relaxed);
        Durations { within, count, micros: self.micros.load(Ordering::Relaxed) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_counts_within_each_bound_that_it_did_not_exceed() {
        let histogram = Histogram::default();
        for micros in [0, 1_000, 1_001, 250_000, 10_000_001] {
            histogram.note(Duration::from_micros(micros));
        }
        let read = histogram.read();
        assert_eq!(read.within, [2, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4]);
        assert_eq!((read.count, read.micros), (5, 10_252_002));
    }

    #[test]
    fn bounds_are_written_as_they_are_meant() {
        for (text, micros) in BOUNDS {
            let (seconds, rest) = text.split_once('.').unwrap_or((text, ""));
            let written: u64 = format!("{seconds}{rest:0<6}").parse().unwrap();
            assert_eq!(written, micros, "{text}");
        }
    }
}
