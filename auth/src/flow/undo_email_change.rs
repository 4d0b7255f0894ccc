//! The owner of the old address takes it back, for seven days after the change.
//!
//! Whoever changed it may hold the account: every session ends, every personal access token is revoked,
//! the password is void, factors and connections that were added since go, and every later change dies with this one,
//! its undo link too. A mail to the old address leads to a new password.

use secrecy::SecretString;

use super::forgot_password::mail_way_to_password;
use super::secure_account::taken_since;
use crate::crypto::{Purpose, token_digest};
use crate::factor::take_back_factors;
use crate::federation::take_back_connections;
use crate::mail::{Mail, Message};
use crate::store::{EmailChangeRow, Transaction, UserRow};
use crate::view::UndoStatus;
use crate::{Auth, Context, Email, ErrorCode, EventKind, Result, Timestamp};

/// Consumes the undo link; gives the address that is the account's again.
///
/// # Errors
/// [`ErrorCode::LinkExpired`] for a link that is used, too old or invented; [`ErrorCode::EmailTaken`]
/// when the old address has another account by now, with which nothing is consumed.
pub async fn undo_email_change(auth: &Auth, token: &SecretString, context: &Context) -> Result<Email> {
    let now = auth.now();
    let digest = token_digest(Purpose::EmailChangeUndo, token);
    let found = auth.store.undoable_email_change(&digest, now).await?.ok_or(ErrorCode::LinkExpired)?;
    let mut tx = auth.store.begin().await?;
    tx.kill_user_resets(&found.user_id, now).await?;
    let user = tx.clear_password(&found.user_id).await?.ok_or(ErrorCode::LinkExpired)?;
    // Judged again, now that the account is held.
    let change = tx.undo_email_change(&digest, now).await?.ok_or(ErrorCode::LinkExpired)?;
    if !restore_address(auth, &mut tx, &change, &user, now).await? {
        return Err(ErrorCode::EmailTaken.into());
    }
    let codes = change.confirmed_at.unwrap_or(now).minus_seconds(60);
    let taken = taken_since(&mut tx, &user.id, &change.old_email, codes, now).await?;
    take_back_factors(&mut tx, &user.id, taken).await?;
    take_back_connections(&mut tx, &user.id, taken.passkeys).await?;
    tx.kill_account_recovery(&user.id, now).await?;
    tx.bump_token_version(&user.id, now).await?;
    let ended = tx.end_user_sessions(&user.id, None, "email_change_undone", now).await?;
    tx.revoke_tokens_of(&user.id, now).await?;
    tx.revoke_trusted_devices(&user.id, now).await?;
    tx.kill_pending_sign_ins(&user.id).await?;
    auth.audit(&mut tx, EventKind::EmailChangeUndone, (Some(&user.id), None), context).await?;
    tx.commit().await?;
    for session in ended {
        auth.revocations.insert(session, now);
    }
    auth.wake_worker();
    // A transaction of its own: when it fails, the person asks for the mail themselves.
    mail_way_to_password(auth, &change.old_email, context).await?;
    Ok(change.old_email)
}

/// What an undo link would do. Changes nothing.
///
/// # Errors
/// [`ErrorCode::LinkExpired`].
pub async fn undo_status(auth: &Auth, token: &SecretString) -> Result<UndoStatus> {
    let digest = token_digest(Purpose::EmailChangeUndo, token);
    let change = auth.store.undoable_email_change(&digest, auth.now()).await?.ok_or(ErrorCode::LinkExpired)?;
    Ok(UndoStatus { old_email: change.old_email, new_email: change.new_email })
}

/// Gives an account the address back that a consumed change took from it, whatever came later, and
/// calls off its deletion, of which nobody told the owner. `false` when another account has the address.
pub(super) async fn restore_address(
    auth: &Auth,
    tx: &mut Transaction,
    change: &EmailChangeRow,
    before: &UserRow,
    now: Timestamp,
) -> Result<bool> {
    if !tx.restore_user_email(&change.user_id, &change.old_email).await? {
        return Ok(false);
    }
    tx.kill_email_changes(&change.user_id, change.confirmed_at.unwrap_or(now), now).await?;
    tx.keep_account(&change.user_id, now).await?;
    let message =
        Message::EmailRemoved { email: change.old_email.clone(), link: format!("{}/sign-in", auth.public_url) };
    auth.promise_mail(tx, &Mail { to: before.email.clone(), locale: before.locale, message }).await?;
    Ok(true)
}
