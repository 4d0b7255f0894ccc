//! Another verification mail for a sign-up that waits. The older link and code die.

use super::sign_up::{Secrets, SignUpTicket, already_registered, identity_place, mail_limit_reached};
use crate::crypto::{Purpose, token_digest};
use crate::federation::open_identity;
use crate::mail::Mail;
use crate::store::{Renewal, SignUpRow};
use crate::{Auth, Context, ErrorCode, EventKind, Refusal, Result};

/// Mails one sign-up may cause: with five tries of each code, here and over REST.
const MAX_MAILS: i64 = 5;

/// Sends link and code again.
///
/// # Errors
/// [`ErrorCode::LinkExpired`] when the ticket leads to no waiting sign-up,
/// [`ErrorCode::TooSoon`] within 30 seconds of the last mail or after five mails.
pub async fn resend_verification(auth: &Auth, ticket: &SignUpTicket, context: &Context) -> Result<()> {
    let digest = token_digest(Purpose::SignUpTicket, ticket);
    let now = auth.now();
    let row = auth.store.sign_up_by_ticket(&digest).await?;
    let Some(row) = row.filter(|row| row.used_at.is_none() && row.expires_at > now) else {
        return Err(ErrorCode::LinkExpired.into());
    };
    if renew(auth, &row, None, context).await? {
        return Ok(());
    }
    let age = now.seconds_since(row.sent_at);
    let left =
        if row.mails_sent >= MAX_MAILS { row.expires_at.seconds_since(now) } else { auth.lifetimes.resend - age };
    Err(Refusal::retry_after(ErrorCode::TooSoon, u32::try_from(left.max(1)).unwrap_or(1)).into())
}

/// Replaces the secrets of a waiting sign-up and promises the mail with the new ones, unless it is
/// too soon. With `ticket`, another browser takes the waiting page over.
pub(super) async fn renew(
    auth: &Auth,
    row: &SignUpRow,
    ticket: Option<&SignUpTicket>,
    context: &Context,
) -> Result<bool> {
    let (now, secrets) = (auth.now(), Secrets::draw(auth));
    let ticket_digest = ticket.map(|ticket| token_digest(Purpose::SignUpTicket, ticket));
    let mut tx = auth.store.begin().await?;
    if mail_limit_reached(auth, &mut tx, &row.email).await? {
        return Ok(false);
    }
    let renewed = tx
        .renew_sign_up(Renewal {
            id: &row.id,
            link_digest: &secrets.link_digest(),
            code_mac: &auth.codes.of(row.email.as_str(), &secrets.code),
            ticket_digest: ticket_digest.as_deref(),
            now,
            not_after: now.minus_seconds(auth.lifetimes.resend),
            max_mails: MAX_MAILS,
        })
        .await?;
    if !renewed {
        return Ok(false);
    }
    let sealed = tx.sign_up_identity(&row.id).await?;
    let identity = sealed.map(|sealed| open_identity(auth, &identity_place(&row.id), &sealed)).transpose()?;
    let message = if row.is_known { already_registered(auth, identity.as_ref()) } else { secrets.message(auth) };
    let mail = Mail { to: row.email.clone(), locale: row.locale, message };
    auth.promise_mail(&mut tx, &mail).await?;
    auth.audit(&mut tx, EventKind::SignUpMailRepeated, (None, None), context).await?;
    tx.commit().await?;
    auth.wake_worker();
    Ok(true)
}
