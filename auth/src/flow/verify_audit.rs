//! Whether the audit log is whole.

use super::permission::require_permission;
use crate::audit::{AuditHead, Reach, verify};
use crate::session::Caller;
use crate::view::AuditState;
use crate::{Auth, Permission, Result};

/// Walks along all of the audit log and says where it is not as it was written. `expected` is the end of it at an earlier
/// time, kept elsewhere: it shows whether the end was taken away together with what this program remembers of it.
/// Whoever calls this has made sure that an operator asks.
///
/// # Errors
/// When the database fails.
pub async fn verify_audit(auth: &Auth, expected: Option<&AuditHead>) -> Result<AuditState> {
    verify(auth, Reach::default(), expected).await
}

/// What is known of the audit log: its newest part as it is now, the rest as it was when it was last walked.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`]; [`crate::ErrorCode::NotFound`] for who may not see it.
pub async fn audit_state(auth: &Auth, caller: &Caller) -> Result<AuditState> {
    require_permission(auth, caller, Permission::ReadAudit).await?;
    auth.audit_state_now().await
}
