//! What a member is in an organization, and taking one out. Nobody gives or takes more than they may themselves, and
//! the last owner stays one: whoever changes members holds the organization, so of two owners who demote each other one
//! comes too late.

use super::organization_permission::{InOrganization, require_in_organization};
use super::reauthenticate::require_fresh;
use crate::audit::AuditLine;
use crate::form::{DepartmentChange, MemberChange};
use crate::id::{OrganizationId, UserId};
use crate::organization::{Department, OrganizationPermission, OrganizationPermissions, OrganizationRole};
use crate::session::Caller;
use crate::store::{MembershipRow, Transaction};
use crate::{Auth, Context, ErrorCode, EventKind, Field, FieldIssue, Refusal, Result};

/// Gives a member another role, another department, or both. It counts at once, on every node within a second. What is
/// so before changes nothing and leaves no trace. To make somebody an owner, or an owner something else, asks for a
/// fresh proof.
///
/// # Errors
/// Those of [`require_in_organization`]; [`ErrorCode::NotFound`] for who is not in it; [`ErrorCode::Forbidden`] for
/// what the caller may not do themselves; [`FieldIssue::Unknown`] of [`Field::Role`]; [`ErrorCode::LastOwner`];
/// [`ErrorCode::ReauthenticationRequired`]; [`ErrorCode::ReadOnly`] for whom somebody acts in the place of.
pub async fn change_member(
    auth: &Auth,
    caller: &Caller,
    (organization, user): (&OrganizationId, &UserId),
    change: MemberChange,
    context: &Context,
) -> Result<()> {
    let permission = OrganizationPermission::UpdateMembers;
    let within = require_in_organization(auth, caller, organization, permission, context).await?;
    let user = UserId::parse(user.as_str()).ok_or(ErrorCode::NotFound)?;
    let gives_ownership = change.role.as_ref().is_some_and(OrganizationRole::is_owner);
    require_proof_for_owners(auth, &within, &user, gives_ownership, change.role.is_some()).await?;

    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    let within = within.held(auth, &mut tx, permission, context).await?;
    let id = &within.organization.id;
    let member = reachable(&mut tx, &within, &user).await?;
    let role = change.role.unwrap_or_else(|| member.role.clone());
    let (role_name, permissions) = role_of(&mut tx, id, &role).await?;
    let department = match &change.department {
        DepartmentChange::Is(department) => department.as_ref().map(Department::as_str),
        DepartmentChange::Stays => member.department.as_deref(),
    };
    if role == member.role && department == member.department.as_deref() {
        return Ok(());
    }
    if role != member.role && !within.membership.permissions.covers(&permissions) {
        return Err(ErrorCode::Forbidden.into());
    }
    if member.role.is_owner() && !role.is_owner() && !tx.has_other_owner(id, &user).await? {
        return Err(ErrorCode::LastOwner.into());
    }
    tx.set_membership(id, &user, &role, department).await?;
    tx.bump_token_version(&user, now).await?;
    let line = AuditLine::of(EventKind::MemberChanged)
        .about(&user)
        .by(&caller.user_id, Some(&caller.session_id))
        .within(id)
        .changed("role", Some(&member.role_name), Some(&role_name))
        .changed("department", member.department.as_deref(), department);
    auth.record(&mut tx, line, context).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes a member out. It counts at once. To take an owner out asks for a fresh proof.
///
/// # Errors
/// Those of [`require_in_organization`]; [`ErrorCode::NotFound`] for who is not in it; [`ErrorCode::Forbidden`] for a
/// member who may more than the caller; [`ErrorCode::LastOwner`]; [`ErrorCode::ReauthenticationRequired`];
/// [`ErrorCode::ReadOnly`] for whom somebody acts in the place of.
pub async fn remove_member(
    auth: &Auth,
    caller: &Caller,
    (organization, user): (&OrganizationId, &UserId),
    context: &Context,
) -> Result<()> {
    let permission = OrganizationPermission::RemoveMembers;
    let within = require_in_organization(auth, caller, organization, permission, context).await?;
    let user = UserId::parse(user.as_str()).ok_or(ErrorCode::NotFound)?;
    require_proof_for_owners(auth, &within, &user, false, true).await?;

    let mut tx = auth.store.begin().await?;
    let within = within.held(auth, &mut tx, permission, context).await?;
    let id = &within.organization.id;
    let member = reachable(&mut tx, &within, &user).await?;
    if member.role.is_owner() && !tx.has_other_owner(id, &user).await? {
        return Err(ErrorCode::LastOwner.into());
    }
    tx.pass_documents_on(id, &user).await?;
    tx.remove_membership(id, &user).await?;
    tx.bump_token_version(&user, auth.now()).await?;
    let line = AuditLine::of(EventKind::MemberRemoved)
        .about(&user)
        .by(&caller.user_id, Some(&caller.session_id))
        .within(id)
        .changed("role", Some(&member.role_name), None);
    auth.record(&mut tx, line, context).await?;
    tx.commit().await?;
    Ok(())
}

/// A member whom the caller may change: one who may no more than they.
async fn reachable(tx: &mut Transaction, within: &InOrganization, user: &UserId) -> Result<MembershipRow> {
    let member = tx.membership(&within.organization.id, user).await?.ok_or(ErrorCode::NotFound)?;
    if !within.membership.permissions.covers(&member.permissions) {
        return Err(ErrorCode::Forbidden.into());
    }
    Ok(member)
}

/// What a role is called and allows in this organization.
async fn role_of(
    tx: &mut Transaction,
    organization: &OrganizationId,
    role: &OrganizationRole,
) -> Result<(String, OrganizationPermissions)> {
    match role {
        OrganizationRole::BuiltIn(built_in) => Ok((built_in.as_str().to_owned(), built_in.permissions())),
        OrganizationRole::Custom(id) => {
            let found = tx.organization_role(organization, id).await?;
            let role = found.ok_or_else(|| Refusal::invalid(vec![(Field::Role, FieldIssue::Unknown)]))?;
            Ok((role.name, role.permissions))
        }
    }
}

/// A stolen session makes no owner and unmakes none, and nobody changes what the person is in whose place they act.
/// Judged before the transaction: what the refusal says is read from elsewhere.
async fn require_proof_for_owners(
    auth: &Auth,
    within: &InOrganization,
    user: &UserId,
    gives_ownership: bool,
    may_take_it: bool,
) -> Result<()> {
    if within.session.impersonation.is_some() && *user == within.session.user_id {
        return Err(ErrorCode::ReadOnly.into());
    }
    // Who may not touch an owner is told so, and not asked for a proof first.
    if !within.membership.role.is_owner() {
        return Ok(());
    }
    let member = auth.store.membership(&within.organization.id, user).await?.ok_or(ErrorCode::NotFound)?;
    if gives_ownership || (may_take_it && member.role.is_owner()) {
        require_fresh(auth, within.session.clone()).await?;
    }
    Ok(())
}
