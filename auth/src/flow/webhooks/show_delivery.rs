//! One delivery, with what is told and how it went.

use super::webhook_owner::{WebhookOwner, WebhookRight, delivery_id, require_webhooks, webhook_id};
use crate::session::Caller;
use crate::view::DeliveryView;
use crate::{Auth, Context, ErrorCode, Result};

/// A delivery of a webhook.
///
/// # Errors
/// Those of `show_webhook`, of the delivery as well.
pub async fn show_delivery(
    auth: &Auth,
    caller: &Caller,
    owner: &WebhookOwner,
    (webhook, delivery): (&str, &str),
    context: &Context,
) -> Result<DeliveryView> {
    require_webhooks(auth, caller, owner, WebhookRight::Read, context).await?;
    let (webhook, delivery) = (webhook_id(webhook)?, delivery_id(delivery)?);
    let webhook = auth.store.webhook(owner.as_str(), &webhook).await?.ok_or(ErrorCode::NotFound)?;
    let (item, payload, tries) = auth.store.delivery(&webhook.id, &delivery).await?.ok_or(ErrorCode::NotFound)?;
    let tries = serde_json::from_str(&tries).map_err(anyhow::Error::from)?;
    Ok(DeliveryView { item, payload, tries })
}
