//! The versions of the policies, for administrators.

use super::permission::require_permission;
use crate::paging::Place;
use crate::session::Caller;
use crate::store::PolicyVersionRow;
use crate::view::{PolicyVersionItem, PolicyVersions};
use crate::{Auth, Cursor, Page, Permission, Result};

/// One page of versions, the newest first, and which one is in force.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not; [`ErrorCode::MalformedRequest`] for a cursor that
/// no list gave.
pub async fn list_policy_versions(auth: &Auth, caller: &Caller, after: Option<Cursor>) -> Result<PolicyVersions> {
    require_permission(auth, caller, Permission::ReadPolicies).await?;
    let place = Place::of(after)?;
    let active = auth.store.policy_state().await?.active_number;
    let rows = auth.store.policy_versions(&place).await?;
    let place = |row: &PolicyVersionRow| Place { at: row.created_at, id: row.id.0.clone() };
    Ok(PolicyVersions { active, page: Page::of(rows, place, |row| Some(item(row, active))) })
}

/// A version as it is shown.
pub(super) fn item(row: PolicyVersionRow, active: i64) -> PolicyVersionItem {
    let PolicyVersionRow { id, number, note, author, created_at, activated_at } = row;
    PolicyVersionItem { id, number, note, author, created_at, activated_at, is_active: number == active }
}
