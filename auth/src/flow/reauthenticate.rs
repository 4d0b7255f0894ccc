//! A fresh proof of the person behind a session, which risky acts ask for (OWASP Session Management
//! Cheat Sheet, "Require Re-authentication"; ASVS 5.0, 7.5.1; RFC 9470).
//!
//! Tries are counted in the session and spent before the password is compared. The tenth wrong one
//! ends the session: whoever holds a stolen access token guesses ten times and is out. A right one
//! gives the tries back.

use secrecy::{ExposeSecret, SecretString};

use super::refused_sign_in::note_refused_password;
use crate::id::SessionId;
use crate::password::hash::Verdict;
use crate::session::Caller;
use crate::store::{MAX_PASSWORD_TRIES, SessionRow, UserRow};
use crate::{Auth, Context, ErrorCode, EventKind, Field, FieldIssue, Refusal, Result};

/// Verifies the password of the caller and notes that they were proved now.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`FieldIssue::Required`] or [`FieldIssue::PasswordWrong`] of
/// [`Field::CurrentPassword`]; [`ErrorCode::TooManyTries`], with which the session has ended;
/// [`ErrorCode::NotFound`] for an account without a password, which a mail leads to one.
pub async fn reauthenticate(auth: &Auth, caller: &Caller, password: &SecretString, context: &Context) -> Result<()> {
    auth.session_of(caller).await?;
    let user = auth.store.user(&caller.user_id).await?.ok_or(ErrorCode::SignedOut)?;
    let hash = user.password_hash.as_deref().ok_or(ErrorCode::NotFound)?;
    verify_own_password(auth, caller, &user, hash, password, context).await?;
    let mut tx = auth.store.begin().await?;
    // Holds the account: a password that was changed since it was verified proves nobody.
    if !tx.replace_password_hash(&user.id, Some(hash), hash).await? {
        return Err(ErrorCode::ChangedMeanwhile.into());
    }
    if !tx.set_authenticated(&caller.session_id, auth.now()).await? {
        return Err(ErrorCode::SignedOut.into());
    }
    tx.commit().await?;
    Ok(())
}

/// The caller's session, when its person was proved in the last 15 minutes.
///
/// # Errors
/// [`ErrorCode::SignedOut`], [`ErrorCode::ReauthenticationRequired`].
pub async fn require_fresh_proof(auth: &Auth, caller: &Caller) -> Result<SessionRow> {
    let session = auth.session_of(caller).await?;
    if session.authenticated_at.plus_seconds(auth.lifetimes.fresh_proof) <= auth.now() {
        return Err(ErrorCode::ReauthenticationRequired.into());
    }
    Ok(session)
}

/// Spends a try and compares; a wrong password leaves a line in the activity.
pub(super) async fn verify_own_password(
    auth: &Auth,
    caller: &Caller,
    user: &UserRow,
    hash: &str,
    password: &SecretString,
    context: &Context,
) -> Result<()> {
    let refused = |issue| -> Result<()> { Err(Refusal::invalid(vec![(Field::CurrentPassword, issue)]).into()) };
    if password.expose_secret().is_empty() {
        return refused(FieldIssue::Required);
    }
    let Some(tries) = auth.store.spend_password_try(&caller.session_id).await? else {
        // It ended meanwhile, or as many as there may be are being compared right now.
        auth.session_of(caller).await?;
        return Err(Refusal::retry_after(ErrorCode::Busy, 1).into());
    };
    // In a task of its own: a request that is cut off must not keep its try.
    let comparing = compare(auth.clone(), caller.session_id.clone(), hash.to_owned(), password.clone());
    if tokio::spawn(comparing).await.map_err(anyhow::Error::from)?? != Verdict::Wrong {
        return Ok(());
    }
    note_refused_password(auth, &user.id, context).await?;
    if tries >= MAX_PASSWORD_TRIES {
        return lock(auth, caller, context).await;
    }
    refused(FieldIssue::PasswordWrong)
}

/// Compares, and gives the try back unless the password was wrong.
async fn compare(auth: Auth, session: SessionId, hash: String, password: SecretString) -> Result<Verdict> {
    let verdict = auth.hashes.verify(&password, Some(&hash)).await;
    if !matches!(verdict, Ok(Verdict::Wrong)) {
        auth.store.give_password_try_back(&session).await?;
    }
    verdict
}

/// Ends the session in which too many passwords were tried.
async fn lock(auth: &Auth, caller: &Caller, context: &Context) -> Result<()> {
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    if tx.end_session(&caller.session_id, "too_many_tries", now).await? {
        let subject = (Some(&caller.user_id), Some(&caller.session_id));
        auth.audit(&mut tx, EventKind::SessionLocked, subject, context).await?;
    }
    tx.commit().await?;
    auth.revocations.insert(caller.session_id.clone(), now);
    Err(ErrorCode::TooManyTries.into())
}
