//! Where somebody is signed in.

use crate::paging::{Cursor, Page, Place};
use crate::session::Actor;
use crate::store::ListedSession;
use crate::view::SessionItem;
use crate::{Auth, Result};

/// A page of the actor's sessions, the newest seen first.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`], or [`crate::ErrorCode::MalformedRequest`] for a broken cursor.
pub async fn list_sessions(auth: &Auth, actor: impl Into<Actor>, after: Option<Cursor>) -> Result<Page<SessionItem>> {
    let actor = actor.into();
    auth.require_live(&actor).await?;
    let place = Place::of(after)?;
    let now = auth.now();
    let idle_since = now.minus_seconds(auth.lifetimes.session_idle);
    let rows = auth.store.live_sessions(&actor.user_id, now, idle_since, &place).await?;
    let place = |row: &ListedSession| Place { at: row.last_seen_at, id: row.session.id.0.clone() };
    Ok(Page::of(rows, place, |row| Some(item(row, &actor))))
}

fn item(row: ListedSession, actor: &Actor) -> SessionItem {
    let ListedSession { session, address, last_seen_at } = row;
    SessionItem {
        is_current: actor.session_id() == Some(&session.id),
        id: session.id,
        device: session.device,
        method: session.method,
        factor: session.factor,
        address,
        signed_in_at: session.created_at,
        last_seen_at,
        is_impersonation: session.impersonation.is_some(),
    }
}
