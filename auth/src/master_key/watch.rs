//! Telling the others, twice a minute, which master key this node seals with, and looking which ones they use.

use std::time::Duration;

use super::TOLD_SECONDS;
use super::needed::missing;
use crate::{Auth, Result};

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

impl Auth {
    /// Tells it for ever.
    pub async fn tell_master_key(self) {
        loop {
            match tokio::time::timeout(PATIENCE, self.note_master_key()).await {
                Ok(Ok(names)) => {
                    for name in names {
                        tracing::error!(
                            key = name,
                            "another node seals with a master key that this one lacks; name it in other_master_keys here"
                        );
                    }
                }
                Ok(Err(error)) => tracing::warn!(%error, "cannot tell which master key seals; it goes on"),
                Err(_) => tracing::warn!("the database does not take which master key seals; it goes on"),
            }
            tokio::time::sleep(Duration::from_secs(TOLD_SECONDS.unsigned_abs())).await;
        }
    }

    /// Tells it once, and gives the names of master keys that something is sealed under and that this node lacks.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_master_key(&self) -> Result<Vec<String>> {
        self.store.note_master_key(self.sealer.key_name(), self.now()).await?;
        Ok(missing(&self.sealer, &self.store).await?)
    }
}
