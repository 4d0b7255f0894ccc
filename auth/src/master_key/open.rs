//! The keys of digests, as a node opens them at its start.

use anyhow::Context as _;
use std::sync::Arc;

use super::MissingMasterKey;
use super::needed::missing;
use crate::Timestamp;
use crate::crypto::{DataKey, DataKeyUse, DataKeys, MasterKey, MasterKeys, Sealer};
use crate::random::Random;
use crate::store::Store;

/// Opens them; makes them for a database that has none. Nodes that start together agree.
///
/// # Errors
/// [`MissingMasterKey`]; when the store fails, or a key was changed.
pub(crate) async fn open(
    ring: &MasterKeys,
    sealer: &Sealer,
    store: &Store,
    random: &Arc<dyn Random>,
    now: Timestamp,
) -> anyhow::Result<DataKeys> {
    if let Some(name) = missing(sealer, store).await?.into_iter().next() {
        return Err(MissingMasterKey(name).into());
    }
    let mut stored = store.data_keys().await?;
    if stored.len() < DataKeyUse::ALL.len() {
        make(ring, sealer, store, random, now).await?;
        stored = store.data_keys().await?;
    }
    let opened = |purpose: DataKeyUse| {
        let sealed = stored.iter().find(|(id, _)| id == purpose.as_str()).map(|(_, sealed)| sealed.as_str());
        let plain = sealer.open(&purpose.place(), sealed.unwrap_or_default())?;
        let bytes: [u8; 32] = plain.as_slice().try_into()?;
        anyhow::Ok(DataKey::from_bytes(bytes))
    };
    let key = |purpose: DataKeyUse| opened(purpose).with_context(|| format!("the key of {}", purpose.as_str()));
    let keys = DataKeys {
        codes: key(DataKeyUse::Codes)?,
        successors: key(DataKeyUse::Successors)?,
        audit_log: key(DataKeyUse::AuditLog)?,
        secret_names: key(DataKeyUse::SecretNames)?,
        limits: key(DataKeyUse::Limits)?,
    };
    // Last: a key that opens nothing here is never needed for a start.
    store.note_master_key(sealer.key_name(), now).await?;
    Ok(keys)
}

/// Makes what is missing: random for a new database, and for one of before those that it has its digests from.
async fn make(
    ring: &MasterKeys,
    sealer: &Sealer,
    store: &Store,
    random: &Arc<dyn Random>,
    now: Timestamp,
) -> anyhow::Result<()> {
    let before = master_key_of_before(ring, store).await?;
    let (mut tx, mut is_ours) = (store.begin().await?, false);
    for purpose in DataKeyUse::ALL {
        let key = match before {
            Some(master) => DataKey::derived(master, purpose),
            None => DataKey::random(&**random),
        };
        let sealed = sealer.seal(&**random, &purpose.place(), key.bytes());
        // What another node made in the same moment stays.
        is_ours |= tx.insert_data_key(purpose.as_str(), &sealed).await?;
    }
    if is_ours {
        tx.note_master_key(sealer.key_name(), now).await?;
        if let Some(master) = before {
            tx.note_master_key(&master.fingerprint(), now).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

/// The master key that a database was used with before it had keys of its own for digests: its signing keys name it. None:
/// it is new.
async fn master_key_of_before<'a>(ring: &'a MasterKeys, store: &Store) -> anyhow::Result<Option<&'a MasterKey>> {
    let Some(sealed) = store.newest_private_half().await? else { return Ok(None) };
    let name = Sealer::key_of(&sealed).context("a signing key is not sealed")?;
    ring.get(name).map(Some).ok_or_else(|| MissingMasterKey(name.to_owned()).into())
}
