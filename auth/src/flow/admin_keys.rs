//! The keys that sign access tokens, in the hands of an administrator. What the keys themselves do is in
//! the flows that the schedule and the command line use as well.
//!
//! Both acts are risky and ask for a fresh proof (ASVS 5.0, 7.5.3). The line in the audit log follows the
//! act: it never tells of something that did not happen.

use super::permission::require_permission;
use super::reauthenticate::require_fresh_proof;
use super::{list_keys, revoke_key, rotate_keys};
use crate::session::Caller;
use crate::view::{KeyState, KeyView};
use crate::{Auth, Context, EventKind, Permission, Result};

/// Every key.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`]; [`crate::ErrorCode::NotFound`] for who may not see them.
pub async fn admin_list_keys(auth: &Auth, caller: &Caller) -> Result<Vec<KeyView>> {
    require_permission(auth, caller, Permission::ReadKeys).await?;
    list_keys(auth).await
}

/// Publishes the next key, which signs once every other service can know it. One that waits already is the
/// next one.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`]; [`crate::ErrorCode::NotFound`] for who may not;
/// [`crate::ErrorCode::ReauthenticationRequired`]; what the rotation refuses.
pub async fn admin_rotate_keys(auth: &Auth, caller: &Caller, context: &Context) -> Result<KeyView> {
    require_permission(auth, caller, Permission::ManageKeys).await?;
    require_fresh_proof(auth, caller).await?;
    let known = list_keys(auth).await?;
    let next = rotate_keys(auth, false).await?;
    if known.iter().all(|key| key.id != next.id) {
        note(auth, caller, EventKind::AdminKeyRotated, context).await?;
    }
    Ok(next)
}

/// Revokes a key: every access token it signed is refused at once, and renewed unseen. One that was revoked
/// before is no failure.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`]; [`crate::ErrorCode::NotFound`] for who may not, and when there is no such key;
/// [`crate::ErrorCode::ReauthenticationRequired`]; what the revocation refuses.
pub async fn admin_revoke_key(auth: &Auth, caller: &Caller, kid: &str, context: &Context) -> Result<()> {
    require_permission(auth, caller, Permission::ManageKeys).await?;
    require_fresh_proof(auth, caller).await?;
    let is_revoked = list_keys(auth).await?.iter().any(|key| key.id == kid && key.state == KeyState::Revoked);
    revoke_key(auth, kid).await?;
    if !is_revoked {
        note(auth, caller, EventKind::AdminKeyRevoked, context).await?;
    }
    Ok(())
}

async fn note(auth: &Auth, caller: &Caller, kind: EventKind, context: &Context) -> Result<()> {
    let mut tx = auth.store.begin().await?;
    let actor = (Some(&caller.user_id), Some(&caller.session_id));
    auth.audit(&mut tx, kind, actor, context).await?;
    tx.commit().await?;
    Ok(())
}
