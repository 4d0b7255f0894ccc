//! A bounded memory in this process: what was worked out a moment ago need not be worked out again.
//!
//! It has two generations. What is new goes into the young one; once that is full it becomes the old one,
//! and what was old is forgotten. What is asked for moves back into the young one. So nothing is searched
//! for what to forget, and what is in use stays.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Parts with a lock of their own: requests on several cores hardly meet.
const PARTS: usize = 16;

/// Values by key, at most as many as there is room for. Keys are hashed with a key of this process, so
/// nobody can choose some that meet.
pub(crate) struct Cache<K, V> {
    parts: [Mutex<Generations<K, V>>; PARTS],
    /// Entries of one generation of one part.
    room: usize,
    hasher: RandomState,
}

struct Generations<K, V> {
    young: HashMap<K, V>,
    old: HashMap<K, V>,
}

impl<K: Hash + Eq, V: Clone> Cache<K, V> {
    /// Room for `most` entries.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            parts: std::array::from_fn(|_| Mutex::new(Generations { young: HashMap::new(), old: HashMap::new() })),
            room: (most / PARTS / 2).max(1),
            hasher: RandomState::new(),
        }
    }

    /// The value of a key, if it is still known.
    pub(crate) fn get(&self, key: &K) -> Option<V> {
        let mut part = self.part(key);
        if let Some(value) = part.young.get(key) {
            return Some(value.clone());
        }
        let (key, value) = part.old.remove_entry(key)?;
        let found = value.clone();
        let forgotten = part.put(key, value, self.room);
        drop(part);
        drop(forgotten);
        Some(found)
    }

    /// Keeps a value in the place of the one before.
    pub(crate) fn put(&self, key: K, value: V) {
        let forgotten = self.part(&key).put(key, value, self.room);
        // Only now: freeing hundreds of entries is nothing to wait for with the lock in hand.
        drop(forgotten);
    }

    fn part(&self, key: &K) -> MutexGuard<'_, Generations<K, V>> {
        // The remainder is below PARTS, whatever the width of a usize.
        let place = usize::try_from(self.hasher.hash_one(key) % PARTS as u64).unwrap_or_default();
        self.parts[place].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Hash + Eq, V> Generations<K, V> {
    /// Gives what is forgotten.
    fn put(&mut self, key: K, value: V, room: usize) -> Option<HashMap<K, V>> {
        self.young.insert(key, value);
        (self.young.len() >= room).then(|| std::mem::replace(&mut self.old, std::mem::take(&mut self.young)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: usize = 1024;

    fn kept(cache: &Cache<u32, u32>) -> usize {
        cache.parts.iter().map(|part| part.lock().unwrap()).map(|part| part.young.len() + part.old.len()).sum()
    }

    #[test]
    fn a_value_is_given_back_and_replaced() {
        let cache = Cache::new(MOST);
        assert_eq!(cache.get(&1), None);
        cache.put(1, 10);
        assert_eq!(cache.get(&1), Some(10));
        cache.put(1, 11);
        assert_eq!(cache.get(&1), Some(11));
    }

    #[test]
    fn it_never_holds_more_than_it_has_room_for() {
        let cache = Cache::new(MOST);
        for number in 0..100_000 {
            cache.put(number, number);
            cache.get(&(number / 2));
        }
        assert!((MOST / 4..=MOST).contains(&kept(&cache)), "{}", kept(&cache));
        assert_eq!(cache.get(&99_999), Some(99_999));
        assert_eq!(cache.get(&1), None);
    }

    #[test]
    fn what_is_in_use_stays() {
        let cache = Cache::new(MOST);
        cache.put(0, 7);
        for number in 1..100_000 {
            cache.put(number, number);
            assert_eq!(cache.get(&0), Some(7), "after {number}");
        }
    }

    #[test]
    fn a_newer_value_is_not_shadowed_by_an_older_one() {
        let cache = Cache::new(PARTS * 2);
        // Room for one entry in each generation: every `put` makes what was young old.
        for value in 0..100 {
            cache.put(1, value);
            assert_eq!(cache.get(&1), Some(value));
        }
    }
}
