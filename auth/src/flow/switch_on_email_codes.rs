//! Asking for codes by mail: one is sent to the account's own address and proves that its mails arrive.

use super::reauthenticate::require_fresh_proof;
use crate::factor::code_enrolment::enrolment;
use crate::factor::sent_code::{SentTo, promise_code};
use crate::session::Caller;
use crate::{Auth, Context, ErrorCode, FactorMethod, Result};

/// Sends the code; an older one of this session dies. Asks for a fresh proof.
///
/// # Errors
/// [`ErrorCode::SignedOut`], [`ErrorCode::ReauthenticationRequired`]; [`ErrorCode::FactorUnavailable`] when the
/// operator switched them off; [`ErrorCode::TooSoon`] with `retry_after`.
pub async fn switch_on_email_codes(auth: &Auth, caller: &Caller, context: &Context) -> Result<()> {
    require_fresh_proof(auth, caller).await?;
    if !auth.offers_codes(FactorMethod::EmailCode) {
        return Err(ErrorCode::FactorUnavailable.into());
    }
    let mut tx = auth.store.begin().await?;
    let user = tx.hold_owner(&caller.user_id, auth.now()).await?.ok_or(ErrorCode::SignedOut)?;
    let to = SentTo::Email(user.email.clone());
    promise_code(auth, &mut tx, &user, to, &enrolment(caller), context).await?;
    tx.commit().await?;
    auth.wake_worker();
    Ok(())
}
