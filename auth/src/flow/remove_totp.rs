//! Taking the authenticator app off an account.

use super::factor_policy::require_enough_left;
use super::reauthenticate::require_fresh_proof;
use crate::factor::notice::tell_factor_removed;
use crate::factor::recovery_codes::forget_recovery_codes;
use crate::session::Caller;
use crate::{Auth, Context, ErrorCode, FactorMethod, Result};

/// Forgets the secret; its codes open nothing any more. Tells the person by mail. Asks for a fresh proof. With the last
/// factor the recovery codes go as well.
///
/// # Errors
/// [`ErrorCode::SignedOut`], [`ErrorCode::ReauthenticationRequired`]; [`ErrorCode::FactorUnavailable`] when the account
/// has no app; [`ErrorCode::LastFactor`] for the last strong factor of an account that must have one.
pub async fn remove_totp(auth: &Auth, caller: &Caller, context: &Context) -> Result<()> {
    require_fresh_proof(auth, caller).await?;
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    let user = tx.hold_owner(&caller.user_id, now).await?.ok_or(ErrorCode::SignedOut)?;
    if !tx.is_live_session(&caller.session_id, now).await? {
        return Err(ErrorCode::SignedOut.into());
    }
    if !tx.delete_totp(&user.id).await? {
        return Err(ErrorCode::FactorUnavailable.into());
    }
    let left = tx.remove_factor(&user.id, FactorMethod::Totp).await?.ok_or(ErrorCode::SignedOut)?;
    require_enough_left(auth, &user, &left)?;
    if left.is_empty() {
        forget_recovery_codes(&mut tx, &user.id).await?;
    }
    tell_factor_removed(auth, &mut tx, &user, FactorMethod::Totp, Some(&caller.session_id), context).await?;
    tx.commit().await?;
    auth.wake_worker();
    Ok(())
}
