//! Nodes that look at the database seldom, or read from a copy of it.

use super::{CHEAP, World};
use auth::form::UserFilter;
use auth::random::SystemRandom;
use auth::session::Caller;
use auth::store::{DatabaseSettings, ReplicaSettings, Store};
use auth::{Auth, flow};
use std::time::{Duration, Instant};

/// So seldom that no look comes within a story.
pub const SELDOM: Duration = Duration::from_secs(3600);

/// How many connections of this database listen to what is told.
const LISTENERS: &str = "SELECT CAST(COUNT(*) AS BIGINT) AS number FROM pg_stat_activity \
    WHERE datname = current_database() AND query LIKE 'LISTEN%'";

impl World {
    /// Another node on the same database that looks this often at what others did.
    pub async fn node_that_looks_every(&self, interval: Duration) -> Auth {
        self.node_by(DatabaseSettings { looks_every: interval, ..DatabaseSettings::at(&self.database.url) }).await
    }

    /// Another node that reads lists from a copy, while that is five seconds behind at most.
    pub async fn node_with_replica(&self, url: &str) -> Auth {
        let replica = ReplicaSettings { url: url.to_owned(), most_lag: 5 };
        self.node_by(DatabaseSettings { replica: Some(replica), ..DatabaseSettings::at(&self.database.url) }).await
    }

    async fn node_by(&self, settings: DatabaseSettings) -> Auth {
        let store = Store::open(&settings).await.unwrap();
        let settings = super::settings(CHEAP, None);
        Auth::open(settings, store, self.clock.clone(), std::sync::Arc::new(SystemRandom)).await.unwrap()
    }

    /// Waits until so many nodes listen.
    pub async fn until_heard_by(&self, listeners: i64) {
        until("nobody listens", Duration::from_secs(10), async || self.number(LISTENERS).await == listeners).await;
    }
}

/// How many accounts an administrator sees.
pub async fn listed(node: &Auth, admin: &Caller) -> usize {
    flow::admin_list_users(node, admin, UserFilter::default(), None).await.unwrap().items.len()
}

/// Waits for something that must come in time.
pub async fn until(why: &str, patience: Duration, has_come: impl AsyncFn() -> bool) {
    let begun = Instant::now();
    while !has_come().await {
        assert!(begun.elapsed() < patience, "{why}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
