//! Codes by mail are no factor any more.

use super::reauthenticate::require_fresh_proof;
use crate::factor::notice::tell_factor_removed;
use crate::factor::recovery_codes::forget_recovery_codes;
use crate::session::Caller;
use crate::{Auth, Context, ErrorCode, FactorMethod, Result};

/// Takes the factor away, and kills every code that is on its way. Asks for a fresh proof. An account that must have
/// a factor is not kept from it: a mailed code was never one that counts.
///
/// # Errors
/// [`ErrorCode::SignedOut`], [`ErrorCode::ReauthenticationRequired`]; [`ErrorCode::FactorUnavailable`] when they are
/// off.
pub async fn switch_off_email_codes(auth: &Auth, caller: &Caller, context: &Context) -> Result<()> {
    require_fresh_proof(auth, caller).await?;
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    let user = tx.hold_owner(&caller.user_id, now).await?.ok_or(ErrorCode::SignedOut)?;
    if !tx.is_live_session(&caller.session_id, now).await? {
        return Err(ErrorCode::SignedOut.into());
    }
    if !user.factors.contains(FactorMethod::EmailCode) {
        return Err(ErrorCode::FactorUnavailable.into());
    }
    let left = tx.remove_factor(&user.id, FactorMethod::EmailCode).await?.ok_or(ErrorCode::SignedOut)?;
    if left.is_empty() {
        forget_recovery_codes(&mut tx, &user.id).await?;
    }
    tx.kill_sent_codes(&user.id, FactorMethod::EmailCode, now).await?;
    tell_factor_removed(auth, &mut tx, &user, FactorMethod::EmailCode, Some(&caller.session_id), context).await?;
    tx.commit().await?;
    auth.wake_worker();
    Ok(())
}
