//! The roles of an organization.

use super::organization_permission::require_in_organization;
use crate::id::OrganizationId;
use crate::organization::{BuiltInRole, OrganizationPermission};
use crate::session::Caller;
use crate::view::RoleItem;
use crate::{Auth, Context, Result};

/// Every role there is, with how many members have it: the built-in ones, and those the organization made in the order
/// it made them.
///
/// # Errors
/// Those of [`require_in_organization`].
pub async fn list_roles(
    auth: &Auth,
    caller: &Caller,
    organization: &OrganizationId,
    context: &Context,
) -> Result<Vec<RoleItem>> {
    let permission = OrganizationPermission::ReadRoles;
    let within = require_in_organization(auth, caller, organization, permission, context).await?;
    let counts = auth.store.members_by_role(&within.organization.id).await?;
    roles(auth, &within.organization.id, &counts).await
}

/// The roles with their counts, whoever asks.
pub(super) async fn roles(auth: &Auth, id: &OrganizationId, counts: &[(String, i64)]) -> Result<Vec<RoleItem>> {
    let members = |role: &str| counts.iter().find(|(of, _)| of == role).map_or(0, |(_, members)| *members);
    let built_in = BuiltInRole::ALL.map(|role| RoleItem {
        id: role.as_str().to_owned(),
        name: role.as_str().to_owned(),
        permissions: role.permissions(),
        is_built_in: true,
        members: members(role.as_str()),
    });
    let custom = auth.store.organization_roles(id).await?.into_iter().map(|role| RoleItem {
        members: members(role.id.as_str()),
        id: role.id.0,
        name: role.name,
        permissions: role.permissions,
        is_built_in: false,
    });
    Ok(built_in.into_iter().chain(custom).collect())
}
