//! Whether the ring has every key that something is sealed under.

use crate::crypto::{MasterKeys, Sealer};
use crate::store::{DatabaseSettings, Store};

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

/// Whether a ring has every key that a database needs, asked before its tables are changed: with the wrong key nothing happens to
/// them. Nothing is changed for it, and the tables may be older than this program.
///
/// # Errors
/// [`MissingMasterKey`]; when the database cannot be reached.
pub async fn check(ring: &MasterKeys, database: &DatabaseSettings) -> anyhow::Result<()> {
    let sealer = Sealer::new(ring);
    let (mut names, sealed) = Store::needed_master_keys(database).await?;
    names.extend(sealed.as_deref().and_then(Sealer::key_of).map(str::to_owned));
    match names.into_iter().find(|name| !sealer.knows(name)) {
        Some(name) => Err(MissingMasterKey(name).into()),
        None => Ok(()),
    }
}
