//! The end of the recovery of an account by mail: when the wait is over, its link and the password open it again.
//!
//! Every factor is removed, and whoever was signed in is out: nothing that a thief may have put there stays. Connections
//! to providers go as passkeys do: each would open the account alone now, and who has the link has the mailbox, by which
//! the account is connected again. Nobody is signed in by it; the sign-in that follows leads to a factor anew where the
//! policy asks for one.

use secrecy::{ExposeSecret as _, SecretString};

use super::forgot_password::{ResetTicket, mail_way_to_password};
use super::secure_account::new_notice_link;
use crate::crypto::{Purpose, token_digest};
use crate::factor::remove_all_factors;
use crate::federation::remove_all_connections;
use crate::id::SessionId;
use crate::mail::{Mail, Message};
use crate::password::hash::Verdict;
use crate::store::{AccountRecoveryRow, MAX_RECOVERY_TRIES, Transaction, UserRow};
use crate::{Auth, Context, Email, ErrorCode, EventKind, Field, FieldIssue, Refusal, Result, Timestamp};

/// An account that is open again.
pub struct Recovered {
    /// Its address.
    pub email: Email,
    /// Of an account without a password: the way to one was mailed, and this is for the page that waits for its code.
    pub choose_password: Option<ResetTicket>,
}

/// Consumes the link: removes every factor and connection, ends every session and token, and tells every address that
/// has a say.
///
/// # Errors
/// [`ErrorCode::LinkExpired`] for a link that is used, called off, too old or invented, and after ten wrong passwords;
/// [`FieldIssue::Required`] or [`FieldIssue::PasswordWrong`] of [`Field::Password`], with which the link stays;
/// [`ErrorCode::ChangedMeanwhile`] when the password was changed in this moment.
pub async fn complete_account_recovery(
    auth: &Auth,
    token: &SecretString,
    password: &SecretString,
    context: &Context,
) -> Result<Recovered> {
    let digest = token_digest(Purpose::AccountRecoveryLink, token);
    let found = auth.store.account_recovery_to_complete(&digest, auth.now()).await?.ok_or(ErrorCode::LinkExpired)?;
    let user = auth.store.user(&found.user_id).await?.ok_or(ErrorCode::LinkExpired)?;
    if let Some(hash) = &user.password_hash {
        verify_password(auth, &digest, &found, hash, password).await?;
    }
    let has_password = user.password_hash.is_some();
    let email = user.email.clone();
    open_again(auth, &digest, user, context).await?;
    // A transaction of its own: when it fails, the person asks for the mail themselves.
    let choose_password = if has_password { None } else { Some(mail_way_to_password(auth, &email, context).await?) };
    Ok(Recovered { email, choose_password })
}

/// Spends a try and compares. With the tenth wrong password the recovery is over.
async fn verify_password(
    auth: &Auth,
    digest: &str,
    found: &AccountRecoveryRow,
    hash: &str,
    password: &SecretString,
) -> Result<()> {
    let refused = |issue| -> Result<()> { Err(Refusal::invalid(vec![(Field::Password, issue)]).into()) };
    if password.expose_secret().is_empty() {
        return refused(FieldIssue::Required);
    }
    let tries = auth.store.spend_recovery_try(digest, auth.now()).await?.ok_or(ErrorCode::LinkExpired)?;
    let verdict = auth.hashes.verify(password, Some(hash)).await;
    if !matches!(verdict, Ok(Verdict::Wrong)) {
        auth.store.give_recovery_try_back(&found.id).await?;
    }
    if verdict? != Verdict::Wrong {
        return Ok(());
    }
    if tries >= MAX_RECOVERY_TRIES {
        let mut tx = auth.store.begin().await?;
        tx.end_account_recovery(&found.user_id, "tries", auth.now()).await?;
        tx.commit().await?;
        return Err(ErrorCode::LinkExpired.into());
    }
    refused(FieldIssue::PasswordWrong)
}

/// All or nothing. A password that was changed since it was verified opens nothing, and kills the recovery anyway.
async fn open_again(auth: &Auth, digest: &str, user: UserRow, context: &Context) -> Result<()> {
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    let holds = match user.password_hash.as_deref() {
        Some(hash) => tx.replace_password_hash(&user.id, Some(hash), hash).await?,
        None => tx.hold_without_password(&user.id).await?,
    };
    if !holds {
        return Err(ErrorCode::ChangedMeanwhile.into());
    }
    if !tx.complete_account_recovery(digest, now).await? {
        return Err(ErrorCode::LinkExpired.into());
    }
    remove_all_factors(auth, &mut tx, &user.id).await?;
    remove_all_connections(&mut tx, &user.id).await?;
    tx.bump_token_version(&user.id, now).await?;
    let ended = tx.end_user_sessions(&user.id, None, "account_recovered", now).await?;
    tx.revoke_tokens_of(&user.id, now).await?;
    auth.audit(&mut tx, EventKind::FactorRecoveryCompleted, (Some(&user.id), None), context).await?;
    tell(auth, &mut tx, &user, now, context).await?;
    commit(auth, tx, ended, now).await
}

async fn tell(auth: &Auth, tx: &mut Transaction, user: &UserRow, now: Timestamp, context: &Context) -> Result<()> {
    for to in tx.addresses_with_a_say(&user.id, now).await? {
        let message = Message::RecoveryCompleted {
            name: user.name.clone(),
            device: context.device.clone(),
            at: now,
            link: new_notice_link(auth, tx, &user.id, &to, now).await?,
        };
        auth.promise_mail(tx, &Mail { to, locale: user.locale, message }).await?;
    }
    Ok(())
}

async fn commit(auth: &Auth, tx: Transaction, ended: Vec<SessionId>, now: Timestamp) -> Result<()> {
    tx.commit().await?;
    for session in ended {
        auth.revocations.insert(session, now);
    }
    auth.wake_worker();
    Ok(())
}
