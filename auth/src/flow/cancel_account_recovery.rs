//! Calling the recovery of an account off: by the link in each of its mails, which works signed out, or in any session.

use secrecy::SecretString;

use crate::crypto::{Purpose, token_digest};
use crate::id::SessionId;
use crate::mail::{Mail, Message};
use crate::session::Caller;
use crate::store::{Transaction, UserRow};
use crate::{Auth, Context, ErrorCode, EventKind, Result};

/// Calls the recovery of a mailed link off.
///
/// # Errors
/// [`ErrorCode::LinkExpired`] when it is over, or the link is invented.
pub async fn cancel_account_recovery_by_link(auth: &Auth, token: &SecretString, context: &Context) -> Result<()> {
    let (digest, now) = (token_digest(Purpose::AccountRecoveryCancel, token), auth.now());
    let found = auth.store.account_recovery_to_cancel(&digest, now).await?.ok_or(ErrorCode::LinkExpired)?;
    let user = auth.store.user(&found.user_id).await?.ok_or(ErrorCode::LinkExpired)?;
    let mut tx = auth.store.begin().await?;
    if !tx.cancel_account_recovery(&digest, now).await? {
        return Err(ErrorCode::LinkExpired.into());
    }
    finish(auth, tx, user, None, context).await
}

/// Calls the recovery of the caller's account off. Nothing to call off is no failure.
///
/// # Errors
/// [`ErrorCode::SignedOut`].
pub async fn cancel_account_recovery(auth: &Auth, caller: &Caller, context: &Context) -> Result<()> {
    auth.session_of(caller).await?;
    let user = auth.store.user(&caller.user_id).await?.ok_or(ErrorCode::SignedOut)?;
    let mut tx = auth.store.begin().await?;
    if !tx.end_account_recovery(&caller.user_id, "cancelled", auth.now()).await? {
        return Ok(());
    }
    finish(auth, tx, user, Some(&caller.session_id), context).await
}

/// Whoever waits for it is told, and sees from where it was called off.
async fn finish(
    auth: &Auth,
    mut tx: Transaction,
    user: UserRow,
    session: Option<&SessionId>,
    context: &Context,
) -> Result<()> {
    let message = Message::RecoveryCancelled {
        name: user.name,
        device: context.device.clone(),
        at: auth.now(),
        link: format!("{}/forgot-password", auth.public_url),
    };
    auth.promise_mail(&mut tx, &Mail { to: user.email, locale: user.locale, message }).await?;
    auth.audit(&mut tx, EventKind::FactorRecoveryCancelled, (Some(&user.id), session), context).await?;
    tx.commit().await?;
    auth.wake_worker();
    Ok(())
}
