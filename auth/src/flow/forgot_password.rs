//! Asking for a new password: a mail with a link and a code (OWASP Forgot Password Cheat Sheet;
//! ASVS 5.0, 6.4.3).
//!
//! An address without an account gets the same answer after the same reads and writes, and a mail
//! that says so: only who reads the mailbox learns whether there is an account.

use secrecy::{ExposeSecret, SecretString};

use super::even_answer::EvenAnswer;
use crate::crypto::{Purpose, token_digest};
use crate::id::PasswordResetId;
use crate::mail::{Mail, Message};
use crate::store::{NewPasswordReset, Transaction, UserRow};
use crate::{Auth, Context, Email, EventKind, Result, VerificationCode};

/// Mails that may be caused for one address within the life of a reset. Because a mail counts as long
/// as it lives and no longer, whoever reads the mailbox finds one there that works: a stranger who
/// asks for ever keeps nobody from a new password.
const MAX_MAILS: i64 = 2;
/// Tries of codes for one address within a day after which its mails carry the link alone. A code has
/// five tries in the browser and five over REST: that is at most 29 guesses a day at a million codes.
const MAX_TRIES_A_DAY: i64 = 20;
const DAY: i64 = 24 * 60 * 60;

/// What the browser keeps to find the page that waits for the code again.
pub type ResetTicket = SecretString;

/// Stores a reset, kills the older one of the address and promises the mail. Beyond the limit of
/// mails the answer is the same, nobody's mailbox is flooded, and the older one stays alive, its link
/// and its code.
///
/// # Errors
/// [`crate::ErrorCode::TooManyAttempts`], of the client and never of the address.
pub async fn forgot_password(auth: &Auth, email: &Email, context: &Context) -> Result<ResetTicket> {
    auth.limits.forgot_password(&context.address).await?;
    mail_way_to_password(auth, email, context).await
}

/// The same after a proof of the mailbox has voided the password: no stranger who asks too often may stand in the way.
pub(super) async fn mail_way_to_password(auth: &Auth, email: &Email, context: &Context) -> Result<ResetTicket> {
    let answer = EvenAnswer::begin();
    let user = auth.store.user_by_email(email).await?;
    let mut tx = auth.store.begin().await?;
    let promised = promise_reset(auth, &mut tx, email, user.as_ref(), context).await?;
    tx.commit().await?;
    auth.wake_worker();
    answer.wait().await;
    Ok(promised.ticket)
}

/// A reset that a transaction stores.
pub(super) struct PromisedReset {
    /// For the page that waits for the code.
    pub(super) ticket: ResetTicket,
    /// Whether a mail goes out; beyond the limit none does.
    pub(super) is_mailed: bool,
}

/// Stores a reset for an address and promises its mail, as part of a transaction.
pub(super) async fn promise_reset(
    auth: &Auth,
    tx: &mut Transaction,
    email: &Email,
    user: Option<&UserRow>,
    context: &Context,
) -> Result<PromisedReset> {
    let (ticket, link_token, code) = (auth.random.token(), auth.random.token(), auth.random.code());
    let now = auth.now();
    let reset = NewPasswordReset {
        id: &PasswordResetId(auth.random.id(now)),
        user_id: user.map(|user| &user.id),
        email,
        ticket_digest: &token_digest(Purpose::PasswordResetTicket, &ticket),
        link_digest: &token_digest(Purpose::PasswordResetLink, &link_token),
        code_mac: &code_mac(auth, email, &code),
        created_at: now,
        expires_at: now.plus_seconds(auth.lifetimes.password_reset),
    };
    let limited = store_within_limits(auth, tx, &reset).await?;
    if let Some(carries_code) = limited {
        let (locale, message) = match user {
            Some(user) => (
                user.locale,
                Message::PasswordReset {
                    link: format!("{}/reset-password?token={}", auth.public_url, link_token.expose_secret()),
                    code: carries_code.then(|| code.digits().to_owned()),
                },
            ),
            None => (context.locale, Message::NoAccount { link: format!("{}/sign-up", auth.public_url) }),
        };
        auth.promise_mail(tx, &Mail { to: email.clone(), locale, message }).await?;
        // Only with its mail: a stranger must not fill somebody's list of events.
        auth.audit(tx, EventKind::PasswordResetRequested, (reset.user_id, None), context).await?;
    } else {
        tx.store_unmailed_reset(&reset).await?;
    }
    Ok(PromisedReset { ticket, is_mailed: limited.is_some() })
}

/// Stores a reset in place of the older one and says whether its mail may carry a code; none when no
/// mail may go out.
///
/// The index `password_resets_one_live` lets one request for an address through at a time, and so the
/// mails can be counted before anything is stored. Whoever killed the older reset in one statement with
/// the count is alone with the address to the commit: another mail would have had to kill it as well.
/// Whoever killed none stores nothing beside a live one. Either the limit is reached, or another
/// request was faster in this very moment, and is the older one now: one more turn. Where none is
/// alive, because it was used or the password was changed meanwhile, a mail goes out in any case.
async fn store_within_limits(auth: &Auth, tx: &mut Transaction, reset: &NewPasswordReset<'_>) -> Result<Option<bool>> {
    let now = reset.created_at;
    let (born_since, day_ago) = (now.minus_seconds(auth.lifetimes.password_reset), now.minus_seconds(DAY));
    loop {
        tx.kill_older_reset(reset, born_since, MAX_MAILS).await?;
        // Counted now that nobody can guess at the older code any more.
        let carries_code = tx.reset_tries_since(reset.email, day_ago).await? < MAX_TRIES_A_DAY;
        let code_mac = if carries_code { reset.code_mac } else { "" };
        if tx.insert_password_reset(&NewPasswordReset { code_mac, ..*reset }).await? {
            return Ok(Some(carries_code));
        }
        if tx.reset_mails_since(reset, born_since).await? >= MAX_MAILS {
            return Ok(None);
        }
    }
}

/// The keyed digest of a code, bound to the address and to what it is for: no address has a colon, so
/// the code of a sign-up never matches.
pub(super) fn code_mac(auth: &Auth, email: &Email, code: &VerificationCode) -> String {
    auth.codes.of(&format!("password_reset:{email}"), code)
}
