//! Asking for the end of an account: it goes after 14 days, unless it is kept.

use secrecy::ExposeSecret;

use super::reauthenticate::require_fresh_proof;
use crate::crypto::{Purpose, token_digest};
use crate::mail::{Mail, Message};
use crate::session::Caller;
use crate::{Auth, Context, ErrorCode, EventKind, Result, Timestamp};

/// Sets the day and mails the link that keeps the account; gives the day. Until then everything works
/// as before. Asks for a fresh proof.
///
/// # Errors
/// [`ErrorCode::SignedOut`], [`ErrorCode::ReauthenticationRequired`]; [`ErrorCode::ChangedMeanwhile`]
/// when the day was set before.
pub async fn request_deletion(auth: &Auth, caller: &Caller, context: &Context) -> Result<Timestamp> {
    require_fresh_proof(auth, caller).await?;
    let token = auth.random.token();
    let delete_at = auth.now().plus_seconds(auth.lifetimes.deletion_grace);
    let digest = token_digest(Purpose::KeepAccountLink, &token);

    let mut tx = auth.store.begin().await?;
    let Some(user) = tx.schedule_deletion(&caller.user_id, delete_at, &digest).await? else {
        return Err(ErrorCode::ChangedMeanwhile.into());
    };
    let message = Message::DeletionScheduled {
        name: user.name,
        device: context.device.clone(),
        at: delete_at,
        link: format!("{}/keep-account?token={}", auth.public_url, token.expose_secret()),
    };
    auth.promise_mail(&mut tx, &Mail { to: user.email, locale: user.locale, message }).await?;
    let subject = (Some(&user.id), Some(&caller.session_id));
    auth.audit(&mut tx, EventKind::UserDeletionRequested, subject, context).await?;
    tx.commit().await?;
    auth.wake_worker();
    Ok(delete_at)
}
