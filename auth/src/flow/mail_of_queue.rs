//! A mail of the queue in the hands of support: what the acts on one have in common.

use super::permission::require_permission;
use crate::audit::AuditLine;
use crate::id::JobId;
use crate::session::Caller;
use crate::store::{QueuedJob, Transaction};
use crate::{Auth, Context, ErrorCode, EventKind, Permission, Result};

/// The mail of an id, held to the end of the transaction, for who may send it again.
pub(super) async fn hold_mail(auth: &Auth, caller: &Caller, id: &str) -> Result<(Transaction, QueuedJob)> {
    require_permission(auth, caller, Permission::ResendMails).await?;
    let id = JobId::parse(id).ok_or(ErrorCode::MalformedRequest)?;
    let mut tx = auth.store.begin().await?;
    let job = tx.hold_job(&id).await?.ok_or(ErrorCode::NotFound)?;
    Ok((tx, job))
}

/// Adds the line of an act on it; of one that is gone by it, with what it was for.
pub(super) async fn record(
    auth: &Auth,
    tx: &mut Transaction,
    kind: EventKind,
    (caller, id, gone): (&Caller, &JobId, Option<&str>),
    context: &Context,
) -> Result<()> {
    let line = AuditLine::of(kind).by(&caller.user_id, Some(&caller.session_id)).with(id.as_str());
    let line = line.changed("mail", gone, None);
    auth.record(tx, line, context).await
}
