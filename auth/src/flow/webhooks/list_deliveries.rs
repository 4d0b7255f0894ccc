//! What a webhook was told in the last 30 days, and what waits.

use super::webhook_owner::{WebhookOwner, WebhookRight, require_webhooks, webhook_id};
use crate::paging::{Cursor, Page, Place};
use crate::session::Caller;
use crate::view::{DeliveryItem, DeliveryState};
use crate::{Auth, Context, ErrorCode, Result};

/// A page of its deliveries, the newest first; of one state where one is wanted.
///
/// # Errors
/// Those of `show_webhook`; [`ErrorCode::MalformedRequest`] for a broken cursor as well.
pub async fn list_deliveries(
    auth: &Auth,
    caller: &Caller,
    owner: &WebhookOwner,
    id: &str,
    state: Option<DeliveryState>,
    after: Option<Cursor>,
    context: &Context,
) -> Result<Page<DeliveryItem>> {
    require_webhooks(auth, caller, owner, WebhookRight::Read, context).await?;
    let (id, place) = (webhook_id(id)?, Place::of(after)?);
    let webhook = auth.store.webhook(owner.as_str(), &id).await?.ok_or(ErrorCode::NotFound)?;
    let rows = auth.store.deliveries_of(&webhook.id, state, &place).await?;
    Ok(Page::of(rows, |row: &DeliveryItem| Place { at: row.created_at, id: row.id.0.clone() }, Some))
}
