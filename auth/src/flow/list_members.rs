//! Who is in an organization.

use super::organization_permission::require_in_organization;
use crate::avatar;
use crate::id::{OrganizationId, UserId};
use crate::organization::OrganizationPermission;
use crate::paging::{Cursor, Page, Place};
use crate::search::beginning;
use crate::session::Caller;
use crate::store::MemberRow;
use crate::view::{MemberItem, RoleCount, RoleItem};
use crate::{Auth, Context, ErrorCode, Result};

const PERMISSION: OrganizationPermission = OrganizationPermission::ReadMembers;
/// Longest beginning of a name or an address that is looked for.
const MAX_LENGTH: usize = 254;

/// A page of the members whose name or address begins with `sought`, who joined last first. All of them when nothing is
/// sought.
///
/// # Errors
/// Those of [`require_in_organization`]; [`ErrorCode::MalformedRequest`] for a broken cursor.
pub async fn list_members(
    auth: &Auth,
    caller: &Caller,
    organization: &OrganizationId,
    (sought, after): (&str, Option<Cursor>),
    context: &Context,
) -> Result<Page<MemberItem>> {
    let within = require_in_organization(auth, caller, organization, PERMISSION, context).await?;
    let place = Place::of(after)?;
    let Some(pattern) = beginning(sought, MAX_LENGTH) else { return Ok(Page { items: Vec::new(), next: None }) };
    let rows = auth.store.members(&within.organization.id, &pattern, &place).await?;
    Ok(Page::of(
        rows,
        |row: &MemberRow| Place { at: row.membership.joined_at, id: row.membership.user_id.0.clone() },
        |row| Some(item(row)),
    ))
}

/// One member.
///
/// # Errors
/// Those of [`require_in_organization`]; [`ErrorCode::NotFound`] for who is not in it.
pub async fn show_member(
    auth: &Auth,
    caller: &Caller,
    organization: &OrganizationId,
    user: &UserId,
    context: &Context,
) -> Result<MemberItem> {
    let within = require_in_organization(auth, caller, organization, PERMISSION, context).await?;
    let user = UserId::parse(user.as_str()).ok_or(ErrorCode::NotFound)?;
    let row = auth.store.member(&within.organization.id, &user).await?;
    Ok(item(row.ok_or(ErrorCode::NotFound)?))
}

/// How many members there are of each role that somebody has: the built-in ones first, then those the organization
/// made.
///
/// # Errors
/// Those of [`require_in_organization`].
pub async fn count_members(
    auth: &Auth,
    caller: &Caller,
    organization: &OrganizationId,
    context: &Context,
) -> Result<Vec<RoleCount>> {
    let within = require_in_organization(auth, caller, organization, PERMISSION, context).await?;
    let counts = auth.store.members_by_role(&within.organization.id).await?;
    let roles = super::list_roles::roles(auth, &within.organization.id, &counts).await?;
    let count = |role: RoleItem| RoleCount { name: role.name, is_built_in: role.is_built_in, members: role.members };
    Ok(roles.into_iter().filter(|role| role.members > 0).map(count).collect())
}

fn item(row: MemberRow) -> MemberItem {
    let MemberRow { membership, name, email, avatar } = row;
    MemberItem {
        user_id: membership.user_id,
        name,
        email,
        avatar: avatar.map(|id| format!("{}{id}", avatar::PATH)),
        role: membership.role.as_str().to_owned(),
        role_name: membership.role_name,
        department: membership.department,
        joined_at: membership.joined_at,
    }
}
