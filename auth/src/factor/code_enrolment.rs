//! Proving a number or the own address with a code before codes to it count as a factor. A code of an enrolment is
//! bound to its session and to nothing else, so it never opens a sign-in.

use subtle::ConstantTimeEq as _;

use super::sent_code::{DIGITS, SentTo, code_mac};
use super::{FactorMethod, TypedCode};
use crate::id::UserId;
use crate::session::Caller;
use crate::store::MAX_WRONG_CODES;
use crate::view::WaitingCode;
use crate::{Auth, ErrorCode, Result};

/// What the codes of an enrolment in this session are bound to.
pub(crate) fn enrolment(caller: &Caller) -> String {
    format!("enrolment:{}", caller.session_id.as_str())
}

/// Spends a try of the code that waits, and compares. The code is consumed where it is used.
///
/// # Errors
/// [`ErrorCode::WrongCode`] also when none waits; [`ErrorCode::CodeExhausted`] after five tries.
pub(crate) async fn spend_try(auth: &Auth, caller: &Caller, to: &SentTo, code: &TypedCode) -> Result<()> {
    let (bound_to, now) = (enrolment(caller), auth.now());
    let mut tx = auth.store.begin().await?;
    let tried = tx.try_sent_code(&caller.user_id, to.method(), &bound_to, now).await?;
    tx.commit().await?;
    let Some(waiting) = tried else {
        let waiting = auth.store.live_sent_code(&caller.user_id, to.method(), &bound_to, now).await?;
        return Err(if waiting.is_some() { ErrorCode::CodeExhausted } else { ErrorCode::WrongCode }.into());
    };
    let expected = code_mac(auth, to, &bound_to, code.digits(DIGITS).unwrap_or_default());
    if bool::from(expected.as_bytes().ct_eq(waiting.code_mac.as_bytes())) {
        return Ok(());
    }
    Err(if waiting.wrong_codes >= MAX_WRONG_CODES { ErrorCode::CodeExhausted } else { ErrorCode::WrongCode }.into())
}

/// The code that waits in this session, for its page.
pub(crate) async fn waiting_code(
    auth: &Auth,
    user: &UserId,
    method: FactorMethod,
    bound_to: &str,
) -> Result<Option<WaitingCode>> {
    let now = auth.now();
    let found = auth.store.live_sent_code(user, method, bound_to, now).await?;
    Ok(found.map(|code| WaitingCode {
        sent_at: code.created_at,
        expires_at: code.expires_at,
        resend_in: count(auth.lifetimes.resend - now.seconds_since(code.created_at)),
        tries_left: count(MAX_WRONG_CODES - code.wrong_codes),
    }))
}

/// None below zero.
fn count(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(0)
}
