//! Where a node keeps the keys it knows.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::Mutex;

use super::{KeyRing, KeyVault};
use crate::Timestamp;
use crate::random::Random;
use crate::store::Store;

/// The keys that a node knows: read for every token, replaced as a whole when they changed. Cheap to clone.
#[derive(Clone)]
pub struct Keys(Arc<Known>);

struct Known {
    ring: RwLock<Arc<KeyRing>>,
    /// When the store was last asked, in milliseconds.
    learned_at: AtomicI64,
    /// Held by who asks the store: an older answer never takes the place of a newer one.
    learning: Mutex<()>,
}

impl Keys {
    /// The keys of the store; makes the first one when there is none. Nodes that start together agree on one.
    pub(crate) async fn open(
        vault: &KeyVault,
        store: &Store,
        random: &Arc<dyn Random>,
        now: Timestamp,
    ) -> anyhow::Result<Self> {
        if store.signing_keys(1).await?.is_empty() {
            let first = vault.make(vault.wanted(), 1, random).await?;
            let mut tx = store.begin().await?;
            tx.insert_signing_key(&first, now, now).await?;
            tx.commit().await?;
        }
        let empty = KeyRing::empty();
        let ring = vault.learn(store, &empty, None, now).await?.unwrap_or(empty);
        let known =
            Known { ring: RwLock::new(Arc::new(ring)), learned_at: AtomicI64::new(now.0), learning: Mutex::default() };
        Ok(Self(Arc::new(known)))
    }

    /// The keys as they are known now.
    pub fn current(&self) -> Arc<KeyRing> {
        Arc::clone(&self.0.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts another picture of the keys in the place of the known one.
    pub(crate) fn replace(&self, ring: KeyRing) {
        let mut known = self.0.ring.write().unwrap_or_else(PoisonError::into_inner);
        let generation = known.generation() + 1;
        *known = Arc::new(ring.with_generation(generation));
    }

    /// When the store was last asked for keys and answered.
    pub fn learned_at(&self) -> Timestamp {
        Timestamp(self.0.learned_at.load(Ordering::Relaxed))
    }

    /// Asks the store once; `false` when nothing changed.
    ///
    /// # Errors
    /// When the store cannot be asked, or a key cannot be opened; what was known stays known, but for what was revoked.
    pub(crate) async fn learn(&self, vault: &KeyVault, store: &Store, now: Timestamp) -> anyhow::Result<bool> {
        let _turn = self.0.learning.lock().await;
        let learned = match vault.learn(store, &self.current(), Some(now), now).await {
            Ok(learned) => learned,
            Err(error) => {
                if let Ok(Some(ring)) = vault.without_revoked(store, &self.current(), now).await {
                    self.replace(ring);
                }
                return Err(error);
            }
        };
        let is_changed = learned.is_some();
        if let Some(ring) = learned {
            self.replace(ring);
        }
        self.0.learned_at.store(now.0, Ordering::Relaxed);
        Ok(is_changed)
    }
}
