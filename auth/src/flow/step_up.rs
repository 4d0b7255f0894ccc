//! What stands before a fresh proof by a factor: which one may be used, the challenge of a passkey, the code by SMS.
//! `reauthenticate.rs` takes the proof itself.

use crate::factor::passkey::PasskeyRequest;
use crate::factor::proof::{begin_passkey_proof, recovery_codes_left, send_code};
use crate::factor::{Bound, Factors};
use crate::id::UserId;
use crate::session::Caller;
use crate::{Auth, Context, ErrorCode, FactorMethod, Result};

/// The factors that prove an account, strongest first: its strong ones, and behind them the recovery codes while it has
/// some. None for an account without a strong one: there the password counts.
pub(super) async fn proving_factors(auth: &Auth, factors: &Factors, user: &UserId) -> Result<Vec<FactorMethod>> {
    let mut proving: Vec<_> = factors.iter().filter(|method| method.is_strong()).collect();
    let knows_codes = proving.contains(&FactorMethod::RecoveryCode);
    if !proving.is_empty() && !knows_codes && recovery_codes_left(auth, user).await? > 0 {
        proving.push(FactorMethod::RecoveryCode);
    }
    Ok(proving)
}

/// What would prove the caller's person; see [`crate::flow::reauthenticate`]. None: the password.
///
/// # Errors
/// [`ErrorCode::SignedOut`].
pub async fn step_up_methods(auth: &Auth, caller: &Caller) -> Result<Vec<FactorMethod>> {
    let session = auth.session_of(caller).await?;
    proving_factors(auth, &session.factors, &session.user_id).await
}

/// A challenge for a passkey of the caller, good for this session alone.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::FactorUnavailable`] when the account has no passkey.
pub async fn step_up_passkey(auth: &Auth, caller: &Caller) -> Result<PasskeyRequest> {
    auth.session_of(caller).await?;
    let user = auth.store.user(&caller.user_id).await?.ok_or(ErrorCode::SignedOut)?;
    begin_passkey_proof(auth, &user, &Bound::Session(&caller.session_id)).await
}

/// Sends a code to the caller's phone, good for this session alone. A code by mail is no proof of a factor.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::FactorUnavailable`]; [`ErrorCode::TooSoon`].
pub async fn send_step_up_code(auth: &Auth, caller: &Caller, method: FactorMethod, context: &Context) -> Result<()> {
    auth.session_of(caller).await?;
    let user = auth.store.user(&caller.user_id).await?.ok_or(ErrorCode::SignedOut)?;
    if method != FactorMethod::SmsCode || !user.factors.contains(method) {
        return Err(ErrorCode::FactorUnavailable.into());
    }
    send_code(auth, &user, method, &Bound::Session(&caller.session_id), context).await
}
