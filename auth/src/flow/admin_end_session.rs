//! Ending a session of somebody else (ASVS 5.0, 7.4.5).

use uuid::Uuid;

use super::permission::require_permission;
use crate::id::SessionId;
use crate::session::Caller;
use crate::{Auth, Context, ErrorCode, EventKind, Permission, Result};

/// Ends any session. One that had ended before is no failure: it is out.
///
/// Both accounts get a line. That of the person does not say from where it was done: an administrator's
/// address is nobody's business. The request id joins the two.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not, and when there is no such session.
pub async fn admin_end_session(auth: &Auth, caller: &Caller, id: &SessionId, context: &Context) -> Result<()> {
    require_permission(auth, caller, Permission::EndSessions).await?;
    // A database need not take every text: PostgreSQL refuses a zero byte.
    let id = SessionId(Uuid::try_parse(id.as_str()).map_err(|_| ErrorCode::NotFound)?.to_string());
    let owner = auth.store.family(&id).await?.ok_or(ErrorCode::NotFound)?.user_id;
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    if tx.end_session(&id, "ended_by_admin", now).await? {
        let unnamed = Context { address: String::new(), device: String::new(), ..context.clone() };
        auth.audit(&mut tx, EventKind::SessionEndedByAdmin, (Some(&owner), Some(&id)), &unnamed).await?;
        let actor = (Some(&caller.user_id), Some(&caller.session_id));
        auth.audit(&mut tx, EventKind::AdminSessionEnded, actor, context).await?;
    }
    tx.commit().await?;
    auth.revocations.insert(id, now);
    Ok(())
}
