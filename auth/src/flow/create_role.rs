//! A role that an organization makes for itself.

use super::organization_permission::require_in_organization;
use crate::audit::AuditLine;
use crate::form::NewRole;
use crate::id::{OrganizationId, OrganizationRoleId};
use crate::organization::OrganizationPermission;
use crate::session::Caller;
use crate::store::NewOrganizationRole;
use crate::{Auth, Context, ErrorCode, EventKind, Field, FieldIssue, Refusal, Result};

/// Roles that an organization has beside the built-in ones.
const MOST: i64 = 50;

/// Makes a role that allows no more than the caller may.
///
/// # Errors
/// Those of [`require_in_organization`]; [`ErrorCode::Forbidden`] for what the caller may not do themselves;
/// [`ErrorCode::TooMany`] when there are 50; [`FieldIssue::Taken`] of [`Field::Name`].
pub async fn create_role(
    auth: &Auth,
    caller: &Caller,
    organization: &OrganizationId,
    NewRole { name, permissions }: NewRole,
    context: &Context,
) -> Result<OrganizationRoleId> {
    let permission = OrganizationPermission::ManageRoles;
    let within = require_in_organization(auth, caller, organization, permission, context).await?;
    let now = auth.now();
    let id = OrganizationRoleId(auth.random.id(now));
    let mut tx = auth.store.begin().await?;
    let within = within.held(auth, &mut tx, permission, context).await?;
    if !within.membership.permissions.covers(&permissions) {
        return Err(ErrorCode::Forbidden.into());
    }
    let organization_id = &within.organization.id;
    if tx.count_organization_roles(organization_id).await? >= MOST {
        return Err(ErrorCode::TooMany.into());
    }
    let new = NewOrganizationRole {
        id: &id,
        organization_id,
        name: name.as_str(),
        permissions: &permissions,
        created_at: now,
    };
    if !tx.insert_organization_role(new).await? {
        return Err(Refusal::invalid(vec![(Field::Name, FieldIssue::Taken)]).into());
    }
    let line = AuditLine::of(EventKind::RoleCreated)
        .by(&caller.user_id, Some(&caller.session_id))
        .within(organization_id)
        .with(id.as_str())
        .changed("name", None, Some(name.as_str()))
        .changed("permissions", None, Some(&permissions.as_text()));
    auth.record(&mut tx, line, context).await?;
    tx.commit().await?;
    Ok(id)
}
