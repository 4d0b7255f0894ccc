//! The new address proves itself and takes the place of the old one, which is told and may undo it.
//!
//! The link works for who is signed in to the account that asked: nobody can be made to lend their
//! address to a stranger's account by pressing a button.

use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

use super::join_by_domain::{hold_organization_of_domain, join_by_domain};
use super::reauthenticate::require_proved_once;
use super::refused_sign_in::noting_refused_code;
use super::request_email_change::code_mac;
use crate::crypto::{Purpose, token_digest};
use crate::form::ConfirmedBy;
use crate::mail::{Mail, Message};
use crate::session::Caller;
use crate::store::{EmailChangeRow, MAX_WRONG_CODES};
use crate::{Auth, Context, Email, ErrorCode, EventKind, Result};

/// Consumes the proof and gives the account its new address.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::LinkExpired`] for a link that is used, cancelled, too old or
/// of another account, and when no change waits for a code; [`ErrorCode::WrongCode`],
/// [`ErrorCode::CodeExhausted`]; [`ErrorCode::EmailTaken`] when the address got an account meanwhile.
pub async fn confirm_email_change(
    auth: &Auth,
    caller: &Caller,
    proof: &ConfirmedBy,
    context: &Context,
) -> Result<Email> {
    let session = auth.session_of(caller).await?;
    let Some(change) = proved(auth, caller, proof).await? else {
        let refused = Err(failure(auth, caller, proof).await?.into());
        return noting_refused_code(auth, &session, refused, context).await;
    };
    let now = auth.now();
    let undo_token = auth.random.token();
    let undo_digest = token_digest(Purpose::EmailChangeUndo, &undo_token);
    let until = now.plus_seconds(auth.lifetimes.email_undo);

    let mut tx = auth.store.begin().await?;
    let join = hold_organization_of_domain(auth, &mut tx, &change.new_email).await?;
    // The order of every transaction that changes credentials: resets, then the account, then the rest.
    tx.kill_user_resets(&caller.user_id, now).await?;
    if !tx.set_user_email(&caller.user_id, &change.old_email, &change.new_email).await? {
        return Err(ErrorCode::EmailTaken.into());
    }
    // Another address leads to a new password, and a recovery is mailed there.
    require_proved_once(&session, &tx.hold_factors(&caller.user_id).await?.ok_or(ErrorCode::SignedOut)?)?;
    // The eldest address decides: while it may take itself back, a later one may not. Whoever stole an
    // account could otherwise keep it by an undo of their own.
    let undo = (!tx.has_undoable_email_change(&caller.user_id, now).await?).then_some((&*undo_digest, until));
    if !tx.confirm_email_change(&change.id, undo, now).await? {
        // Used or cancelled in this very moment.
        return Err(ErrorCode::LinkExpired.into());
    }
    let message = match undo {
        Some(_) => Message::EmailChanged {
            name: session.name,
            email: change.new_email.clone(),
            device: context.device.clone(),
            at: now,
            link: format!("{}/undo-email-change?token={}", auth.public_url, undo_token.expose_secret()),
        },
        None => Message::EmailRemoved { email: change.new_email.clone(), link: format!("{}/sign-in", auth.public_url) },
    };
    auth.promise_mail(&mut tx, &Mail { to: change.old_email, locale: session.locale, message }).await?;
    let subject = (Some(&caller.user_id), Some(&caller.session_id));
    auth.audit(&mut tx, EventKind::EmailChanged, subject, context).await?;
    if let Some(join) = join {
        join_by_domain(auth, &mut tx, &join, (&caller.user_id, &change.new_email), context).await?;
    }
    tx.commit().await?;
    auth.wake_worker();
    Ok(change.new_email)
}

/// The new address behind a mailed link, while the link can still be used. Changes nothing.
///
/// # Errors
/// [`ErrorCode::LinkExpired`].
pub async fn email_change_of_link(auth: &Auth, caller: &Caller, token: &SecretString) -> Result<Email> {
    let digest = token_digest(Purpose::EmailChangeLink, token);
    let change = auth.store.live_email_change(&caller.user_id, &digest, auth.now()).await?;
    change.map(|change| change.new_email).ok_or_else(|| ErrorCode::LinkExpired.into())
}

/// The change that the proof proves. A try of the code is spent here, whatever comes of it; the change
/// is judged again where it is consumed.
async fn proved(auth: &Auth, caller: &Caller, proof: &ConfirmedBy) -> Result<Option<EmailChangeRow>> {
    let (now, user) = (auth.now(), &caller.user_id);
    match proof {
        ConfirmedBy::Link(token) => {
            Ok(auth.store.live_email_change(user, &token_digest(Purpose::EmailChangeLink, token), now).await?)
        }
        ConfirmedBy::Code(code) => {
            let mut tx = auth.store.begin().await?;
            let tried = tx.try_email_change_code(user, now).await?;
            tx.commit().await?;
            Ok(tried.filter(|change| {
                bool::from(code_mac(auth, &change.id, code).as_bytes().ct_eq(change.code_mac.as_bytes()))
            }))
        }
    }
}

/// What to tell the caller.
async fn failure(auth: &Auth, caller: &Caller, proof: &ConfirmedBy) -> Result<ErrorCode> {
    Ok(match proof {
        ConfirmedBy::Link(_) => ErrorCode::LinkExpired,
        ConfirmedBy::Code(_) => match auth.store.waiting_email_change(&caller.user_id, auth.now()).await? {
            Some(change) if change.wrong_codes < MAX_WRONG_CODES => ErrorCode::WrongCode,
            Some(_) => ErrorCode::CodeExhausted,
            None => ErrorCode::LinkExpired,
        },
    })
}
