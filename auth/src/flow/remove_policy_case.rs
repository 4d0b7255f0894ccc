//! A case that policies need not pass any more.

use super::permission::require_permission;
use crate::audit::AuditLine;
use crate::id::PolicyCaseId;
use crate::session::Caller;
use crate::{Auth, Context, ErrorCode, EventKind, Permission, Result};

/// Removes a case.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not, and when there is no such case.
pub async fn remove_policy_case(auth: &Auth, caller: &Caller, id: &PolicyCaseId, context: &Context) -> Result<()> {
    let session = require_permission(auth, caller, Permission::ManagePolicies).await?;
    let id = PolicyCaseId::parse(id.as_str()).ok_or(ErrorCode::NotFound)?;
    let mut tx = auth.store.begin().await?;
    tx.bump_policy_cases().await?;
    if !tx.delete_policy_case(&id).await? {
        return Err(ErrorCode::NotFound.into());
    }
    let line = AuditLine::of(EventKind::PolicyCaseRemoved).by(&session.user_id, Some(&session.id));
    auth.record(&mut tx, line.with(id.as_str()), context).await?;
    tx.commit().await?;
    Ok(())
}
