//! Changing the password while signed in (OWASP Authentication Cheat Sheet, "Change Password Feature";
//! ASVS 5.0, 6.2.2, 6.2.3 and 7.4.3).

use secrecy::ExposeSecret;

use super::new_password::{finish, judge};
use super::reauthenticate::{require_fresh, verify_own_password};
use crate::form::PasswordChange;
use crate::password::hash::is_same;
use crate::session::Caller;
use crate::store::UserRow;
use crate::{Auth, Context, ErrorCode, EventKind, Field, FieldIssue, Refusal, Result};

/// Verifies the current password and replaces it. The caller's own session goes on; all others end
/// when that is wished. Every access token of before is over, also the caller's: a refresh gives the next.
/// Personal access tokens stay: they were never made of the password, and a program that fails for a new
/// one would teach people not to change it.
///
/// # Errors
/// [`ErrorCode::SignedOut`] when the session ended meanwhile; [`FieldIssue::PasswordWrong`] of
/// [`Field::CurrentPassword`] (not `InvalidCredentials`: nobody is to sign in again, and the form says
/// it beside its field); [`ErrorCode::TooManyTries`]; issues of [`Field::NewPassword`];
/// [`ErrorCode::ChangedMeanwhile`] when another change was faster. An account without a password asks
/// for a fresh proof, and so does one with a strong factor, once everything else is right:
/// [`ErrorCode::ReauthenticationRequired`].
pub async fn change_password(auth: &Auth, caller: &Caller, change: PasswordChange, context: &Context) -> Result<()> {
    // Asked of the database and not of the access token: what a session may do ends with it.
    let mut session = auth.session_of(caller).await?;
    let user = auth.store.user(&caller.user_id).await?.ok_or(ErrorCode::SignedOut)?;
    match &user.password_hash {
        Some(hash) => check_current(auth, caller, &user, &change, hash, context).await?,
        None => session = require_fresh(auth, session).await?,
    }
    let judged = judge(auth, &change.new, &user.email, user.name.as_str()).await?;
    judged.tell_owner()?;
    // Last: whoever is asked for the factor is not told of a typing mistake afterwards.
    if session.factors.has_strong() {
        require_fresh(auth, session).await?;
    }
    let hash = auth.hashes.hash(&judged.password, &*auth.random).await?;

    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    tx.kill_user_resets(&user.id, now).await?;
    if !tx.replace_password_hash(&user.id, user.password_hash.as_deref(), &hash).await? {
        return Err(ErrorCode::ChangedMeanwhile.into());
    }
    // The current password proved the person; and a session that ended while it was hashed changes
    // nothing any more.
    if !tx.set_authenticated(&caller.session_id, now).await? {
        return Err(ErrorCode::SignedOut.into());
    }
    tx.bump_token_version(&user.id, now).await?;
    let mut ended = Vec::new();
    if change.end_other_sessions {
        ended = tx.end_user_sessions(&user.id, Some(&caller.session_id), "password_changed", now).await?;
    }
    let subject = (Some(&user.id), Some(&caller.session_id));
    auth.audit(&mut tx, EventKind::UserPasswordChanged, subject, context).await?;
    finish(auth, tx, user, ended, now, context).await
}

/// Who has a password proves it, and chooses another.
async fn check_current(
    auth: &Auth,
    caller: &Caller,
    user: &UserRow,
    change: &PasswordChange,
    hash: &str,
    context: &Context,
) -> Result<()> {
    verify_own_password(auth, caller, user, hash, &change.current, context).await?;
    if is_same(change.current.expose_secret(), change.new.expose_secret()) {
        return Err(Refusal::invalid(vec![(Field::NewPassword, FieldIssue::PasswordUnchanged)]).into());
    }
    Ok(())
}
