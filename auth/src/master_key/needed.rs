//! Whether the ring has every key that something is sealed under.

use crate::crypto::Sealer;
use crate::store::Store;

/// The settings lack a master key. The name of a key tells nothing of it.
#[derive(Debug, thiserror::Error)]
#[error(
    "master_key_missing: what is sealed in this database cannot be opened without the master key called {0}; set MASTER_KEY \
     to the key this database was made with, or, while master keys are rotated, name it in OTHER_MASTER_KEYS as well \
     (docs/keys.md)"
)]
pub struct MissingMasterKey(pub String);

/// Names of keys that something is sealed under and that are not in the ring.
///
/// # Errors
/// When the database fails.
pub(super) async fn missing(sealer: &Sealer, store: &Store) -> crate::store::Result<Vec<String>> {
    let rows = store.master_keys().await?;
    let missing = rows.into_iter().filter(|row| row.retired_at.is_none() && !sealer.knows(&row.id));
    Ok(missing.map(|row| row.id).collect())
}
