//! What happened to an account, for the person it belongs to.

use crate::event::EventFilter;
use crate::paging::{Cursor, Page, Place};
use crate::session::Caller;
use crate::store::AuditRow;
use crate::view::ActivityItem;
use crate::{Auth, Result};

/// A page of what happened to the caller's account, newest first.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`], or [`crate::ErrorCode::MalformedRequest`] for a broken cursor.
pub async fn list_activity(
    auth: &Auth,
    caller: &Caller,
    filter: EventFilter,
    after: Option<Cursor>,
) -> Result<Page<ActivityItem>> {
    auth.session_of(caller).await?;
    let place = Place::of(after)?;
    let rows = auth.store.audit_events_of(&caller.user_id, filter, &place).await?;
    Ok(Page::of(rows, |row: &AuditRow| Place { at: row.at, id: row.id.clone() }, item))
}

/// None for a kind that a newer version wrote: while nodes are being updated there is no sentence
/// for it here yet.
pub(super) fn item(row: AuditRow) -> Option<ActivityItem> {
    let kind = row.kind?;
    Some(ActivityItem {
        id: row.id,
        at: row.at,
        kind,
        device: row.device,
        address: row.address,
        session_id: row.session_id,
    })
}
