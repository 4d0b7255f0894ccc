//! Which role may do what, by the policies in force.

use super::permission::require_permission;
use crate::policy::matrix;
use crate::session::Caller;
use crate::view::PermissionMatrix;
use crate::{Auth, Permission, Result};

/// Each role with each permission.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`]; [`crate::ErrorCode::NotFound`] for who may not.
pub async fn policy_matrix(auth: &Auth, caller: &Caller) -> Result<PermissionMatrix> {
    require_permission(auth, caller, Permission::ReadPolicies).await?;
    Ok(matrix(&auth.policies.current())?)
}
