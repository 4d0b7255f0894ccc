//! Asking for a new password: a mail with a link and a code (OWASP Forgot Password Cheat Sheet;
//! ASVS 5.0, 6.4.3).
//!
//! An address without an account gets the same answer after the same reads and writes, and a mail
//! that says so: only who reads the mailbox learns whether there is an account.

use secrecy::{ExposeSecret, SecretString};

use crate::crypto::{Purpose, token_digest};
use crate::id::PasswordResetId;
use crate::mail::{Mail, Message};
use crate::store::NewPasswordReset;
use crate::{Auth, Context, Email, EventKind, Result, VerificationCode};

/// Mails an hour that may be caused for one address: with five tries of each code in the browser and
/// five over REST, that is 50 guesses at a million codes.
const MAX_MAILS_AN_HOUR: i64 = 5;

/// What the browser keeps to find the page that waits for the code again.
pub type ResetTicket = SecretString;

/// Stores a reset, kills the older one of the address and promises the mail. Beyond the limit of
/// mails the answer is the same, nobody's mailbox is flooded, and the older one stays alive.
///
/// # Errors
/// Only when the database fails.
pub async fn forgot_password(auth: &Auth, email: &Email, context: &Context) -> Result<ResetTicket> {
    let (ticket, link_token, code) = (auth.random.token(), auth.random.token(), auth.random.code());
    let user = auth.store.user_by_email(email).await?;
    let now = auth.now();
    let reset = NewPasswordReset {
        id: &PasswordResetId(auth.random.id(now)),
        user_id: user.as_ref().map(|user| &user.id),
        email,
        ticket_digest: &token_digest(Purpose::PasswordResetTicket, &ticket),
        link_digest: &token_digest(Purpose::PasswordResetLink, &link_token),
        code_mac: &code_mac(auth, email, &code),
        mailed_at: Some(now),
        created_at: now,
        expires_at: now.plus_seconds(auth.lifetimes.password_reset),
    };

    let mut tx = auth.store.begin().await?;
    // One more turn for each request that was faster in this very moment; each waits for its end.
    while !tx.replace_password_reset(&reset).await? {}
    // Counted after the insertion, which lets one request for an address in at a time.
    if tx.reset_mails_since(email, now.minus_seconds(60 * 60)).await? > MAX_MAILS_AN_HOUR {
        tx.rollback().await?;
        tx = auth.store.begin().await?;
        tx.insert_password_reset(&NewPasswordReset { user_id: None, mailed_at: None, ..reset }).await?;
    } else {
        let (locale, message) = match &user {
            Some(user) => (
                user.locale,
                Message::PasswordReset {
                    link: format!("{}/reset-password?token={}", auth.public_url, link_token.expose_secret()),
                    code: code.digits().to_owned(),
                },
            ),
            None => (context.locale, Message::NoAccount { link: format!("{}/sign-up", auth.public_url) }),
        };
        auth.promise_mail(&mut tx, &Mail { to: email.clone(), locale, message }).await?;
        // Only with its mail: a stranger must not fill somebody's list of events.
        let user_id = user.as_ref().map(|user| &user.id);
        auth.audit(&mut tx, EventKind::PasswordResetRequested, (user_id, None), context).await?;
    }
    tx.commit().await?;
    auth.wake_worker();
    Ok(ticket)
}

/// The keyed digest of a code, bound to the address and to what it is for: no address has a colon, so
/// the code of a sign-up never matches.
pub(super) fn code_mac(auth: &Auth, email: &Email, code: &VerificationCode) -> String {
    auth.codes.of(&format!("password_reset:{email}"), code)
}
