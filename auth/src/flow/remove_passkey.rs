//! Removing a passkey, such as that of a phone that is gone.

use uuid::Uuid;

use super::factor_policy::require_enough_left;
use super::reauthenticate::require_fresh_proof;
use super::ways_in::has_way_in;
use crate::factor::notice::tell_factor_removed;
use crate::factor::recovery_codes::forget_recovery_codes;
use crate::id::PasskeyId;
use crate::session::Caller;
use crate::{Auth, Context, ErrorCode, FactorMethod, Result};

/// Removes a passkey of the caller: nobody signs in with it from now on. Tells the person by mail, ends the trust in
/// devices, and asks for a fresh proof.
///
/// # Errors
/// [`ErrorCode::SignedOut`], [`ErrorCode::ReauthenticationRequired`]; [`ErrorCode::NotFound`] for a passkey that is
/// not the caller's, whether it exists or not; [`ErrorCode::LastFactor`] for the last one of an account that has
/// neither a password nor a connection, and for the last strong factor of an account that must have one.
pub async fn remove_passkey(auth: &Auth, caller: &Caller, id: &PasskeyId, context: &Context) -> Result<()> {
    require_fresh_proof(auth, caller).await?;
    // A database need not take every text: PostgreSQL refuses a zero byte.
    if Uuid::try_parse(id.as_str()).is_err() {
        return Err(ErrorCode::NotFound.into());
    }
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    let user = tx.hold_owner(&caller.user_id, now).await?.ok_or(ErrorCode::SignedOut)?;
    if !tx.is_live_session(&caller.session_id, now).await? {
        return Err(ErrorCode::SignedOut.into());
    }
    if !tx.delete_passkey(&user.id, id).await? {
        return Err(ErrorCode::NotFound.into());
    }
    if tx.count_passkeys(&user.id).await? == 0 {
        if !has_way_in(auth, &mut tx, &user).await? {
            return Err(ErrorCode::LastFactor.into());
        }
        let left = tx.remove_factor(&user.id, FactorMethod::Passkey).await?.ok_or(ErrorCode::SignedOut)?;
        require_enough_left(auth, &user, &left)?;
        if left.is_empty() {
            forget_recovery_codes(&mut tx, &user.id).await?;
        }
    }
    tell_factor_removed(auth, &mut tx, &user, FactorMethod::Passkey, Some(&caller.session_id), context).await?;
    tx.commit().await?;
    auth.wake_worker();
    Ok(())
}
