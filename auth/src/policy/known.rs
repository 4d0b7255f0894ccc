//! Where a node keeps the policies that are in force.

use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::Mutex;

use super::Compiled;
use crate::store::Store;

/// The policies that a node knows: asked for every decision, replaced as a whole when another version is activated.
#[derive(Clone)]
pub struct Policies(Arc<Known>);

struct Known {
    compiled: RwLock<Arc<Compiled>>,
    /// Held by who asks the store: a version is compiled once.
    learning: Mutex<()>,
}

impl Policies {
    /// The policies that are in force by the store.
    pub(crate) async fn open(store: &Store) -> anyhow::Result<Self> {
        let active = store.active_policies().await?;
        let compiled = Compiled::of(active.number, active.generation, active.text).await?;
        Ok(Self(Arc::new(Known { compiled: RwLock::new(Arc::new(compiled)), learning: Mutex::default() })))
    }

    /// The policies as they are known now.
    pub fn current(&self) -> Arc<Compiled> {
        Arc::clone(&self.0.compiled.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts a newer picture in the place of the known one; an older one is forgotten.
    pub(crate) fn replace(&self, compiled: Compiled) {
        let mut known = self.0.compiled.write().unwrap_or_else(PoisonError::into_inner);
        if compiled.generation > known.generation {
            *known = Arc::new(compiled);
        }
    }

    /// Asks the store once; `false` when nothing changed.
    ///
    /// # Errors
    /// When the store cannot be asked, or its policies cannot be read; what was known stays known.
    pub(crate) async fn learn(&self, store: &Store) -> anyhow::Result<bool> {
        let _turn = self.0.learning.lock().await;
        let is_changed = store.policy_state().await?.generation > self.current().generation;
        if is_changed {
            let active = store.active_policies().await?;
            self.replace(Compiled::of(active.number, active.generation, active.text).await?);
        }
        Ok(is_changed)
    }
}
