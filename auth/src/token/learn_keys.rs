//! Learning which keys there are, when another node tells of one and twice a second, and making the next one when it is due. So a key that
//! leaked is refused on every node within a second, and a token never causes a read of the database.

use std::time::{Duration, Instant};

use super::Keys;
use crate::engine::Engine;
use crate::store::Topic;
use crate::view::KeyState;
use crate::{Auth, Result, Timestamp, flow};

/// How long it may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a rotation that failed is left alone.
const REST: Duration = Duration::from_secs(60);

impl Engine {
    /// The keys that this node knows.
    pub fn keys(&self) -> &Keys {
        self.access_tokens.keys()
    }

    /// When this node last learned which keys there are.
    pub fn keys_learned_at(&self) -> Timestamp {
        self.keys().learned_at()
    }
}

impl Auth {
    /// Learns once which keys there are.
    ///
    /// # Errors
    /// When the store cannot be asked or a new key cannot be opened; what was known stays known, but for what was revoked.
    pub async fn learn_keys(&self) -> Result<()> {
        let now = self.now();
        if self.keys().learn(&self.vault, &self.store, now).await? {
            let keys = self.keys().current().views(now);
            for key in keys.into_iter().filter(|key| key.state != KeyState::Retired) {
                tracing::info!(kid = key.id, algorithm = key.algorithm, state = key.state.as_str(), "a signing key");
            }
        }
        Ok(())
    }

    /// Learns which keys there are, and rotates them when it is time, for ever.
    pub async fn watch_keys(self) {
        let mut rested_at = Instant::now();
        loop {
            match tokio::time::timeout(PATIENCE, self.learn_keys()).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => {
                    tracing::warn!(error = format!("{error:#}"), "cannot learn the keys; the known ones go on");
                }
                Err(_) => tracing::warn!("the database does not tell the keys; the known ones go on"),
            }
            if Instant::now() >= rested_at {
                // Not longer: another node's lock must not keep this one from learning what was revoked.
                let why = match tokio::time::timeout(PATIENCE, flow::rotate_due_key(&self)).await {
                    Ok(Ok(_)) => None,
                    Ok(Err(error)) => Some(format!("{error:#}")),
                    Err(_) => Some("the database does not answer".to_owned()),
                };
                if let Some(error) = why {
                    tracing::warn!(error, "the next signing key could not be made");
                    rested_at = Instant::now() + REST;
                }
            }
            self.store.news().next_look(Topic::Keys).await;
        }
    }
}
