//! Opening a suspended account again before its time.

use super::administered::{account_id, note_act, require_below};
use super::permission::require_permission;
use crate::audit::AuditLine;
use crate::id::UserId;
use crate::mail::{Mail, Message};
use crate::session::Caller;
use crate::store::SessionRow;
use crate::{Auth, Context, ErrorCode, EventKind, Permission, Result};

/// Takes a suspension back. Nobody is signed in by it.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not, and when there is no such account;
/// [`ErrorCode::Forbidden`] for an account above one's own; [`ErrorCode::WrongState`] when it is not suspended.
pub async fn unsuspend_user(auth: &Auth, caller: &Caller, id: &UserId, context: &Context) -> Result<()> {
    let session = require_permission(auth, caller, Permission::SuspendUsers).await?;
    unsuspend(auth, (caller, &session), &account_id(id)?, context).await
}

/// Takes a suspension back for who may.
pub(super) async fn unsuspend(
    auth: &Auth,
    (caller, session): (&Caller, &SessionRow),
    id: &UserId,
    context: &Context,
) -> Result<()> {
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    let Some(user) = tx.unsuspend(id, now).await? else {
        tx.rollback().await?;
        let is_there = auth.store.user(id).await?.is_some();
        return Err(if is_there { ErrorCode::WrongState } else { ErrorCode::NotFound }.into());
    };
    require_below(session, &user)?;
    let message = Message::AccountUnsuspended { name: user.name, link: format!("{}/sign-in", auth.public_url) };
    auth.promise_mail(&mut tx, &Mail { to: user.email, locale: user.locale, message }).await?;
    let line = AuditLine::of(EventKind::AdminUserUnsuspended);
    note_act(auth, &mut tx, (caller, line), (id, EventKind::UserUnsuspended), context).await?;
    tx.commit().await?;
    auth.wake_worker();
    Ok(())
}
