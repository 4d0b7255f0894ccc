//! Ending a session of somebody else (ASVS 5.0, 7.4.5).

use uuid::Uuid;

use super::administered::unnamed;
use super::permission::require_permission;
use crate::audit::AuditLine;
use crate::id::SessionId;
use crate::session::Caller;
use crate::{Auth, Context, ErrorCode, EventKind, Permission, Result};

/// Ends any session. One that had ended before is no failure: it is out.
///
/// Both accounts get a line. That of the person does not say from where it was done: an administrator's
/// address is nobody's business. The request id joins the two.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not, and when there is no such session;
/// [`ErrorCode::Forbidden`] for that of an account above one's own.
pub async fn admin_end_session(auth: &Auth, caller: &Caller, id: &SessionId, context: &Context) -> Result<()> {
    let session = require_permission(auth, caller, Permission::EndSessions).await?;
    // A database need not take every text: PostgreSQL refuses a zero byte.
    let id = SessionId(Uuid::try_parse(id.as_str()).map_err(|_| ErrorCode::NotFound)?.to_string());
    let owner = auth.store.family(&id).await?.ok_or(ErrorCode::NotFound)?.user_id;
    let user = auth.store.user(&owner).await?.ok_or(ErrorCode::NotFound)?;
    // One's own may be ended here as well.
    if user.role.is_above(session.role) {
        return Err(ErrorCode::Forbidden.into());
    }
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    if tx.end_session(&id, "ended_by_admin", now).await? {
        let told = AuditLine::of(EventKind::SessionEndedByAdmin).about(&owner).by(&caller.user_id, Some(&id));
        auth.record(&mut tx, told, &unnamed(context)).await?;
        let done = AuditLine::of(EventKind::AdminSessionEnded)
            .about(&caller.user_id)
            .by(&caller.user_id, Some(&caller.session_id))
            .with(owner.as_str())
            .changed("session", Some(id.as_str()), None);
        auth.record(&mut tx, done, context).await?;
    }
    tx.commit().await?;
    auth.revocations.insert(id, now);
    Ok(())
}
