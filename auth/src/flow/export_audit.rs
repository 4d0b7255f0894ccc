//! Handing out the audit log, a page at a time, so that no file is ever whole in memory. Whoever does it leaves a line.

use super::audit_lines::AuditSearch;
use super::organization_permission::require_in_organization;
use super::permission::require_permission;
use super::search_organization_audit::{for_members, shown_to_members};
use crate::audit::AuditLine;
use crate::form::{AuditFilter, AuditFormat};
use crate::id::OrganizationId;
use crate::organization::OrganizationPermission;
use crate::paging::Place;
use crate::session::Caller;
use crate::view::AuditItem;
use crate::{Auth, Context, EventKind, Permission, Result};

/// Lines of one file at most.
pub const MOST_EXPORTED: usize = 1_000_000;
/// Lines that are read at once.
const PAGE: usize = 1000;

/// Lines that are being handed out.
pub struct AuditExport {
    auth: Auth,
    search: Option<AuditSearch>,
    after: Option<Place>,
    left: usize,
    is_for_members: bool,
}

impl AuditExport {
    /// The next lines, newest first; none at the end. There may be no line among many that were looked at.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next(&mut self) -> Result<Option<Vec<AuditItem>>> {
        let Some((search, after)) = self.search.as_ref().zip(self.after.take()) else { return Ok(None) };
        if self.left == 0 {
            return Ok(None);
        }
        let (mut lines, next) = search.lines(&self.auth, after, PAGE.min(self.left)).await?;
        self.left -= lines.len();
        self.after = next;
        if self.is_for_members {
            lines = lines.into_iter().map(shown_to_members).collect();
        }
        Ok(Some(lines))
    }
}

/// Begins to hand out every line that fits.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`]; [`crate::ErrorCode::NotFound`] for who may not see it.
pub async fn export_audit(
    auth: &Auth,
    caller: &Caller,
    filter: &AuditFilter,
    format: AuditFormat,
    context: &Context,
) -> Result<AuditExport> {
    require_permission(auth, caller, Permission::ReadAudit).await?;
    let search = AuditSearch::of(auth, filter, None).await?;
    note(auth, line(caller, format), context).await?;
    begin(auth, search, false)
}

/// Begins to hand out every line of an organization that fits.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`]; [`crate::ErrorCode::NotFound`] for who is not in the organization;
/// [`crate::ErrorCode::Forbidden`] for members who may not.
pub async fn export_organization_audit(
    auth: &Auth,
    caller: &Caller,
    organization: &OrganizationId,
    filter: &AuditFilter,
    format: AuditFormat,
    context: &Context,
) -> Result<AuditExport> {
    let within =
        require_in_organization(auth, caller, organization, OrganizationPermission::ReadAudit, context).await?;
    let id = &within.organization.id;
    let search = AuditSearch::of(auth, &for_members(filter), Some(id)).await?;
    note(auth, line(caller, format).within(id), context).await?;
    begin(auth, search, true)
}

fn line(caller: &Caller, format: AuditFormat) -> AuditLine<'_> {
    AuditLine::of(EventKind::AuditExported)
        .about(&caller.user_id)
        .by(&caller.user_id, Some(&caller.session_id))
        .with(format.as_str())
}

async fn note(auth: &Auth, line: AuditLine<'_>, context: &Context) -> Result<()> {
    let mut tx = auth.store.begin().await?;
    auth.record(&mut tx, line, context).await?;
    Ok(tx.commit().await?)
}

fn begin(auth: &Auth, search: Option<AuditSearch>, is_for_members: bool) -> Result<AuditExport> {
    Ok(AuditExport { auth: auth.clone(), search, after: Some(Place::of(None)?), left: MOST_EXPORTED, is_for_members })
}
