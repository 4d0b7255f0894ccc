//! "This was not me": everything a thief may hold ends, and a mail leads to a new password.
//!
//! Sessions end, personal access tokens and trusted devices are revoked, the password is void, waiting changes of
//! address and a deletion are called off, and an address that was changed meanwhile is taken back when the notice
//! went to the old one. Factors and connections that were added since go: a thief may have made them.

use secrecy::SecretString;
use uuid::Uuid;

use super::forgot_password::mail_way_to_password;
use super::reauthenticate::require_fresh;
use super::undo_email_change::restore_address;
use crate::crypto::{Purpose, token_digest};
use crate::factor::{TakenSince, take_back_factors};
use crate::federation::take_back_connections;
use crate::id::UserId;
use crate::session::Caller;
use crate::store::{NewNoticeLink, Transaction};
use crate::view::NoticeStatus;
use crate::{Auth, Context, Email, ErrorCode, EventKind, Result, Timestamp};

/// Most events that are shown as what changed.
const MOST_SHOWN: i64 = 50;
/// Seconds in which the mail to a new password is promised, too.
const SETTLING: i64 = 5;

/// Consumes the link of a notice. It works signed out: the mail proves the person.
///
/// # Errors
/// [`ErrorCode::LinkExpired`] for a link that is used, too old or invented.
pub async fn secure_account_by_link(auth: &Auth, token: &SecretString, context: &Context) -> Result<()> {
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    let used = tx.use_notice_link(&token_digest(Purpose::NoticeLink, token), now).await?;
    let link = used.ok_or(ErrorCode::LinkExpired)?;
    let back = Back::MailedTo(&link.email);
    // The link of a notice is a moment younger than what it tells of.
    let codes = link.noticed_at.minus_seconds(60);
    let taken = taken_since(&mut tx, &link.user_id, &link.email, codes, now).await?;
    secure(auth, tx, &link.user_id, back, Taken::Everything(taken), context).await
}

/// Says about an event in the caller's activity that it was not them. Gives the token of a page that
/// shows, signed out, what changed since.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for an event that is not the caller's.
pub async fn secure_account_by_event(
    auth: &Auth,
    caller: &Caller,
    event: &str,
    context: &Context,
) -> Result<SecretString> {
    let session = auth.session_of(caller).await?;
    // A session that did not prove the account's factor takes none back: the mailed link does.
    let may_take = require_fresh(auth, session.clone()).await.is_ok();
    // A database need not take every text: PostgreSQL refuses a zero byte.
    let event = Uuid::try_parse(event).map_err(|_| ErrorCode::NotFound)?.to_string();
    let noticed_at = auth.store.moment_of_event(&caller.user_id, &event).await?.ok_or(ErrorCode::NotFound)?;
    let (token, now) = (auth.random.token(), auth.now());
    let mut tx = auth.store.begin().await?;
    tx.insert_notice_link(NewNoticeLink {
        digest: &token_digest(Purpose::NoticeLink, &token),
        user_id: &caller.user_id,
        email: &session.email,
        noticed_at,
        expires_at: now.plus_seconds(auth.lifetimes.notice_link),
        used_at: Some(now),
    })
    .await?;
    // The line of a change is a moment younger than the change.
    let since = noticed_at.minus_seconds(60);
    // No further back than a mailed link could.
    let codes = Timestamp(since.0.max(now.minus_seconds(auth.lifetimes.notice_link).0));
    let taken = if may_take {
        Taken::Everything(taken_since(&mut tx, &caller.user_id, &session.email, codes, now).await?)
    } else {
        Taken::Connections(codes)
    };
    secure(auth, tx, &caller.user_id, Back::ChangedSince(since), taken, context).await?;
    Ok(token)
}

/// Passkeys go back to the eldest notice that this mailbox may still answer: a thief who added one, and then did
/// something else, is answered by the mail about either.
pub(super) async fn taken_since(
    tx: &mut Transaction,
    user_id: &UserId,
    email: &Email,
    codes: Timestamp,
    now: Timestamp,
) -> Result<TakenSince> {
    let eldest = tx.eldest_notice(user_id, email, now).await?.map_or(codes, |at| at.minus_seconds(60));
    Ok(TakenSince { codes, passkeys: Timestamp(eldest.0.min(codes.0)) })
}

