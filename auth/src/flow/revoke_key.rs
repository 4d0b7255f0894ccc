//! Revoking a key that leaked: whatever it signed is refused at once, on every node within a second.
//!
//! The signing key has a successor in the same transaction, which signs at once, so that people stay signed
//! in: their refresh tokens do not depend on it. Keys that wait, and pairs that still verify, are revoked with
//! it, because whoever read one could read the others.

use super::add_key::{By, TRIES, note};
use super::list_keys;
use crate::store::NewKey;
use crate::token::Algorithm;
use crate::view::{KeyState, KeyView};
use crate::{Auth, ErrorCode, EventKind, Result};

/// What takes the place of a revoked key: a key that signs so many seconds from now.
struct Successor {
    key: NewKey,
    lead: i64,
}

/// Revokes a key; one that was revoked before is no failure. Its private half is erased. A shared secret is
/// revoked under every name. Whoever calls this has made sure that an operator asks.
///
/// # Errors
/// [`ErrorCode::NotFound`] when there is no such key. [`ErrorCode::ChangedMeanwhile`] when others kept
/// changing the keys.
pub async fn revoke_key(auth: &Auth, kid: &str) -> Result<()> {
    revoke_key_by(auth, kid, None).await
}

/// The same, by an administrator.
pub(super) async fn revoke_key_by(auth: &Auth, kid: &str, by: By<'_>) -> Result<()> {
    for _ in 0..TRIES {
        let keys = list_keys(auth).await?;
        // Compared here: a database need not take every text.
        let key = keys.iter().find(|key| key.id == kid).ok_or(ErrorCode::NotFound)?;
        if key.state == KeyState::Revoked || try_to_revoke(auth, key, &keys, by).await? {
            return Ok(());
        }
    }
    Err(ErrorCode::ChangedMeanwhile.into())
}

/// `false` when the keys changed meanwhile; then nothing happened.
async fn try_to_revoke(auth: &Auth, key: &KeyView, keys: &[KeyView], by: By<'_>) -> Result<bool> {
    let mut leaked = auth.vault.same_secret_as(&auth.keys().current(), &key.id);
    let is_signing = |id: &str| keys.iter().any(|key| key.id == id && key.state == KeyState::Signing);
    if is_signing(&key.id) || leaked.iter().any(|id| is_signing(id)) {
        let is_pair = |key: &KeyView| key.algorithm != Algorithm::Hs256.as_str();
        let goes_too = |other: &&KeyView| match other.state {
            KeyState::Next => true,
            // Pairs lie together. A secret is in the hands of other services: it leaks alone.
            KeyState::Verifying => is_pair(key) && is_pair(other),
            _ => false,
        };
        let others = keys.iter().filter(goes_too).filter(|other| other.id != key.id);
        let more: Vec<String> = others.map(|other| other.id.clone()).filter(|id| !leaked.contains(id)).collect();
        leaked.extend(more);
    }
    let successor = successor(auth, key, &leaked, keys).await?;
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    if !tx.revoke_signing_key(&key.id, now).await? {
        return Ok(false);
    }
    for id in &leaked {
        tx.revoke_signing_key(id, now).await?;
    }
    if let Some(Successor { key, lead }) = &successor
        && !tx.insert_signing_key(key, now, now.plus_seconds(*lead)).await?
    {
        return Ok(false);
    }
    note(auth, &mut tx, by, EventKind::AdminKeyRevoked, &key.id).await?;
    tx.commit().await?;
    auth.learn_keys().await?;
    Ok(true)
}

/// The key that takes the place of what is revoked. A shared secret cannot take the place of itself: until
/// the operator sets another one, a key pair signs.
async fn successor(auth: &Auth, key: &KeyView, leaked: &[String], keys: &[KeyView]) -> Result<Option<Successor>> {
    let ring = auth.keys().current();
    let goes = |id: &str| id == key.id || leaked.iter().any(|leaked| leaked == id);
    let is_spent = ring.rows().any(|row| auth.vault.is_our_secret(row) && (row.revoked_at.is_some() || goes(&row.id)));
    let wanted = auth.vault.wanted();
    let is_wanted_possible = wanted != Algorithm::Hs256 || !is_spent;
    let has = |state: KeyState| keys.iter().any(|key| key.state == state && goes(&key.id));
    let (algorithm, lead) = if has(KeyState::Signing) {
        (if is_wanted_possible { wanted } else { Algorithm::EdDsa }, 0)
    } else if has(KeyState::Next) && is_wanted_possible {
        (wanted, auth.vault.settings().publish_seconds)
    } else {
        return Ok(None);
    };
    let key = auth.vault.make(algorithm, ring.next_sequence(), &auth.random).await?;
    Ok(Some(Successor { key, lead }))
}
