//! What happened, by name and how often.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How often each thing happened.
#[derive(Default)]
pub struct Counts(Mutex<BTreeMap<String, u64>>);

impl Counts {
    /// It happened once more.
    pub fn note(&self, what: &str) {
        *self.counted().entry(what.to_owned()).or_default() += 1;
    }

    /// How often it happened.
    pub fn of(&self, what: &str) -> u64 {
        self.counted().get(what).copied().unwrap_or_default()
    }

    /// Everything whose name begins so, as `name: number` with that beginning taken off.
    pub fn beginning_with(&self, prefix: &str) -> Vec<(String, u64)> {
        let counted = self.counted();
        let of = counted.iter().filter_map(|(what, number)| Some((what.strip_prefix(prefix)?.to_owned(), *number)));
        of.collect()
    }

    fn counted(&self) -> MutexGuard<'_, BTreeMap<String, u64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
