//! Changing the password while signed in (OWASP Authentication Cheat Sheet, "Change Password Feature";
//! ASVS 5.0, 6.2.2, 6.2.3 and 7.4.3).

use secrecy::ExposeSecret;

use super::new_password::{finish, judge};
use crate::form::PasswordChange;
use crate::password::hash::{Verdict, is_same};
use crate::session::Caller;
use crate::{Auth, Context, ErrorCode, EventKind, Field, FieldIssue, Refusal, Result};

/// Verifies the current password and replaces it. The caller's own session goes on; all others end
/// when that is wished.
///
/// # Errors
/// [`ErrorCode::SignedOut`] when the session ended meanwhile; [`FieldIssue::PasswordWrong`] of
/// [`Field::CurrentPassword`] (not `InvalidCredentials`: nobody is to sign in again, and the form says
/// it beside its field); issues of [`Field::NewPassword`]; [`ErrorCode::ChangedMeanwhile`] when another
/// change was faster.
pub async fn change_password(auth: &Auth, caller: &Caller, change: PasswordChange, context: &Context) -> Result<()> {
    // Asked of the database and not of the access token: what a session may do ends with it.
    auth.me(caller).await?;
    let user = auth.store.user(&caller.user_id).await?.ok_or(ErrorCode::SignedOut)?;
    if let Some(hash) = &user.password_hash {
        check_current(auth, &change, hash).await?;
    }
    let judged = judge(auth, &change.new, &user.email, user.name.as_str()).await?;
    judged.tell_owner()?;
    let hash = auth.hashes.hash(&judged.password, &*auth.random).await?;

    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    tx.kill_user_resets(&user.id, now).await?;
    if !tx.replace_password_hash(&user.id, user.password_hash.as_deref(), &hash).await? {
        return Err(ErrorCode::ChangedMeanwhile.into());
    }
    let mut ended = Vec::new();
    if change.end_other_sessions {
        ended = tx.end_user_sessions(&user.id, Some(&caller.session_id), "password_changed", now).await?;
    }
    let subject = (Some(&user.id), Some(&caller.session_id));
    auth.audit(&mut tx, EventKind::UserPasswordChanged, subject, context).await?;
    finish(auth, tx, user, ended, context).await
}

/// Who has no password is not asked for one; who has one proves it, and chooses another.
async fn check_current(auth: &Auth, change: &PasswordChange, hash: &str) -> Result<()> {
    let refused = |field, issue| -> Result<()> { Err(Refusal::invalid(vec![(field, issue)]).into()) };
    let current = &change.current;
    if current.expose_secret().is_empty() {
        return refused(Field::CurrentPassword, FieldIssue::Required);
    }
    if auth.hashes.verify(current, Some(hash)).await? == Verdict::Wrong {
        return refused(Field::CurrentPassword, FieldIssue::PasswordWrong);
    }
    if is_same(current.expose_secret(), change.new.expose_secret()) {
        return refused(Field::NewPassword, FieldIssue::PasswordUnchanged);
    }
    Ok(())
}
