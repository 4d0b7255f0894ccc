//! All organizations and who is in them, for administrators of the platform.

use super::permission::require_permission;
use crate::id::OrganizationId;
use crate::paging::{Cursor, Page, Place};
use crate::search::beginning;
use crate::session::Caller;
use crate::store::{OrganizationItemRow, OrganizationMemberRow};
use crate::view::{OrganizationDetail, OrganizationItem, OrganizationMember, RoleMembers};
use crate::{Auth, ErrorCode, Permission, Result};

/// Longest beginning that is looked for.
const MAX_LENGTH: usize = 100;

/// A page of the organizations whose name or slug begins with what is `sought`, or the one whose id it is; the newest
/// first. All of them when nothing is sought.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not see it; [`ErrorCode::MalformedRequest`] for a
/// broken cursor.
pub async fn admin_list_organizations(
    auth: &Auth,
    caller: &Caller,
    sought: &str,
    after: Option<Cursor>,
) -> Result<Page<OrganizationItem>> {
    require_permission(auth, caller, Permission::ReadOrganizations).await?;
    let (place, store) = (Place::of(after)?, auth.store.for_lists());
    let most = OrganizationItem::MOST_COUNTED;
    if let Some(id) = OrganizationId::parse(sought.trim()) {
        let found = store.organization_item(&id, most).await?;
        return Ok(Page { items: found.into_iter().map(item).collect(), next: None });
    }
    let Some(pattern) = beginning(sought, MAX_LENGTH) else { return Ok(Page { items: Vec::new(), next: None }) };
    let rows = store.organizations_like(&pattern, most, &place).await?;
    let place = |row: &OrganizationItemRow| Place { at: row.created_at, id: row.id.0.clone() };
    Ok(Page::of(rows, place, |row| Some(item(row))))
}

/// One organization with its roles, and how many mail domains are its own.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not see it, and when there is none;
/// [`ErrorCode::MalformedRequest`] for what is no id.
pub async fn admin_show_organization(auth: &Auth, caller: &Caller, id: &str) -> Result<OrganizationDetail> {
    require_permission(auth, caller, Permission::ReadOrganizations).await?;
    let id = organization_id(id)?;
    let row = auth.store.organization_item(&id, OrganizationItem::MOST_COUNTED).await?.ok_or(ErrorCode::NotFound)?;
    let roles = auth.store.roles_of_organization(&id).await?.into_iter();
    let roles = roles.map(|(role, members)| RoleMembers { role, members }).collect();
    let domains = auth.store.domains_of(&id).await?;
    let domains = domains.iter().map(|domain| u32::from(domain.verified_at.is_some())).sum();
    Ok(OrganizationDetail { item: item(row), roles, domains })
}

/// A page of the members of an organization; who joined last first.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not see it, and when there is no such organization;
/// [`ErrorCode::MalformedRequest`] for what is no id, and for a broken cursor.
pub async fn admin_list_organization_members(
    auth: &Auth,
    caller: &Caller,
    id: &str,
    after: Option<Cursor>,
) -> Result<Page<OrganizationMember>> {
    require_permission(auth, caller, Permission::ReadOrganizations).await?;
    let (id, place) = (organization_id(id)?, Place::of(after)?);
    auth.store.organization_item(&id, 1).await?.ok_or(ErrorCode::NotFound)?;
    let rows = auth.store.for_lists().members_of_organization(&id, &place).await?;
    let place = |row: &OrganizationMemberRow| Place { at: row.joined_at, id: row.user_id.0.clone() };
    Ok(Page::of(rows, place, |row| Some(member(row))))
}

/// The id of a text.
pub(super) fn organization_id(id: &str) -> Result<OrganizationId> {
    Ok(OrganizationId::parse(id).ok_or(ErrorCode::MalformedRequest)?)
}

fn item(row: OrganizationItemRow) -> OrganizationItem {
    let OrganizationItemRow { id, slug, name, created_at, members, delete_at, closed_at, closed_reason } = row;
    OrganizationItem { id, slug, name, created_at, members, delete_at, closed_at, closed_reason }
}

fn member(row: OrganizationMemberRow) -> OrganizationMember {
    let OrganizationMemberRow { user_id, email, name, role_name, joined_at } = row;
    OrganizationMember { user_id, email, name, role: role_name, joined_at }
}