/// What the link of a notice shows: whether it was used, and what happened since. Changes nothing.
///
/// # Errors
/// [`ErrorCode::LinkExpired`].
pub async fn notice_status(auth: &Auth, token: &SecretString) -> Result<NoticeStatus> {
    let link = auth.store.notice_link(&token_digest(Purpose::NoticeLink, token), auth.now()).await?;
    let link = link.ok_or(ErrorCode::LinkExpired)?;
    // What happened until the account was secured: what its owner does afterwards is nobody's business
    // who once had this link.
    let rows = match link.used_at {
        Some(used_at) => {
            let until = used_at.plus_seconds(SETTLING);
            auth.store.audit_events_between(&link.user_id, link.noticed_at, until, MOST_SHOWN).await?
        }
        None => Vec::new(),
    };
    let user = auth.store.user(&link.user_id).await?;
    Ok(NoticeStatus {
        has_way_in: user.is_some_and(|user| user.email == link.email),
        email: link.email,
        is_used: link.used_at.is_some(),
        events: rows.into_iter().filter_map(super::list_activity::item).collect(),
    })
}

/// Makes the link of a notice as part of the transaction that promises it. `noticed_at` is not later
/// than the event the notice tells of, so that the page behind the link shows it, too.
pub(crate) async fn new_notice_link(
    auth: &Auth,
    tx: &mut Transaction,
    user_id: &UserId,
    email: &Email,
    noticed_at: Timestamp,
) -> Result<String> {
    use secrecy::ExposeSecret as _;

    let (token, now) = (auth.random.token(), auth.now());
    tx.insert_notice_link(NewNoticeLink {
        digest: &token_digest(Purpose::NoticeLink, &token),
        user_id,
        email,
        noticed_at,
        expires_at: now.plus_seconds(auth.lifetimes.notice_link),
        used_at: None,
    })
    .await?;
    Ok(format!("{}/not-me?token={}", auth.public_url, token.expose_secret()))
}

/// Which address comes back, if one was changed.
enum Back<'a> {
    /// The one whose mailbox the notice went to.
    MailedTo(&'a Email),
    /// The one from before a change that was confirmed after this moment.
    ChangedSince(Timestamp),
}

/// What is taken from the account that came to it since.
enum Taken {
    /// Factors and connections.
    Everything(TakenSince),
    /// Connections alone: the session did not prove the person lately. A thief who connected an account would come in
    /// again; an owner who loses a connection that way has the mailbox.
    Connections(Timestamp),
}

/// Does it all or nothing, then mails the way to a new password. When the address that should come back
/// has another account by now, everything else is done, and no mail goes out: a thief would get it.
async fn secure(
    auth: &Auth,
    mut tx: Transaction,
    user_id: &UserId,
    back: Back<'_>,
    taken: Taken,
    context: &Context,
) -> Result<()> {
    let now = auth.now();
    tx.kill_user_resets(user_id, now).await?;
    let user = tx.clear_password(user_id).await?.ok_or(ErrorCode::LinkExpired)?;
    let change = match back {
        Back::MailedTo(own) if *own == user.email => None,
        Back::MailedTo(own) => tx.undo_email_change_of(user_id, Some(own), Timestamp(0), now).await?,
        Back::ChangedSince(since) => tx.undo_email_change_of(user_id, None, since, now).await?,
    };
    let way_in = match &change {
        None => Some(user.email.clone()),
        Some(change) => restore_address(auth, &mut tx, change, &user, now).await?.then(|| change.old_email.clone()),
    };
    match taken {
        Taken::Everything(since) => {
            take_back_factors(&mut tx, user_id, since).await?;
            take_back_connections(&mut tx, user_id, since.passkeys).await?;
        }
        Taken::Connections(since) => take_back_connections(&mut tx, user_id, since).await?,
    }
    tx.kill_waiting_email_change(user_id, now).await?;
    tx.keep_account(user_id, now).await?;
    tx.kill_account_recovery(user_id, now).await?;
    tx.bump_token_version(user_id, now).await?;
    let ended = tx.end_user_sessions(user_id, None, "not_me", now).await?;
    tx.revoke_tokens_of(user_id, now).await?;
    tx.revoke_trusted_devices(user_id, now).await?;
    tx.kill_pending_sign_ins(user_id).await?;
    auth.audit(&mut tx, EventKind::UserSecured, (Some(user_id), None), context).await?;
    tx.commit().await?;
    for session in ended {
        auth.revocations.insert(session, now);
    }
    auth.wake_worker();
    match way_in {
        // A transaction of its own: when it fails, the person asks for the mail themselves.
        Some(email) => mail_way_to_password(auth, &email, context).await.map(|_| ()),
        None => Ok(()),
    }
}
