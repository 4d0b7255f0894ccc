//! Taking the number away: codes by SMS are no factor any more.

use super::factor_policy::require_enough_left;
use super::reauthenticate::require_fresh_proof;
use crate::factor::notice::tell_factor_removed;
use crate::factor::recovery_codes::forget_recovery_codes;
use crate::session::Caller;
use crate::{Auth, Context, ErrorCode, FactorMethod, Result};

/// Forgets the number and every code that is on its way to it. Asks for a fresh proof.
///
/// # Errors
/// [`ErrorCode::SignedOut`], [`ErrorCode::ReauthenticationRequired`]; [`ErrorCode::FactorUnavailable`] when there is
/// none; [`ErrorCode::LastFactor`] for the last strong factor of an account that must have one.
pub async fn remove_phone(auth: &Auth, caller: &Caller, context: &Context) -> Result<()> {
    require_fresh_proof(auth, caller).await?;
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    let user = tx.hold_owner(&caller.user_id, now).await?.ok_or(ErrorCode::SignedOut)?;
    if !tx.is_live_session(&caller.session_id, now).await? {
        return Err(ErrorCode::SignedOut.into());
    }
    if !user.factors.contains(FactorMethod::SmsCode) {
        return Err(ErrorCode::FactorUnavailable.into());
    }
    let left = tx.remove_factor(&user.id, FactorMethod::SmsCode).await?.ok_or(ErrorCode::SignedOut)?;
    require_enough_left(auth, &user, &left)?;
    if left.is_empty() {
        forget_recovery_codes(&mut tx, &user.id).await?;
    }
    tx.delete_phone_numbers(&user.id).await?;
    tx.kill_sent_codes(&user.id, FactorMethod::SmsCode, now).await?;
    tell_factor_removed(auth, &mut tx, &user, FactorMethod::SmsCode, Some(&caller.session_id), context).await?;
    tx.commit().await?;
    auth.wake_worker();
    Ok(())
}

/// Calls off a number that did not prove itself yet; the proved one stays. Nothing to call off is no failure.
///
/// # Errors
/// [`ErrorCode::SignedOut`].
pub async fn cancel_phone(auth: &Auth, caller: &Caller) -> Result<()> {
    auth.session_of(caller).await?;
    let mut tx = auth.store.begin().await?;
    tx.hold_user(&caller.user_id).await?;
    tx.forget_wanted_number(&caller.user_id).await?;
    tx.commit().await?;
    Ok(())
}
