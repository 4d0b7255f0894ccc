//! What a node does to know of the others: it hears what they tell, and looks whether the copy that lists are read from is
//! close behind.

use std::time::Duration;

use crate::Auth;
use crate::store::Nearness;

/// How often the copy is looked at.
const LOOK: Duration = Duration::from_secs(1);

impl Auth {
    /// Hears of what other nodes end, revoke and activate, for ever; returns at once where there are none.
    pub async fn hear_other_nodes(self) {
        self.store.hear_news().await;
    }

    /// Looks at the copy of the database for ever; returns at once where there is none.
    pub async fn watch_replica(self) {
        let mut last = None;
        while self.store.has_replica() {
            match self.store.look_at_replica(self.now()).await {
                Ok(now) => {
                    let kind = std::mem::discriminant(&now);
                    // Said once, and not each second.
                    if last.replace(kind) != Some(kind) {
                        tell(now);
                    }
                }
                Err(error) => {
                    if last.take().is_some() {
                        tracing::warn!(%error, "how far the replica is behind cannot be seen; lists are not read there");
                    }
                }
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Looks at the copy once, and says whether lists are read there.
    ///
    /// # Errors
    /// When the database itself fails.
    pub async fn look_at_replica(&self) -> crate::Result<bool> {
        Ok(matches!(self.store.look_at_replica(self.now()).await?, Nearness::Close(_)))
    }
}

fn tell(nearness: Nearness) {
    match nearness {
        Nearness::Close(behind_ms) => tracing::info!(behind_ms, "lists are read from the replica"),
        Nearness::Far => tracing::warn!("the replica is too far behind; lists are read from the database itself"),
        Nearness::Silent => tracing::warn!("the replica does not answer; lists are read from the database itself"),
    }
}
