//! Closing an account for a while, in the hands of an administrator.
//!
//! Whoever is signed in is out at once, on every node; tokens of programs are refused while it lasts; no way in leads in,
//! and only who proves who they are is told so. It ends by itself or is taken back (`unsuspend_user.rs`).

use super::administered::{account_id, note_act, require_administrator_left, require_below, require_still_there};
use super::permission::require_permission;
use super::reauthenticate::require_fresh;
use crate::audit::AuditLine;
use crate::form::Suspending;
use crate::id::UserId;
use crate::mail::{Mail, Message};
use crate::session::Caller;
use crate::store::{FOR_NOW, NewSuspension, SessionRow};
use crate::{Auth, Context, ErrorCode, EventKind, Permission, Result, Role};

/// Suspends an account. One that is suspended already is from now on suspended in this way. Asks for a fresh proof.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not, and when there is no such account;
/// [`ErrorCode::ReauthenticationRequired`]; [`ErrorCode::Forbidden`] for one's own account and one above one's own;
/// [`ErrorCode::LastAdministrator`] when nobody would be left who looks after the product.
pub async fn suspend_user(
    auth: &Auth,
    caller: &Caller,
    id: &UserId,
    wanted: &Suspending,
    context: &Context,
) -> Result<()> {
    let session = require_permission(auth, caller, Permission::SuspendUsers).await?;
    let session = require_fresh(auth, session).await?;
    suspend(auth, (caller, &session), &account_id(id)?, wanted, context).await
}

/// Suspends an account for who may.
pub(super) async fn suspend(
    auth: &Auth,
    (caller, session): (&Caller, &SessionRow),
    id: &UserId,
    wanted: &Suspending,
    context: &Context,
) -> Result<()> {
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    tx.hold_administrators().await?;
    require_still_there(&mut tx, session, now).await?;
    let suspension = NewSuspension {
        user_id: id,
        at: now,
        until: wanted.until.unwrap_or(FOR_NOW),
        reason: wanted.reason.as_ref(),
        note: &wanted.note,
    };
    let user = tx.suspend(suspension).await?.ok_or(ErrorCode::NotFound)?;
    // What is refused here drops the transaction, and nothing happened.
    require_below(session, &user)?;
    if user.role == Role::PlatformAdmin {
        require_administrator_left(&mut tx, now).await?;
    }
    let mut ended = tx.end_user_sessions(id, None, "suspended", now).await?;
    ended.extend(tx.end_impersonations_by(id, now).await?.into_iter().map(|(session, _)| session));
    tx.kill_pending_sign_ins(id).await?;
    tx.bump_token_version(id, now).await?;
    let message = Message::AccountSuspended {
        name: user.name,
        at: now,
        until: wanted.until,
        reason: wanted.reason.clone(),
        link: auth.public_url.clone(),
    };
    auth.promise_mail(&mut tx, &Mail { to: user.email, locale: user.locale, message }).await?;
    let line = AuditLine::of(EventKind::AdminUserSuspended).changed("note", None, Some(wanted.note.as_str()));
    note_act(auth, &mut tx, (caller, line), (id, EventKind::UserSuspended), context).await?;
    tx.commit().await?;
    for session in ended {
        auth.revocations.insert(session, now);
    }
    auth.wake_worker();
    Ok(())
}
