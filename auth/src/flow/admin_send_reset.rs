//! Sending somebody the mail for a new password, in the hands of an administrator who learns nothing of it.

use super::administered::{account_id, require_below, unnamed};
use super::forgot_password::promise_reset;
use super::permission::require_permission;
use crate::audit::AuditLine;
use crate::id::UserId;
use crate::session::Caller;
use crate::store::SessionRow;
use crate::{Auth, Context, ErrorCode, EventKind, Permission, Refusal, Result};

/// Mails the way to a new password to the address of the account, as if its person had asked for it.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not, and when there is no such account;
/// [`ErrorCode::Forbidden`] for one's own account and one above one's own; [`ErrorCode::WrongState`] for one that is
/// suspended; [`ErrorCode::TooSoon`] with `retry_after` when two such mails are on their way.
pub async fn admin_send_reset(auth: &Auth, caller: &Caller, id: &UserId, context: &Context) -> Result<()> {
    let session = require_permission(auth, caller, Permission::HelpUsers).await?;
    send_reset(auth, (caller, &session), &account_id(id)?, context).await
}

/// Mails it for who may.
pub(super) async fn send_reset(
    auth: &Auth,
    (caller, session): (&Caller, &SessionRow),
    id: &UserId,
    context: &Context,
) -> Result<()> {
    let user = auth.store.user(id).await?.ok_or(ErrorCode::NotFound)?;
    require_below(session, &user)?;
    if user.is_suspended(auth.now()) {
        return Err(ErrorCode::WrongState.into());
    }
    let mut tx = auth.store.begin().await?;
    // The line of the person is that of every such mail.
    let promised = promise_reset(auth, &mut tx, &user.email, Some(&user), &unnamed(context)).await?;
    if !promised.is_mailed {
        tx.rollback().await?;
        let seconds = u32::try_from(auth.lifetimes.password_reset).unwrap_or(u32::MAX);
        return Err(Refusal::retry_after(ErrorCode::TooSoon, seconds).into());
    }
    let line = AuditLine::of(EventKind::AdminResetSent).by(&caller.user_id, Some(&caller.session_id)).with(id.as_str());
    auth.record(&mut tx, line, context).await?;
    tx.commit().await?;
    auth.wake_worker();
    Ok(())
}
