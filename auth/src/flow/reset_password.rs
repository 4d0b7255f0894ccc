//! Choosing a new password with what was mailed (OWASP Forgot Password Cheat Sheet; ASVS 5.0, 6.4.3).
//!
//! It signs nobody in: the person signs in afterwards like always, with every factor the account has. Passkeys and
//! connections to providers stay: each was made with a fresh proof and told by mail, so whoever finds one that is not
//! theirs has the link "this was not me"; and a thief of the mailbox must not be able to throw them away. The mail about
//! the new password says that they still open the account. The connection that an account was made with goes when its
//! first password comes from the mailbox: nobody was asked when it came, and an address may have changed hands.
//!
//! The order is: judge the password, hash it, spend a try, compare, consume. Judging and hashing are
//! slow, so they stand before the transaction; and a password that is refused there has cost neither
//! a token nor a try. What the verdict says about the account's name waits until the code was right.

use secrecy::SecretString;
use subtle::ConstantTimeEq;

use super::even_answer::EvenAnswer;
use super::forgot_password::{ResetTicket, code_mac};
use super::new_password::{Judged, finish, judge};
use super::refused_sign_in::note_refused_code;
use super::reset_status::{reset_is_live, reset_ticket_status};
use crate::crypto::{Purpose, token_digest};
use crate::store::{Transaction, UsedReset};
use crate::view::ResetStatus;
use crate::{Auth, Context, Email, ErrorCode, EventKind, Result, Timestamp, VerificationCode};

/// What proves that the mail was read.
pub enum ResetProof {
    /// The token of the mailed link.
    Link(SecretString),
    /// The mailed code, typed in the browser that asked.
    TicketCode(ResetTicket, VerificationCode),
    /// The mailed code with the address, sent by a program.
    EmailCode(Email, VerificationCode),
}

/// Consumes the proof, sets the password, ends all sessions, revokes all personal access tokens and tells the
/// person, all or nothing.
///
/// # Errors
/// [`crate::FieldIssue`]s of [`crate::Field::NewPassword`], with which nothing is consumed;
/// [`ErrorCode::ResetExpired`] for a link or ticket that is used, too old or invented;
/// [`ErrorCode::WrongCode`] or [`ErrorCode::CodeExhausted`] for a code. With
/// [`ResetProof::EmailCode`] every failure is `WrongCode`, whether the address is known or not.
/// [`ErrorCode::AccountSuspended`] after a right proof, with which nothing is consumed.
pub async fn reset_password(
    auth: &Auth,
    proof: ResetProof,
    new_password: &SecretString,
    context: &Context,
) -> Result<()> {
    if matches!(proof, ResetProof::EmailCode(..)) {
        auth.limits.code(&context.address).await?;
    }
    let email = address_of(auth, &proof).await?;
    let account = auth.store.user_by_email(&email).await?;
    let name = account.as_ref().map_or("", |user| user.name.as_str());
    let judged = judge(auth, new_password, &email, name).await?;
    if matches!(proof, ResetProof::Link(_)) {
        // Whoever has a link that lives is the owner: what would be refused in the end costs no hash, however often it comes.
        judged.tell_owner()?;
        if account.as_ref().is_some_and(|account| account.is_suspended(auth.now())) {
            return Err(ErrorCode::AccountSuspended.into());
        }
    }
    let hash = auth.hashes.hash(&judged.password, &*auth.random).await?;

    // Of an address that somebody names, a try is spent or there is none: a refusal must not tell which.
    let even_answer = matches!(proof, ResetProof::EmailCode(..)).then(EvenAnswer::begin);
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    let Some(used) = consume(auth, &mut tx, &proof, &judged, now).await? else {
        // The spent try must last.
        tx.commit().await?;
        // For an unknown address as well.
        if !matches!(proof, ResetProof::Link(_)) {
            note_refused_code(auth, account.as_ref().map(|user| &user.id), &email, context).await?;
        }
        let failure = failure(auth, &proof).await?;
        if let Some(answer) = even_answer {
            answer.wait().await;
        }
        return Err(failure.into());
    };
    tx.kill_user_resets(&used.user_id, now).await?;
    let Some(user) = tx.set_password_hash(&used.user_id, &used.email, &hash).await? else {
        // The account got another address in this very moment.
        return Err(ErrorCode::ResetExpired.into());
    };
    // Refused, the transaction is dropped: link and code work on once the account is open again.
    if user.is_suspended(now) {
        return Err(ErrorCode::AccountSuspended.into());
    }
    if account.is_some_and(|account| account.password_hash.is_none()) && tx.delete_first_connection(&user.id).await? {
        auth.audit(&mut tx, EventKind::ConnectionRemoved, (Some(&user.id), None), context).await?;
    }
    tx.bump_token_version(&user.id, now).await?;
    let ended = tx.end_user_sessions(&user.id, None, "password_reset", now).await?;
    tx.revoke_tokens_of(&user.id, now).await?;
    auth.audit(&mut tx, EventKind::UserPasswordReset, (Some(&user.id), None), context).await?;
    finish(auth, tx, user, ended, now, context).await?;
    // Whoever reads the mails gets in with what they just chose, however many strangers guess at it.
    auth.limits.know_mailed_device(&used.email);
    Ok(())
}

/// The address a proof speaks of. What cannot succeed any more is refused here, before it costs a
/// hash.
async fn address_of(auth: &Auth, proof: &ResetProof) -> Result<Email> {
    match proof {
        ResetProof::Link(token) => reset_is_live(auth, token).await?.ok_or_else(|| ErrorCode::ResetExpired.into()),
        ResetProof::TicketCode(ticket, _) => match reset_ticket_status(auth, ticket).await? {
            ResetStatus::Waiting { tries_left: 0, .. } => Err(ErrorCode::CodeExhausted.into()),
            ResetStatus::Waiting { email, .. } => Ok(email),
            ResetStatus::Gone => Err(ErrorCode::ResetExpired.into()),
        },
        ResetProof::EmailCode(email, _) => Ok(email.clone()),
    }
}

async fn consume(
    auth: &Auth,
    tx: &mut Transaction,
    proof: &ResetProof,
    judged: &Judged,
    now: Timestamp,
) -> Result<Option<UsedReset>> {
    let (tried, code) = match proof {
        ResetProof::Link(token) => {
            judged.tell_owner()?;
            return Ok(tx.use_reset_link(&token_digest(Purpose::PasswordResetLink, token), now).await?);
        }
        ResetProof::TicketCode(ticket, code) => {
            (tx.try_reset_ticket(&token_digest(Purpose::PasswordResetTicket, ticket), now).await?, code)
        }
        ResetProof::EmailCode(email, code) => (tx.try_reset_email(email, now).await?, code),
    };
    let Some(tried) = tried else { return Ok(None) };
    let expected = code_mac(auth, &tried.email, code);
    if !bool::from(expected.as_bytes().ct_eq(tried.code_mac.as_bytes())) {
        return Ok(None);
    }
    // Refused, the transaction is dropped, and the try with the right code comes back.
    judged.tell_owner()?;
    Ok(tx.use_reset(&tried.id, now).await?)
}

/// What to tell the caller.
async fn failure(auth: &Auth, proof: &ResetProof) -> Result<ErrorCode> {
    address_of(auth, proof).await?;
    Ok(match proof {
        ResetProof::Link(_) => ErrorCode::ResetExpired,
        ResetProof::TicketCode(..) | ResetProof::EmailCode(..) => ErrorCode::WrongCode,
    })
}
