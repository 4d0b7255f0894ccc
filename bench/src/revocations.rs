//! A million ended sessions: what they weigh, and how long it takes to ask whether a session is one of
//! them. Half of those that are asked about are. The ids are as random as real ones; none is asked for
//! twice, and not in the order they were noted, so no cache of the processor helps more than in life.

use anyhow::ensure;
use auth::Timestamp;
use auth::id::SessionId;
use auth::random::{Random, SeededRandom};
use auth::session::Revocations;
use std::time::Instant;

use crate::Figure;
use crate::program::resident_memory;

const ENTRIES: usize = 1_000_000;
/// Of these many one is looked up, and beside it one that did not end.
const STRIDE: usize = 10;
const ENDED_AT: Timestamp = Timestamp(1_800_000_000_000);

pub fn measure() -> anyhow::Result<Vec<Figure>> {
    let revocations = Revocations::default();
    let before = resident_memory("self")?;
    // Made one by one and dropped at once: what stays is what the set keeps.
    let random: &dyn Random = &SeededRandom::new(1);
    for _ in 0..ENTRIES {
        revocations.insert(SessionId(random.id(ENDED_AT)), ENDED_AT);
    }
    let memory = resident_memory("self")? - before;

    let (ended, others) = (ids(1), ids(2));
    let started = Instant::now();
    let mut found = 0_usize;
    for (ended, other) in ended.iter().zip(&others).rev() {
        found += usize::from(revocations.contains(ended)) + usize::from(revocations.contains(other));
    }
    let took = started.elapsed().as_secs_f64() * 1e9 / (2.0 * f64::from(u32::try_from(ended.len())?));
    ensure!(found == ended.len(), "{found} of {} are known", ended.len());
    Ok(vec![
        Figure {
            name: "Memory of 1,000,000 ended sessions",
            target: "≤ 64 MB",
            measured: format!("{memory:.0} MB"),
            reached: memory <= 64.0,
        },
        Figure {
            name: "Look-up among them, hits and misses",
            target: "< 1 µs",
            measured: format!("{took:.0} ns"),
            reached: took < 1000.0,
        },
    ])
}

/// Every tenth id of a million; with the same seed the same.
fn ids(seed: u64) -> Vec<SessionId> {
    let random: &dyn Random = &SeededRandom::new(seed);
    (0..ENTRIES).map(|_| random.id(ENDED_AT)).step_by(STRIDE).map(SessionId).collect()
}
