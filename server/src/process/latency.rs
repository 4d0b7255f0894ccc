//! How long the requests of the last quarter of an hour took: a histogram for each minute, in a circle.

use auth::Timestamp;
use auth::view::{Latency, LatencyMinute, LatencyOf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use super::histogram::{Counts, Histogram};

/// Minutes that are told of.
const MINUTES: i64 = 15;
/// One more: the one that begins does not meet the one that is forgotten.
const PLACES: usize = 16;
const MINUTE_MS: i64 = 60_000;

/// The minutes.
pub struct Latencies([Minute; PLACES]);

struct Minute {
    /// Minutes since 1970.
    number: AtomicI64,
    histogram: Histogram,
}

impl Default for Latencies {
    fn default() -> Self {
        Self(std::array::from_fn(|_| Minute { number: AtomicI64::new(-1), histogram: Histogram::empty() }))
    }
}

impl Latencies {
    /// Notes a request that ended now. Takes no lock: of requests that meet at the turn of a minute one may be lost.
    pub fn note(&self, took: Duration, now: Timestamp) {
        let number = now.0.div_euclid(MINUTE_MS);
        let minute = &self.0[place_of(number)];
        let before = minute.number.load(Ordering::Relaxed);
        if before != number
            && minute.number.compare_exchange(before, number, Ordering::Relaxed, Ordering::Relaxed).is_ok()
        {
            minute.histogram.clear();
        }
        minute.histogram.note(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
    }

    /// What the last minutes tell.
    pub fn told(&self, now: Timestamp) -> Latency {
        let last = now.0.div_euclid(MINUTE_MS);
        let mut all = Counts::none();
        let mut minutes = Vec::new();
        for number in last - MINUTES + 1..=last {
            let minute = &self.0[place_of(number)];
            if minute.number.load(Ordering::Relaxed) != number {
                continue;
            }
            let counts = minute.histogram.counts();
            all.add(&counts);
            minutes.push(LatencyMinute { start: Timestamp(number * MINUTE_MS), of: summary(&counts) });
        }
        Latency { all: summary(&all), minutes }
    }
}

fn place_of(number: i64) -> usize {
    usize::try_from(number.rem_euclid(16)).unwrap_or_default()
}

fn summary(counts: &Counts) -> LatencyOf {
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    LatencyOf {
        requests: number(counts.total()),
        p50_us: number(counts.percentile(50)),
        p95_us: number(counts.percentile(95)),
        p99_us: number(counts.percentile(99)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_of_an_hour_is_remembered_and_no_more() {
        let latencies = Latencies::default();
        let at = |minute: i64| Timestamp(1_800_000_000_000 + minute * MINUTE_MS);
        assert_eq!(latencies.told(at(0)), Latency::default());
        for minute in 0..20 {
            latencies.note(Duration::from_millis(1), at(minute));
            latencies.note(Duration::from_millis(10), at(minute));
        }
        let told = latencies.told(at(19));
        assert_eq!((told.minutes.len(), told.all.requests), (15, 30));
        assert_eq!(told.minutes[0].start, at(5));
        assert!((1000..=1250).contains(&told.all.p50_us), "{told:?}");
        assert!((10_000..=12_500).contains(&told.all.p99_us), "{told:?}");
        let later = latencies.told(at(30));
        assert_eq!((later.minutes.len(), later.all.requests), (4, 8), "the others are forgotten");
        assert!(latencies.told(at(100)).minutes.is_empty());
    }
}
