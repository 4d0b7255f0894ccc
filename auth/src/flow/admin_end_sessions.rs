//! Signing somebody out everywhere, in the hands of an administrator.

use super::administered::{account_id, note_act, require_below};
use super::permission::require_permission;
use crate::audit::AuditLine;
use crate::id::UserId;
use crate::session::Caller;
use crate::store::SessionRow;
use crate::{Auth, Context, ErrorCode, EventKind, Permission, Result};

/// Ends every session of an account; says how many there were. None is no failure, and leaves no line.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not, and when there is no such account;
/// [`ErrorCode::Forbidden`] for one's own account and one above one's own.
pub async fn admin_end_sessions(auth: &Auth, caller: &Caller, id: &UserId, context: &Context) -> Result<usize> {
    let session = require_permission(auth, caller, Permission::EndSessions).await?;
    end_sessions(auth, (caller, &session), &account_id(id)?, context).await
}

/// Ends every session of an account for who may.
pub(super) async fn end_sessions(
    auth: &Auth,
    (caller, session): (&Caller, &SessionRow),
    id: &UserId,
    context: &Context,
) -> Result<usize> {
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    let user = tx.held_user(id).await?.ok_or(ErrorCode::NotFound)?;
    require_below(session, &user)?;
    let ended = tx.end_user_sessions(id, None, "ended_by_admin", now).await?;
    // A sign-in that waits for its second half would be one more.
    tx.kill_pending_sign_ins(id).await?;
    if !ended.is_empty() {
        let line = AuditLine::of(EventKind::AdminSessionsEnded);
        note_act(auth, &mut tx, (caller, line), (id, EventKind::SessionsEndedByAdmin), context).await?;
    }
    tx.commit().await?;
    let count = ended.len();
    for session in ended {
        auth.revocations.insert(session, now);
    }
    Ok(count)
}
