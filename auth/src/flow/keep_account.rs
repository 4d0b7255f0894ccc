//! Undoing the deletion of an account within its grace: by the mailed link, which works signed out,
//! or signed in.

use secrecy::SecretString;

use crate::crypto::{Purpose, token_digest};
use crate::session::Caller;
use crate::{Auth, Context, Email, ErrorCode, EventKind, Result, Timestamp};

/// Consumes the mailed link; gives the address of the account that stays.
///
/// # Errors
/// [`ErrorCode::LinkExpired`] for a link that is used, too late or invented.
pub async fn keep_account_by_link(auth: &Auth, token: &SecretString, context: &Context) -> Result<Email> {
    let digest = token_digest(Purpose::KeepAccountLink, token);
    let mut tx = auth.store.begin().await?;
    let user = tx.keep_account_by_link(&digest, auth.now()).await?.ok_or(ErrorCode::LinkExpired)?;
    auth.audit(&mut tx, EventKind::UserDeletionCancelled, (Some(&user.id), None), context).await?;
    tx.commit().await?;
    Ok(user.email)
}

/// Keeps the caller's account. Nothing to undo is no failure.
///
/// # Errors
/// [`ErrorCode::SignedOut`].
pub async fn keep_account(auth: &Auth, caller: &Caller, context: &Context) -> Result<()> {
    auth.session_of(caller).await?;
    let mut tx = auth.store.begin().await?;
    if tx.keep_account(&caller.user_id, auth.now()).await? {
        let subject = (Some(&caller.user_id), Some(&caller.session_id));
        auth.audit(&mut tx, EventKind::UserDeletionCancelled, subject, context).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Address and last day of the account that a mailed link keeps. Changes nothing.
///
/// # Errors
/// [`ErrorCode::LinkExpired`].
pub async fn account_of_keep_link(auth: &Auth, token: &SecretString) -> Result<(Email, Timestamp)> {
    let digest = token_digest(Purpose::KeepAccountLink, token);
    let user = auth.store.account_to_keep(&digest, auth.now()).await?.ok_or(ErrorCode::LinkExpired)?;
    let delete_at = user.delete_at.ok_or(ErrorCode::LinkExpired)?;
    Ok((user.email, delete_at))
}
