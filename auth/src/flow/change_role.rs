//! Changing and removing a role that an organization made.

use super::organization_permission::{InOrganization, require_in_organization};
use crate::audit::AuditLine;
use crate::form::RoleChange;
use crate::id::{OrganizationId, OrganizationRoleId};
use crate::organization::{OrganizationPermission, OrganizationRole, RoleName};
use crate::session::Caller;
use crate::store::{OrganizationRoleRow, Transaction};
use crate::{Auth, Context, ErrorCode, EventKind, Field, FieldIssue, Refusal, Result};

const PERMISSION: OrganizationPermission = OrganizationPermission::ManageRoles;

/// Changes what a role is called, what it allows, or both. It counts at once for everybody who has it. What is so
/// before changes nothing and leaves no trace.
///
/// # Errors
/// Those of [`require_in_organization`]; [`ErrorCode::NotFound`] for a role that the organization did not make, and so
/// for the built-in ones; [`ErrorCode::Forbidden`] for a role that allows or will allow more than the caller may;
/// [`FieldIssue::Taken`] of [`Field::Name`].
pub async fn change_role(
    auth: &Auth,
    caller: &Caller,
    (organization, role): (&OrganizationId, &OrganizationRoleId),
    change: &RoleChange,
    context: &Context,
) -> Result<()> {
    let within = require_in_organization(auth, caller, organization, PERMISSION, context).await?;
    let mut tx = auth.store.begin().await?;
    let within = within.held(auth, &mut tx, PERMISSION, context).await?;
    let old = reachable(&mut tx, &within, role).await?;
    let id = &within.organization.id;
    let name = change.name.as_ref().map_or(old.name.as_str(), RoleName::as_str);
    let permissions = change.permissions.as_ref().unwrap_or(&old.permissions);
    if name == old.name && *permissions == old.permissions {
        return Ok(());
    }
    if !within.membership.permissions.covers(permissions) {
        return Err(ErrorCode::Forbidden.into());
    }
    if !tx.set_organization_role(id, &old.id, name, permissions).await? {
        return Err(Refusal::invalid(vec![(Field::Name, FieldIssue::Taken)]).into());
    }
    // Also for another name alone: access tokens carry it.
    tx.bump_token_versions(id, Some(&OrganizationRole::Custom(old.id.clone())), auth.now()).await?;
    let line = AuditLine::of(EventKind::RoleChanged)
        .by(&caller.user_id, Some(&caller.session_id))
        .within(id)
        .with(old.id.as_str())
        .changed("name", Some(&old.name), Some(name))
        .changed("permissions", Some(&old.permissions.as_text()), Some(&permissions.as_text()));
    auth.record(&mut tx, line, context).await?;
    tx.commit().await?;
    Ok(())
}

/// Removes a role that nobody has, and to which nobody is invited: no invitation dies in silence.
///
/// # Errors
/// Those of [`require_in_organization`]; [`ErrorCode::NotFound`] for a role that the organization did not make;
/// [`ErrorCode::Forbidden`] for a role that allows more than the caller may; [`ErrorCode::WrongState`] while a member
/// has it or an open invitation gives it.
pub async fn remove_role(
    auth: &Auth,
    caller: &Caller,
    (organization, role): (&OrganizationId, &OrganizationRoleId),
    context: &Context,
) -> Result<()> {
    let within = require_in_organization(auth, caller, organization, PERMISSION, context).await?;
    let mut tx = auth.store.begin().await?;
    let within = within.held(auth, &mut tx, PERMISSION, context).await?;
    let old = reachable(&mut tx, &within, role).await?;
    let id = &within.organization.id;
    if !tx.remove_organization_role(id, &old.id, auth.now()).await? {
        return Err(ErrorCode::WrongState.into());
    }
    let line = AuditLine::of(EventKind::RoleRemoved)
        .by(&caller.user_id, Some(&caller.session_id))
        .within(id)
        .with(old.id.as_str())
        .changed("name", Some(&old.name), None)
        .changed("permissions", Some(&old.permissions.as_text()), None);
    auth.record(&mut tx, line, context).await?;
    tx.commit().await?;
    Ok(())
}

/// A role of this organization that allows no more than the caller may.
async fn reachable(
    tx: &mut Transaction,
    within: &InOrganization,
    role: &OrganizationRoleId,
) -> Result<OrganizationRoleRow> {
    let id = OrganizationRoleId::parse(role.as_str()).ok_or(ErrorCode::NotFound)?;
    let role = tx.organization_role(&within.organization.id, &id).await?.ok_or(ErrorCode::NotFound)?;
    if !within.membership.permissions.covers(&role.permissions) {
        return Err(ErrorCode::Forbidden.into());
    }
    Ok(role)
}
