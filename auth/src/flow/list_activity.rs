//! What happened to an account, for the person it belongs to.

use crate::event::EventFilter;
use crate::paging::{Cursor, Page, Place};
use crate::session::Actor;
use crate::store::AuditRow;
use crate::view::ActivityItem;
use crate::{Auth, Result};

/// A page of what happened to the actor's account, newest first.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`], or [`crate::ErrorCode::MalformedRequest`] for a broken cursor.
pub async fn list_activity(
    auth: &Auth,
    actor: impl Into<Actor>,
    filter: EventFilter,
    after: Option<Cursor>,
) -> Result<Page<ActivityItem>> {
    let actor = actor.into();
    auth.require_live(&actor).await?;
    let place = Place::of(after)?;
    let rows = auth.store.audit_events_of(&actor.user_id, filter, &place).await?;
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
