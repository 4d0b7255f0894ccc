//! How long is waited for connections to the database, and how many are in use.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use super::{Result, Store};
use crate::meter::Histogram;

/// What is known of the waits for one kind of connections since the start.
#[derive(Default)]
pub struct PoolMeter {
    /// How long was waited.
    pub waited: Histogram,
    given_up: AtomicU64,
}

/// How connections are used at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolUse {
    /// How many are in use.
    pub used: u32,
    /// How many there may be.
    pub most: u32,
}

impl PoolMeter {
    /// How often nobody got one in time.
    pub fn given_up(&self) -> u64 {
        self.given_up.load(Ordering::Relaxed)
    }

    /// Waits, and notes how long that took.
    pub(super) async fn time<T>(&self, wait: impl Future<Output = Result<T>>) -> Result<T> {
        let began = Instant::now();
        let got = wait.await;
        self.waited.note(began.elapsed());
        if matches!(got, Err(sqlx::Error::PoolTimedOut)) {
            self.given_up.fetch_add(1, Ordering::Relaxed);
        }
        got
    }
}

impl Store {
    /// The connections of this node: what they are for, how they are used, and how long is waited for them. PostgreSQL has
    /// one pool for reading and writing, and one of the replica where there is one.
    pub fn pools(&self) -> Vec<(&'static str, PoolUse, &PoolMeter)> {
        let mut pools = vec![("write", self.write.uses(), self.write.meter())];
        if self.is_sqlite() {
            pools.push(("read", self.read.uses(), self.read.meter()));
        }
        if let Some(replica) = &self.replica {
            pools.push(("replica", replica.connections().uses(), replica.connections().meter()));
        }
        pools
    }
}
