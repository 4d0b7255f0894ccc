//! Asking for the end of an account: it goes after 14 days, unless it is kept.

use secrecy::ExposeSecret;

use super::administered::require_administrator_left;
use super::reauthenticate::require_fresh_proof;
use crate::crypto::{Purpose, token_digest};
use crate::mail::{Mail, Message};
use crate::session::Caller;
use crate::{Auth, Context, ErrorCode, EventKind, Result, Role, Timestamp};

/// Sets the day and mails the link that keeps the account; gives the day. Until then everything works
/// as before. Asks for a fresh proof.
///
/// # Errors
/// [`ErrorCode::SignedOut`], [`ErrorCode::ReauthenticationRequired`]; [`ErrorCode::LastOwner`] for the last owner of an
/// organization that others are in; [`ErrorCode::ChangedMeanwhile`] when the day was set before;
/// [`ErrorCode::LastAdministrator`] when nobody would be left who looks after the product.
pub async fn request_deletion(auth: &Auth, caller: &Caller, context: &Context) -> Result<Timestamp> {
    let session = require_fresh_proof(auth, caller).await?;
    let token = auth.random.token();
    let delete_at = auth.now().plus_seconds(auth.lifetimes.deletion_grace);
    let digest = token_digest(Purpose::KeepAccountLink, &token);

    let mut tx = auth.store.begin().await?;
    // An organization that only they are in goes with them; one with others needs another owner first.
    if tx.hold_solely_owned(&caller.user_id).await?.iter().any(|(_, has_others)| *has_others) {
        return Err(ErrorCode::LastOwner.into());
    }
    if session.role == Role::PlatformAdmin {
        tx.hold_administrators().await?;
    }
    let Some(user) = tx.schedule_deletion(&caller.user_id, delete_at, &digest).await? else {
        return Err(ErrorCode::ChangedMeanwhile.into());
    };
    if user.role == Role::PlatformAdmin {
        require_administrator_left(&mut tx, auth.now()).await?;
    }
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
