//! The keys that sign access tokens, in the hands of an administrator. What the keys themselves do is in
//! the flows that the schedule and the command line use as well.
//!
//! Both acts are risky and ask for a fresh proof (ASVS 5.0, 7.5.3). The line in the audit log is written in
//! the transaction of the act.

use super::list_keys;
use super::permission::require_permission;
use super::reauthenticate::require_fresh_proof;
use super::revoke_key::revoke_key_by;
use super::rotate_keys::rotate_keys_by;
use crate::session::Caller;
use crate::view::KeyView;
use crate::{Auth, Context, ErrorCode, Permission, Result};

/// Keys that may be made in a day before administrators are held back; the command line never is.
const MOST_A_DAY: usize = 20;

/// Every key.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not see them.
pub async fn admin_list_keys(auth: &Auth, caller: &Caller) -> Result<Vec<KeyView>> {
    require_permission(auth, caller, Permission::ReadKeys).await?;
    list_keys(auth).await
}

/// Publishes the next key, which signs once every other service can know it. One that waits already is the
/// next one.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not;
/// [`ErrorCode::ReauthenticationRequired`]; [`ErrorCode::TooManyKeys`]; what the rotation refuses.
pub async fn admin_rotate_keys(auth: &Auth, caller: &Caller, context: &Context) -> Result<KeyView> {
    require_permission(auth, caller, Permission::ManageKeys).await?;
    require_fresh_proof(auth, caller).await?;
    hold_back(auth).await?;
    rotate_keys_by(auth, false, Some((caller, context))).await
}

/// Revokes a key: every access token it signed is refused at once, and renewed unseen. One that was revoked
/// before is no failure.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not, and when there is no such key;
/// [`ErrorCode::ReauthenticationRequired`]; [`ErrorCode::TooManyKeys`]; what the revocation refuses.
pub async fn admin_revoke_key(auth: &Auth, caller: &Caller, kid: &str, context: &Context) -> Result<()> {
    require_permission(auth, caller, Permission::ManageKeys).await?;
    require_fresh_proof(auth, caller).await?;
    hold_back(auth).await?;
    revoke_key_by(auth, kid, Some((caller, context))).await
}

/// Every change of the keys may make one, and each stays known for a long time.
async fn hold_back(auth: &Auth) -> Result<()> {
    let since = auth.now().minus_seconds(24 * 60 * 60);
    let made = list_keys(auth).await?.iter().filter(|key| key.created_at > since).count();
    if made >= MOST_A_DAY { Err(ErrorCode::TooManyKeys.into()) } else { Ok(()) }
}
