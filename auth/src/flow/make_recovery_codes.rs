//! New recovery codes, when most of the old ones are used or somebody else may have seen them.

use super::reauthenticate::require_fresh_proof;
use super::secure_account::new_notice_link;
use crate::factor::recovery_codes::{RecoveryCodes, replace_recovery_codes};
use crate::mail::{Mail, Message};
use crate::session::Caller;
use crate::{Auth, Context, ErrorCode, EventKind, Result};

/// Makes ten; the old ones work no more. Tells the person by mail. Asks for a fresh proof.
///
/// # Errors
/// [`ErrorCode::SignedOut`], [`ErrorCode::ReauthenticationRequired`]; [`ErrorCode::FactorUnavailable`] for an account
/// without a second factor, which needs none.
pub async fn make_recovery_codes(auth: &Auth, caller: &Caller, context: &Context) -> Result<RecoveryCodes> {
    require_fresh_proof(auth, caller).await?;
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    let user = tx.hold_owner(&caller.user_id, now).await?.ok_or(ErrorCode::SignedOut)?;
    if !tx.is_live_session(&caller.session_id, now).await? {
        return Err(ErrorCode::SignedOut.into());
    }
    if user.factors.is_empty() {
        return Err(ErrorCode::FactorUnavailable.into());
    }
    let codes = replace_recovery_codes(auth, &mut tx, &user.id).await?;
    let message = Message::RecoveryCodesMade {
        name: user.name,
        device: context.device.clone(),
        at: now,
        link: new_notice_link(auth, &mut tx, &user.id, &user.email, now).await?,
    };
    auth.promise_mail(&mut tx, &Mail { to: user.email, locale: user.locale, message }).await?;
    let subject = (Some(&caller.user_id), Some(&caller.session_id));
    auth.audit(&mut tx, EventKind::RecoveryCodesMade, subject, context).await?;
    tx.commit().await?;
    auth.wake_worker();
    Ok(codes)
}
