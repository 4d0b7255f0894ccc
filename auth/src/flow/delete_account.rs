//! The end of an account whose grace is over: everything that belongs to the person goes, in one
//! transaction. Lines of the audit log stay and tell nothing of them (GDPR, article 17).

use crate::id::UserId;
use crate::mail::{Mail, Message};
use crate::{Auth, Context, EventKind, Locale, Result};

/// Seconds in which every node has learned of ended sessions, beside the life of an access token.
const SLACK: i64 = 60;

/// Deletes an account if its day has come; `false` when it was kept meanwhile, another node was faster,
/// or access tokens may still be in use: then its sessions end now, and the next call deletes it. Other
/// nodes learn of ended sessions from their rows, so these must not go at once.
///
/// # Errors
/// Only when the database fails; then nothing happened.
pub async fn delete_account(auth: &Auth, id: &UserId) -> Result<bool> {
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    let Some(user) = tx.hold_account_to_delete(id, now).await? else { return Ok(false) };
    let ended = tx.end_user_sessions(&user.id, None, "deleted", now).await?;
    tx.revoke_tokens_of(&user.id, now).await?;
    if tx.has_session_ended_since(&user.id, now.minus_seconds(auth.lifetimes.access + SLACK)).await? {
        tx.commit().await?;
        for session in ended {
            auth.revocations.insert(session, now);
        }
        return Ok(false);
    }
    for email in tx.addresses_of(&user.id).await? {
        tx.delete_waiting_mails(&auth.mac_of_recipient(&email)).await?;
    }
    let numbers = tx.phone_numbers(&user.id).await?;
    for (number, _) in numbers.proved.into_iter().chain(numbers.wanted) {
        tx.delete_waiting_mails(&auth.mac_of_number(&number)).await?;
    }
    tx.delete_every_trace(&user.id).await?;
    let message = Message::AccountDeleted { link: format!("{}/sign-up", auth.public_url) };
    auth.promise_mail(&mut tx, &Mail { to: user.email, locale: user.locale, message }).await?;
    auth.audit(&mut tx, EventKind::UserDeleted, (None, None), &nobody()).await?;
    tx.commit().await?;
    auth.wake_worker();
    Ok(true)
}

/// The program itself does this: no request asked for it.
fn nobody() -> Context {
    Context { address: String::new(), device: String::new(), locale: Locale::default(), request_id: String::new() }
}
