//! The personal access tokens of a person.

use crate::paging::{Cursor, Page, Place};
use crate::session::Caller;
use crate::view::TokenItem;
use crate::{Auth, Result};

/// A page of the caller's tokens, the newest first. One that ended by itself is among them until it is
/// revoked or forgotten, so that whoever wonders why a program stopped finds out.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`], or [`crate::ErrorCode::MalformedRequest`] for a broken cursor.
pub async fn list_tokens(auth: &Auth, caller: &Caller, after: Option<Cursor>) -> Result<Page<TokenItem>> {
    auth.session_of(caller).await?;
    let place = Place::of(after)?;
    let rows = auth.store.tokens_of(&caller.user_id, &place).await?;
    Ok(Page::of(rows, |row: &TokenItem| Place { at: row.created_at, id: row.id.0.clone() }, Some))
}
