//! Ids that something happened to a short while ago, and what is known of each: made for being looked up by
//! every request while it has a million entries.
//!
//! An id is a number of 16 bytes, and a slot of the table takes one byte more. The table is in parts with a
//! lock of their own, so a reader waits for a writer no longer than one part takes to grow, which is below
//! a millisecond. And it is in slices of time: what is too old goes as a whole, and nobody walks through
//! the rest.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use crate::Timestamp;

/// Parts. The last byte of an id, which is random in a UUID of version 7, says which.
const PARTS: usize = 64;
/// Milliseconds of a slice: an entry stays that much longer than it must, and a look-up asks each slice.
const SLICE: i64 = 5 * 60 * 1000;

/// What happened, by id.
pub(super) struct Recent<V>([RwLock<Vec<Slice<V>>>; PARTS]);

/// What happened within five minutes.
struct Slice<V> {
    number: i64,
    known: HashMap<u128, V>,
}

impl<V> Default for Recent<V> {
    fn default() -> Self {
        Self(std::array::from_fn(|_| RwLock::default()))
    }
}

impl<V: Copy + Ord> Recent<V> {
    /// Whether something is known of `id` for which `counts` holds.
    pub(super) fn any(&self, id: u128, counts: impl Fn(V) -> bool) -> bool {
        let slices = self.part(id).read().unwrap_or_else(PoisonError::into_inner);
        slices.iter().any(|slice| slice.known.get(&id).is_some_and(|value| counts(*value)))
    }

    /// Notes what happened to `id` at `at`. Of several values of a slice the largest counts.
    pub(super) fn note(&self, id: u128, at: Timestamp, value: V) {
        let number = at.0.div_euclid(SLICE);
        if self.knows(id, number, value) {
            return;
        }
        let mut slices = self.part(id).write().unwrap_or_else(PoisonError::into_inner);
        let place = slices.iter().position(|slice| slice.number == number).unwrap_or_else(|| {
            slices.push(Slice { number, known: HashMap::new() });
            slices.len() - 1
        });
        let known = slices[place].known.entry(id).or_insert(value);
        *known = value.max(*known);
    }

    /// Each look at the database brings the same rows again: what is known is found as a reader, and
    /// nobody waits for it.
    fn knows(&self, id: u128, number: i64, value: V) -> bool {
        let slices = self.part(id).read().unwrap_or_else(PoisonError::into_inner);
        let slice = slices.iter().find(|slice| slice.number == number);
        slice.and_then(|slice| slice.known.get(&id)).is_some_and(|known| *known >= value)
    }

    /// Forgets the slices that ended by then.
    pub(super) fn forget_before(&self, moment: Timestamp) {
        for part in &self.0 {
            let mut slices = part.write().unwrap_or_else(PoisonError::into_inner);
            slices.retain(|slice| (slice.number + 1).saturating_mul(SLICE) > moment.0);
        }
    }

    fn part(&self, id: u128) -> &RwLock<Vec<Slice<V>>> {
        &self.0[usize::from(id.to_be_bytes()[15]) % PARTS]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    #[test]
    fn what_was_noted_is_known_and_nothing_else() {
        let recent = Recent::default();
        for id in 0..1000 {
            recent.note(id * 3, NOW, ());
        }
        for id in 0..3000 {
            assert_eq!(recent.any(id, |()| true), id % 3 == 0, "{id}");
        }
    }

    #[test]
    fn the_largest_value_counts_in_any_order() {
        for values in [[1, 2, 3], [3, 2, 1], [2, 3, 1]] {
            let recent = Recent::default();
            for (value, late) in values.into_iter().zip([0, 1, 600]) {
                recent.note(7, NOW.plus_seconds(late), value);
            }
            assert!(recent.any(7, |known| known >= 3) && !recent.any(7, |known| known > 3), "{values:?}");
        }
    }

    #[test]
    fn an_entry_stays_as_long_as_it_must_and_goes_soon_after() {
        let recent = Recent::default();
        for second in 0..900 {
            recent.note(second, NOW.plus_seconds(i64::try_from(second).unwrap()), ());
        }
        recent.forget_before(NOW.plus_seconds(400));
        assert!((400..900).all(|second| recent.any(second, |()| true)), "what happened since is known");
        assert!(!recent.any(0, |()| true), "what happened more than a slice before is not");
        recent.forget_before(NOW.plus_seconds(900 + 300));
        assert!((0..900).all(|second| !recent.any(second, |()| true)));
        assert!(recent.0.iter().all(|part| part.read().unwrap().is_empty()), "nothing is left behind");
    }

    #[test]
    fn the_same_again_needs_no_more_room() {
        let recent = Recent::default();
        for _ in 0..1000 {
            recent.note(7, NOW, 1);
        }
        let slices = recent.part(7).read().unwrap();
        assert_eq!((slices.len(), slices[0].known.len()), (1, 1));
    }
}
