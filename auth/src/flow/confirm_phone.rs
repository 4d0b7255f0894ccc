//! A number proves itself, and codes by SMS are a factor of the account from then on.

use super::reauthenticate::require_proved_once;
use super::refused_sign_in::noting_refused_code;
use crate::factor::RecoveryCodes;
use crate::factor::code_enrolment::{enrolment, spend_try};
use crate::factor::notice::tell_factor_added;
use crate::factor::recovery_codes::ensure_recovery_codes;
use crate::factor::sent_code::{SentTo, use_code};
use crate::session::Caller;
use crate::{Auth, Context, ErrorCode, FactorMethod, Result, TypedCode};

/// Consumes the code and makes the number the account's, in place of the one before. Gives recovery codes when it is
/// the first factor. The session gave a fresh proof when it asked for the code.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::WrongCode`] for a code that is wrong, used, replaced, too old, or of another
/// session or number; [`ErrorCode::CodeExhausted`] after five tries.
pub async fn confirm_phone(
    auth: &Auth,
    caller: &Caller,
    code: &TypedCode,
    context: &Context,
) -> Result<Option<RecoveryCodes>> {
    let session = auth.session_of(caller).await?;
    let wanted = auth.store.phone_numbers(&caller.user_id).await?.wanted;
    let (number, _) = wanted.ok_or(ErrorCode::WrongCode)?;
    let to = SentTo::Phone(number.clone());
    noting_refused_code(auth, &session, spend_try(auth, caller, &to, code).await, context).await?;

    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    let user = tx.hold_owner(&caller.user_id, now).await?.ok_or(ErrorCode::SignedOut)?;
    require_proved_once(&session, &user.factors)?;
    if !tx.is_live_session(&caller.session_id, now).await? {
        return Err(ErrorCode::SignedOut.into());
    }
    let is_used = use_code(auth, &mut tx, &user.id, &to, &enrolment(caller), code).await?;
    if !is_used || !tx.prove_phone_number(&user.id, &number, now).await? {
        return Err(ErrorCode::WrongCode.into());
    }
    if user.factors.contains(FactorMethod::SmsCode) {
        // Another number: what was trusted on the word of the old one is asked again.
        tx.revoke_trusted_devices(&user.id, now).await?;
        tx.forget_factor_proofs(&user.id, Some(&caller.session_id)).await?;
    }
    // Codes on their way to the number of before prove nothing any more.
    tx.kill_sent_codes(&user.id, FactorMethod::SmsCode, now).await?;
    tx.add_factor(&user.id, FactorMethod::SmsCode, now).await?;
    // Truly proved a moment ago: the next risky act in this session need not ask for another code.
    tx.set_factor_proved(&caller.session_id, FactorMethod::SmsCode, now).await?;
    let made = ensure_recovery_codes(auth, &mut tx, &user.id).await?;
    tell_factor_added(auth, &mut tx, &user, FactorMethod::SmsCode, Some(&caller.session_id), context).await?;
    tx.commit().await?;
    auth.wake_worker();
    Ok(made)
}
