//! What this node knows of buckets: for a second it asks the database about none twice. So a flood of refused tries costs
//! nothing but this memory, and whoever signs in honestly costs one look.

use crate::Timestamp;
use crate::cache::Cache;

use super::rule::BucketState;

/// Buckets that are remembered.
const MOST: usize = 50_000;
/// Milliseconds for which a look holds. What this node counts itself, it knows at once.
const FRESH: i64 = 1000;

#[derive(Clone, Copy)]
struct Known {
    state: BucketState,
    at: Timestamp,
}

/// The memory of one node.
pub(crate) struct Memory(Cache<String, Known>);

impl Default for Memory {
    fn default() -> Self {
        Self(Cache::new(MOST))
    }
}

impl Memory {
    /// How a bucket stands, if that was seen a moment ago: also by somebody who took the time after `now` was taken.
    pub fn get(&self, bucket: &str, now: Timestamp) -> Option<BucketState> {
        let known = self.0.get(&bucket.to_owned())?;
        (-FRESH..FRESH).contains(&(now.0 - known.at.0)).then_some(known.state)
    }

    /// How a bucket stood when it was noted last, however long ago.
    pub fn last(&self, bucket: &str) -> Option<BucketState> {
        self.0.get(&bucket.to_owned()).map(|known| known.state)
    }

    /// Remembers what was read, unless something newer is known: this node may have counted while it read.
    pub fn learn(&self, bucket: &str, state: BucketState, at: Timestamp) {
        let newer = self
            .0
            .get(&bucket.to_owned())
            .is_some_and(|known| known.at > at || (known.at == at && known.state.recovered_at > state.recovered_at));
        if !newer {
            self.note(bucket, state, at);
        }
    }

    /// Remembers what was counted.
    pub fn note(&self, bucket: &str, state: BucketState, at: Timestamp) {
        self.0.put(bucket.to_owned(), Known { state, at });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(recovered_at: i64) -> BucketState {
        BucketState { recovered_at, ..BucketState::default() }
    }

    #[test]
    fn a_look_holds_for_a_second_and_hides_nothing_newer() {
        let memory = Memory::default();
        memory.note("a", state(5), Timestamp(10));
        memory.learn("a", state(4), Timestamp(10));
        assert_eq!(memory.get("a", Timestamp(10)), Some(state(5)));
        memory.learn("a", state(4), Timestamp(11));
        assert_eq!(memory.get("a", Timestamp(1010)), Some(state(4)));
        assert_eq!(memory.get("a", Timestamp(1011)), None, "it is asked for anew");
        assert_eq!(memory.get("a", Timestamp(9)), Some(state(4)), "who looked first hears who counted since");
        assert_eq!(memory.get("a", Timestamp(-990)), None, "a clock that was set back proves nothing");
        assert_eq!(memory.get("b", Timestamp(10)), None);
    }
}
