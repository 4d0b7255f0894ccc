//! Asking for codes by SMS: the number gets one and proves itself first (ASVS 5.0, 6.6.1).
//!
//! The number of before stays the factor until the new one is proved.

use super::reauthenticate::require_fresh_proof;
use crate::factor::code_enrolment::enrolment;
use crate::factor::sent_code::{SentTo, promise_code};
use crate::session::Caller;
use crate::store::Transaction;
use crate::{Auth, Context, ErrorCode, FactorMethod, PhoneNumber, Result};

/// How long a number may be sent another code without being typed again.
const HOUR: i64 = 60 * 60;

/// Notes the number and sends it a code. Asks for a fresh proof.
///
/// # Errors
/// [`ErrorCode::SignedOut`], [`ErrorCode::ReauthenticationRequired`]; [`ErrorCode::FactorUnavailable`] when no SMS are
/// sent here; [`ErrorCode::TooSoon`] with `retry_after`.
pub async fn request_phone(auth: &Auth, caller: &Caller, number: &PhoneNumber, context: &Context) -> Result<()> {
    require_fresh_proof(auth, caller).await?;
    if !auth.offers_codes(FactorMethod::SmsCode) {
        return Err(ErrorCode::FactorUnavailable.into());
    }
    let mut tx = auth.store.begin().await?;
    tx.hold_user(&caller.user_id).await?;
    tx.want_phone_number(&caller.user_id, number, auth.now()).await?;
    send(auth, tx, caller, number.clone(), context).await
}

/// Sends another code to the number that waits; the older one dies. Its fresh proof was given when it was typed.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::FactorUnavailable`] when no number waits; [`ErrorCode::TooSoon`] with
/// `retry_after`.
pub async fn resend_phone_code(auth: &Auth, caller: &Caller, context: &Context) -> Result<()> {
    auth.session_of(caller).await?;
    let mut tx = auth.store.begin().await?;
    tx.hold_user(&caller.user_id).await?;
    let wanted = tx.phone_numbers(&caller.user_id).await?.wanted;
    let hour_ago = auth.now().minus_seconds(HOUR);
    let wanted = wanted.filter(|(_, at)| *at > hour_ago && auth.offers_codes(FactorMethod::SmsCode));
    let (number, _) = wanted.ok_or(ErrorCode::FactorUnavailable)?;
    // Typed in another session, whose proof is none of this one.
    if tx.last_sent_code(&caller.user_id, FactorMethod::SmsCode, &enrolment(caller)).await?.is_none() {
        return Err(ErrorCode::FactorUnavailable.into());
    }
    send(auth, tx, caller, number, context).await
}

/// The account is held.
async fn send(auth: &Auth, mut tx: Transaction, caller: &Caller, number: PhoneNumber, context: &Context) -> Result<()> {
    let user = tx.hold_owner(&caller.user_id, auth.now()).await?.ok_or(ErrorCode::SignedOut)?;
    promise_code(auth, &mut tx, &user, SentTo::Phone(number), &enrolment(caller), context).await?;
    tx.commit().await?;
    auth.wake_worker();
    Ok(())
}
