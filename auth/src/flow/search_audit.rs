//! The audit log for those who look after the platform: every line.

use super::audit_lines::AuditSearch;
use super::permission::require_permission;
use crate::form::AuditFilter;
use crate::paging::{Cursor, Page, Place};
use crate::session::Caller;
use crate::view::{AuditDay, AuditItem};
use crate::{Auth, Permission, Result, Timestamp};

/// Lines of a page.
pub(super) const PAGE: usize = 50;
/// Days of the picture.
const DAYS: i64 = 30;
const DAY: i64 = 24 * 60 * 60 * 1000;

/// A page of the lines that fit, newest first. A page that a rare filter makes may be short, even empty, and still have a
/// next one.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`]; [`crate::ErrorCode::NotFound`] for who may not see it;
/// [`crate::ErrorCode::MalformedRequest`] for a broken cursor.
pub async fn search_audit(
    auth: &Auth,
    caller: &Caller,
    filter: &AuditFilter,
    after: Option<Cursor>,
) -> Result<Page<AuditItem>> {
    require_permission(auth, caller, Permission::ReadAudit).await?;
    let place = Place::of(after)?;
    let Some(search) = AuditSearch::of(auth, filter, None).await? else { return Ok(Page::up_to(Vec::new(), None)) };
    let (lines, next) = search.lines(auth, place, PAGE).await?;
    Ok(Page::up_to(lines, next.as_ref()))
}

/// How many lines each of the last thirty days has, the oldest first. Lines of the last moment may be missing.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`]; [`crate::ErrorCode::NotFound`] for who may not see it.
pub async fn audit_days(auth: &Auth, caller: &Caller) -> Result<Vec<AuditDay>> {
    require_permission(auth, caller, Permission::ReadAudit).await?;
    days_of(auth, "").await
}

/// The days of one organization or, when it is empty, of all.
pub(super) async fn days_of(auth: &Auth, organization: &str) -> Result<Vec<AuditDay>> {
    let today = auth.now().0.div_euclid(DAY);
    let first = today - DAYS + 1;
    let mut days: Vec<AuditDay> =
        (first..=today).map(|day| AuditDay { at: Timestamp(day * DAY), lines: 0, refused: 0 }).collect();
    for row in auth.store.for_lists().audit_days(organization, first).await? {
        let place = usize::try_from(row.day - first).unwrap_or(usize::MAX);
        if let Some(day) = days.get_mut(place) {
            (day.lines, day.refused) = (row.lines, row.refused);
        }
    }
    Ok(days)
}
