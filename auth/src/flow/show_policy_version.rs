//! A version of the policies with its text, and what differs between two.

use super::list_policy_versions::item;
use super::permission::require_permission;
use crate::policy::diff;
use crate::session::Caller;
use crate::view::{DiffLine, PolicyVersionView};
use crate::{Auth, ErrorCode, Permission, Result};

/// A version with its text.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not, and when there is none.
pub async fn show_policy_version(auth: &Auth, caller: &Caller, number: i64) -> Result<PolicyVersionView> {
    require_permission(auth, caller, Permission::ReadPolicies).await?;
    let row = auth.store.policy_version(number).await?.ok_or(ErrorCode::NotFound)?;
    let text = auth.store.policy_text(number).await?.ok_or(ErrorCode::NotFound)?;
    let active = auth.store.policy_state().await?.active_number;
    Ok(PolicyVersionView { item: item(row, active), text })
}

/// The lines of two versions, with what became of each.
///
/// # Errors
/// As [`show_policy_version`].
pub async fn compare_policy_versions(auth: &Auth, caller: &Caller, old: i64, new: i64) -> Result<Vec<DiffLine>> {
    require_permission(auth, caller, Permission::ReadPolicies).await?;
    let old = auth.store.policy_text(old).await?.ok_or(ErrorCode::NotFound)?;
    let new = auth.store.policy_text(new).await?.ok_or(ErrorCode::NotFound)?;
    Ok(diff(&old, &new))
}
