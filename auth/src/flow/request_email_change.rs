//! Asking for another address: the new one gets a mail and proves itself first (OWASP Authentication
//! Cheat Sheet, "Change Registered Email Address"; ASVS 5.0, 6.3.7).
//!
//! An address that has an account gets another mail; the answer and what is stored are the same, so
//! nobody learns from here who has an account.

use secrecy::ExposeSecret;

use super::reauthenticate::require_fresh_proof;
use crate::crypto::{Purpose, token_digest};
use crate::id::EmailChangeId;
use crate::mail::{Mail, Message};
use crate::session::Caller;
use crate::store::NewEmailChange;
use crate::{Auth, Context, Email, ErrorCode, EventKind, Field, FieldIssue, Refusal, Result, VerificationCode};

/// Changes an account may ask for in an hour.
const MOST_OF_ACCOUNT: i64 = 5;
/// Mails an address may get in an hour because of others' changes.
const MOST_TO_ADDRESS: i64 = 3;
const HOUR: i64 = 60 * 60;

/// Stores the change, kills the older one and promises the mail. Asks for a fresh proof.
///
/// # Errors
/// [`ErrorCode::SignedOut`], [`ErrorCode::ReauthenticationRequired`]; [`FieldIssue::EmailUnchanged`];
/// [`ErrorCode::TooSoon`] beyond five an hour.
pub async fn request_email_change(auth: &Auth, caller: &Caller, email: &Email, context: &Context) -> Result<()> {
    let session = require_fresh_proof(auth, caller).await?;
    if session.email == *email {
        return Err(Refusal::invalid(vec![(Field::Email, FieldIssue::EmailUnchanged)]).into());
    }
    let now = auth.now();
    let (link_token, code) = (auth.random.token(), auth.random.code());
    let id = EmailChangeId(auth.random.id(now));
    let change = NewEmailChange {
        id: &id,
        user_id: &caller.user_id,
        old_email: &session.email,
        new_email: email,
        link_digest: &token_digest(Purpose::EmailChangeLink, &link_token),
        code_mac: &code_mac(auth, &id, &code),
        created_at: now,
        expires_at: now.plus_seconds(auth.lifetimes.email_change),
    };
    let is_taken = auth.store.user_by_email(email).await?.is_some();

    let mut tx = auth.store.begin().await?;
    // The account first, as everywhere: the new row refers to it.
    tx.hold_user(&caller.user_id).await?;
    // One more turn for each request that was faster in this very moment.
    loop {
        tx.kill_waiting_email_change(&caller.user_id, now).await?;
        if tx.insert_email_change(&change).await? {
            break;
        }
    }
    // Counted after the insertion, which lets one change of an account in at a time.
    let (own, mailed) = tx.email_changes_since(&caller.user_id, email, now.minus_seconds(HOUR)).await?;
    if own > MOST_OF_ACCOUNT {
        return Err(Refusal::retry_after(ErrorCode::TooSoon, 3600).into());
    }
    // Beyond the limit the change is shown as waiting, and nobody's mailbox is flooded.
    if mailed > MOST_TO_ADDRESS {
        // A code that was never mailed is nothing but something to guess.
        tx.void_email_change_code(&id).await?;
    } else {
        let message = if is_taken {
            Message::EmailTaken { link: format!("{}/sign-in", auth.public_url) }
        } else {
            let link = format!("{}/account/email?token={}", auth.public_url, link_token.expose_secret());
            Message::ConfirmEmail { link, code: code.digits().to_owned() }
        };
        auth.promise_mail(&mut tx, &Mail { to: email.clone(), locale: session.locale, message }).await?;
    }
    let subject = (Some(&caller.user_id), Some(&caller.session_id));
    auth.audit(&mut tx, EventKind::EmailChangeRequested, subject, context).await?;
    tx.commit().await?;
    auth.wake_worker();
    Ok(())
}

/// The keyed digest of a code, bound to its change: the code of one address never proves another.
pub(super) fn code_mac(auth: &Auth, id: &EmailChangeId, code: &VerificationCode) -> String {
    auth.codes.of(&format!("email_change:{}", id.as_str()), code)
}
