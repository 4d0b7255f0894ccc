//! The first right code makes an authenticator app a second factor (RFC 6238; ASVS 5.0, 6.5).
//!
//! The step of that code is consumed, so it signs nobody in. The app of before, if there was one, works no more.

use super::reauthenticate::require_proved_once;
use super::refused_sign_in::noting_refused_code;
use crate::factor::notice::tell_factor_added;
use crate::factor::recovery_codes::{RecoveryCodes, ensure_recovery_codes};
use crate::factor::totp::{DIGITS, TotpSecret, place, waiting_place};
use crate::session::Caller;
use crate::store::MAX_WRONG_CODES;
use crate::{Auth, Context, ErrorCode, FactorMethod, Field, FieldIssue, Refusal, Result, TypedCode};

/// Makes the secret that waits in this session the one that works, and tells the person by mail. Gives recovery codes
/// when the account had none.
///
/// A fresh proof was given when the secret was made; it waits 15 minutes, in that session alone.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`FieldIssue::InvalidCode`] unless it is six digits, which costs no try;
/// [`ErrorCode::WrongCode`]; [`ErrorCode::CodeExhausted`] with the fifth wrong code, after which the secret is dead;
/// [`ErrorCode::FactorUnavailable`] when none waits; [`ErrorCode::ChangedMeanwhile`] when another was made, or this one
/// confirmed, in this very moment.
pub async fn confirm_totp(
    auth: &Auth,
    caller: &Caller,
    code: &TypedCode,
    context: &Context,
) -> Result<Option<RecoveryCodes>> {
    let session = auth.session_of(caller).await?;
    let malformed = || Refusal::invalid(vec![(Field::Code, FieldIssue::InvalidCode)]);
    let digits = code.digits(usize::from(DIGITS)).ok_or_else(malformed)?;
    let now = auth.now();
    let Some(tried) = auth.store.try_totp_enrolment(&caller.user_id, &caller.session_id, now).await? else {
        let dead = auth.store.totp_enrolment(&caller.user_id, &caller.session_id, now).await?;
        let refused = Err(dead.map_or(ErrorCode::FactorUnavailable, |_| ErrorCode::CodeExhausted).into());
        return noting_refused_code(auth, &session, refused, context).await;
    };
    let secret = TotpSecret::open(auth, &waiting_place(&caller.user_id), &tried.secret_sealed)?;
    let Some(step) = secret.step_of(digits, now, auth.authenticator_drift)? else {
        let is_last = tried.wrong_codes >= MAX_WRONG_CODES;
        let refused = Err(if is_last { ErrorCode::CodeExhausted } else { ErrorCode::WrongCode }.into());
        return noting_refused_code(auth, &session, refused, context).await;
    };
    let secret_sealed = secret.seal(auth, &place(&caller.user_id));

    let mut tx = auth.store.begin().await?;
    let user = tx.hold_owner(&caller.user_id, now).await?.ok_or(ErrorCode::SignedOut)?;
    require_proved_once(&session, &user.factors)?;
    // Asked again now that the account is held: a session that "this was not me" ended in this very moment adds
    // nothing.
    if !tx.is_live_session(&caller.session_id, now).await? {
        return Err(ErrorCode::SignedOut.into());
    }
    if !tx.take_totp_enrolment(&user.id, &tried.secret_sealed).await? {
        return Err(ErrorCode::ChangedMeanwhile.into());
    }
    if user.factors.contains(FactorMethod::Totp) {
        // Another app: what was trusted on the word of the old one is asked again.
        tx.revoke_trusted_devices(&user.id, now).await?;
        tx.forget_factor_proofs(&user.id, Some(&caller.session_id)).await?;
    }
    tx.set_totp_secret(&user.id, &secret_sealed, step, now).await?;
    tx.add_factor(&user.id, FactorMethod::Totp, now).await?;
    // Truly proved a moment ago: the next risky act in this session need not ask for the next code.
    tx.set_factor_proved(&caller.session_id, FactorMethod::Totp, now).await?;
    let codes = ensure_recovery_codes(auth, &mut tx, &user.id).await?;
    tell_factor_added(auth, &mut tx, &user, FactorMethod::Totp, Some(&caller.session_id), context).await?;
    tx.commit().await?;
    auth.wake_worker();
    Ok(codes)
}
