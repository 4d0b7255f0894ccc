//! Tries of a bucket that are on their way on this node. A wrong password is counted after its hash, so that a right one
//! writes nothing; until then a try holds a lane, and there are only as many lanes as the bucket has free tries. So twenty
//! tries at once are no more than twenty one after the other.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;
use tokio::sync::futures::OwnedNotified;

/// All buckets that somebody tries at now.
#[derive(Clone, Default)]
pub(crate) struct Lanes(Arc<Mutex<HashMap<String, Lane>>>);

#[derive(Default)]
struct Lane {
    taken: i64,
    changed: Arc<Notify>,
}

/// A lane that is held. It is given back when dropped, also by a request that breaks off.
pub(crate) struct Held {
    lanes: Lanes,
    bucket: String,
}

impl Lanes {
    /// Takes a lane of a bucket with so many free tries left, one at least; or tells when to ask again. How many are left
    /// is asked while nobody gives a lane back: a try is counted before its lane is free.
    pub fn take(&self, bucket: &str, left: impl FnOnce() -> i64) -> Result<Held, OwnedNotified> {
        let mut lanes = self.locked();
        let left = left();
        let lane = lanes.entry(bucket.to_owned()).or_default();
        if lane.taken < left.max(1) {
            lane.taken += 1;
            return Ok(Held { lanes: self.clone(), bucket: bucket.to_owned() });
        }
        // Made while the lanes are locked: whoever gives one back afterwards wakes it.
        Err(Arc::clone(&lane.changed).notified_owned())
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<String, Lane>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut lanes = self.lanes.locked();
        let Some(lane) = lanes.get_mut(&self.bucket) else { return };
        lane.taken -= 1;
        lane.changed.notify_waiters();
        if lane.taken == 0 {
            lanes.remove(&self.bucket);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn there_are_as_many_lanes_as_free_tries_and_one_at_least() {
        let lanes = Lanes::default();
        let (one, two) = (lanes.take("a", || 2).ok().unwrap(), lanes.take("a", || 2).ok().unwrap());
        let waits = lanes.take("a", || 2).err().unwrap();
        assert!(lanes.take("b", || 0).is_ok(), "buckets do not know of each other");
        drop(one);
        waits.await;
        let three = lanes.take("a", || 2).ok().unwrap();
        drop((two, three));
        assert!(lanes.locked().is_empty(), "nothing is kept");
    }
}
