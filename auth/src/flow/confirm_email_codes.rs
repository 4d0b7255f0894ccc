//! The mailbox proves itself, and codes by mail are a factor of the account from then on. They follow its address: to
//! another one, which proved itself before it became the account's, the next code goes.

use super::reauthenticate::require_proved_once;
use super::refused_sign_in::noting_refused_code;
use crate::factor::RecoveryCodes;
use crate::factor::code_enrolment::{enrolment, spend_try};
use crate::factor::notice::tell_factor_added;
use crate::factor::recovery_codes::ensure_recovery_codes;
use crate::factor::sent_code::{SentTo, use_code};
use crate::session::Caller;
use crate::{Auth, Context, ErrorCode, FactorMethod, Result, TypedCode};

/// Consumes the code. Gives recovery codes when it is the first factor. The session gave a fresh proof when it asked
/// for the code.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::WrongCode`] for a code that is wrong, used, replaced, too old, or of another
/// session or address; [`ErrorCode::CodeExhausted`] after five tries.
pub async fn confirm_email_codes(
    auth: &Auth,
    caller: &Caller,
    code: &TypedCode,
    context: &Context,
) -> Result<Option<RecoveryCodes>> {
    let session = auth.session_of(caller).await?;
    let to = SentTo::Email(session.email.clone());
    noting_refused_code(auth, &session, spend_try(auth, caller, &to, code).await, context).await?;

    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    let user = tx.hold_owner(&caller.user_id, now).await?.ok_or(ErrorCode::SignedOut)?;
    require_proved_once(&session, &user.factors)?;
    if !tx.is_live_session(&caller.session_id, now).await? {
        return Err(ErrorCode::SignedOut.into());
    }
    if !use_code(auth, &mut tx, &user.id, &to, &enrolment(caller), code).await? {
        return Err(ErrorCode::WrongCode.into());
    }
    tx.add_factor(&user.id, FactorMethod::EmailCode, now).await?;
    let made = ensure_recovery_codes(auth, &mut tx, &user.id).await?;
    tell_factor_added(auth, &mut tx, &user, FactorMethod::EmailCode, Some(&caller.session_id), context).await?;
    tx.commit().await?;
    auth.wake_worker();
    Ok(made)
}
