//! Rotating the keys that sign access tokens (NIST SP 800-57 Part 1, 5.3; ASVS 5.0, 11.1.1).
//!
//! The next key is published first and signs when everybody knows it: every node after two seconds, other
//! services when the copies of the public keys that they may keep are over. Nobody is signed out, because
//! the key before it goes on verifying.

use super::add_key::{By, TRIES, add_key};
use super::list_keys;
use crate::token::{Algorithm, SPREAD_SECONDS};
use crate::view::{KeyState, KeyView};
use crate::{Auth, ErrorCode, Result};

const DAY: i64 = 24 * 60 * 60;

/// Publishes the next key, and gives it. One that waits already is the next one: nodes and operators that
/// rotate in the same moment make one key. With `at_once` it signs in two seconds, when every node knows
/// it; other services then meet a `kid` that their copy of the public keys may lack. Whoever calls this has
/// made sure that an operator asks.
///
/// # Errors
/// [`ErrorCode::SecretIsASetting`] where keys are shared secrets: the operator sets another one.
/// [`ErrorCode::ChangedMeanwhile`] when others kept changing the keys.
pub async fn rotate_keys(auth: &Auth, at_once: bool) -> Result<KeyView> {
    rotate_keys_by(auth, at_once, None).await
}

/// The same, by an administrator.
pub(super) async fn rotate_keys_by(auth: &Auth, at_once: bool, by: By<'_>) -> Result<KeyView> {
    let algorithm = auth.vault.wanted();
    if algorithm == Algorithm::Hs256 {
        return Err(ErrorCode::SecretIsASetting.into());
    }
    let lead = if at_once { SPREAD_SECONDS } else { auth.vault.settings().publish_seconds };
    for _ in 0..TRIES {
        let waiting = list_keys(auth).await?.into_iter().find(|key| key.state == KeyState::Next);
        if let Some(next) = waiting {
            return if at_once { hasten(auth, next).await } else { Ok(next) };
        }
        if let Some(added) = add_key(auth, algorithm, lead, by).await? {
            return Ok(added);
        }
    }
    Err(ErrorCode::ChangedMeanwhile.into())
}

/// Lets a key that waits sign as soon as every node knows of it.
async fn hasten(auth: &Auth, next: KeyView) -> Result<KeyView> {
    let mut tx = auth.store.begin().await?;
    tx.hasten_signing_key(&next.id, auth.now().plus_seconds(SPREAD_SECONDS)).await?;
    tx.commit().await?;
    Ok(list_keys(auth).await?.into_iter().find(|key| key.id == next.id).unwrap_or(next))
}

/// Publishes the next key when the signing one has signed for long enough but for the time that a key is
/// published before. None is due while one waits. A shared secret is never replaced by itself.
///
/// # Errors
/// Those of [`rotate_keys`].
pub async fn rotate_due_key(auth: &Auth) -> Result<Option<KeyView>> {
    let settings = auth.vault.settings();
    if settings.rotation_days == 0 || settings.algorithm == Algorithm::Hs256 {
        return Ok(None);
    }
    let now = auth.now();
    let keys = auth.keys().current().views(now);
    let after = settings.rotation_days * DAY - settings.publish_seconds;
    let is_due = |key: &KeyView| key.state == KeyState::Signing && key.signs_from.plus_seconds(after) <= now;
    if keys.iter().any(|key| key.state == KeyState::Next) || !keys.iter().any(is_due) {
        return Ok(None);
    }
    rotate_keys(auth, false).await.map(Some)
}
