//! The end of seeing the product as somebody else.

use super::administered::unnamed;
use super::permission::require_permission;
use crate::audit::AuditLine;
use crate::id::{SessionId, UserId};
use crate::session::Caller;
use crate::store::Transaction;
use crate::{Auth, Context, EventKind, Permission, Result};

/// Whom somebody was seen as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImpersonationEnded {
    /// The account.
    pub user_id: UserId,
}

/// Ends the session in another's place that asks; for an administrator's own session, whatever they began. None when
/// nothing was to be ended.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`]; [`crate::ErrorCode::NotFound`] for who may not begin one.
pub async fn end_impersonation(auth: &Auth, caller: &Caller, context: &Context) -> Result<Option<ImpersonationEnded>> {
    let session = auth.session_of(caller).await?;
    if session.impersonation.is_none() {
        require_permission(auth, caller, Permission::ImpersonateUsers).await?;
    }
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    let (administrator, own_session, ended) = match session.impersonation {
        Some(by) => {
            let has_ended = tx.end_session(&session.id, "impersonation_ended", now).await?;
            let ended: Vec<_> = has_ended.then_some((session.id, session.user_id)).into_iter().collect();
            (by.impersonator, by.own_session, ended)
        }
        None => {
            let ended = tx.end_impersonations_by(&session.user_id, now).await?;
            (session.user_id, session.id, ended)
        }
    };
    for ended in &ended {
        note_end(auth, &mut tx, (&administrator, &own_session), ended, context).await?;
    }
    tx.commit().await?;
    let last = ended.last().map(|(_, user_id)| ImpersonationEnded { user_id: user_id.clone() });
    for (session, _) in ended {
        auth.revocations.insert(session, now);
    }
    Ok(last)
}

/// The line of the person, and that of the administrator.
async fn note_end(
    auth: &Auth,
    tx: &mut Transaction,
    (administrator, own_session): (&UserId, &SessionId),
    (session, user): &(SessionId, UserId),
    context: &Context,
) -> Result<()> {
    let theirs = AuditLine {
        session: Some(session),
        impersonator: Some(administrator),
        ..AuditLine::of(EventKind::UserImpersonationEnded).about(user)
    };
    auth.record(tx, theirs, &unnamed(context)).await?;
    let own = AuditLine::of(EventKind::AdminImpersonationEnded).by(administrator, Some(own_session));
    auth.record(tx, own.with(user.as_str()), context).await
}
