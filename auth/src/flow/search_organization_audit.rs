//! The audit log of an organization, for those of its members who may see it: what was done within it, and nothing that
//! its people do elsewhere.

use super::audit_lines::AuditSearch;
use super::organization_permission::require_in_organization;
use super::search_audit::{PAGE, days_of};
use crate::form::AuditFilter;
use crate::id::OrganizationId;
use crate::organization::OrganizationPermission;
use crate::paging::{Cursor, Page, Place};
use crate::session::Caller;
use crate::view::{AuditDay, AuditItem};
use crate::{Auth, Context, Result};

/// A page of the lines of an organization that fit, newest first.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`]; [`crate::ErrorCode::NotFound`] for who is not in the organization;
/// [`crate::ErrorCode::Forbidden`] for members who may not; [`crate::ErrorCode::MalformedRequest`] for a broken cursor.
pub async fn search_organization_audit(
    auth: &Auth,
    caller: &Caller,
    organization: &OrganizationId,
    filter: &AuditFilter,
    after: Option<Cursor>,
    context: &Context,
) -> Result<Page<AuditItem>> {
    let within =
        require_in_organization(auth, caller, organization, OrganizationPermission::ReadAudit, context).await?;
    let place = Place::of(after)?;
    let search = AuditSearch::of(auth, &for_members(filter), Some(&within.organization.id)).await?;
    let Some(search) = search else { return Ok(Page::up_to(Vec::new(), None)) };
    let (lines, next) = search.lines(auth, place, PAGE).await?;
    Ok(Page::up_to(lines.into_iter().map(shown_to_members).collect(), next.as_ref()))
}

/// How many lines of an organization each of the last thirty days has, the oldest first.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`]; [`crate::ErrorCode::NotFound`] for who is not in the organization;
/// [`crate::ErrorCode::Forbidden`] for members who may not.
pub async fn organization_audit_days(
    auth: &Auth,
    caller: &Caller,
    organization: &OrganizationId,
    context: &Context,
) -> Result<Vec<AuditDay>> {
    let within =
        require_in_organization(auth, caller, organization, OrganizationPermission::ReadAudit, context).await?;
    days_of(auth, within.organization.id.as_str()).await
}

/// Where something was done from is looked for by those of the platform alone: what is not shown must not be guessed
/// by filters either.
pub(super) fn for_members(filter: &AuditFilter) -> AuditFilter {
    AuditFilter { address: None, request_id: None, ..filter.clone() }
}

/// From where those of the platform work is nobody's business in an organization.
pub(super) fn shown_to_members(line: AuditItem) -> AuditItem {
    if line.impersonator.is_none() && !line.kind.starts_with("admin.") {
        return line;
    }
    AuditItem { address: String::new(), device: String::new(), request_id: String::new(), session_id: None, ..line }
}
