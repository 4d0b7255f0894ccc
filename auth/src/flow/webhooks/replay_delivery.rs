//! Telling a webhook once more what it was told.

use super::webhook_owner::{WebhookOwner, WebhookRight, delivery_id, require_webhooks, webhook_id};
use crate::session::Caller;
use crate::{Auth, Context, ErrorCode, EventKind, Result};

/// Sends a delivery that is over again, with all its attempts. It keeps its `webhook-id`, by which whoever listens knows
/// that it is the same.
///
/// # Errors
/// Those of `show_delivery`; [`ErrorCode::WrongState`] for one that waits, and while the webhook is off.
pub async fn replay_delivery(
    auth: &Auth,
    caller: &Caller,
    owner: &WebhookOwner,
    (webhook, delivery): (&str, &str),
    context: &Context,
) -> Result<()> {
    require_webhooks(auth, caller, owner, WebhookRight::Manage, context).await?;
    let (webhook, delivery) = (webhook_id(webhook)?, delivery_id(delivery)?);
    let mut tx = auth.store.begin().await?;
    let row = tx.hold_webhook(owner.as_str(), &webhook).await?.ok_or(ErrorCode::NotFound)?;
    if !tx.is_delivery_of(&webhook, &delivery).await? {
        return Err(ErrorCode::NotFound.into());
    }
    if row.disabled.is_some() || !tx.replay_delivery(&webhook, &delivery, auth.now()).await? {
        return Err(ErrorCode::WrongState.into());
    }
    let line = owner.line(EventKind::WebhookReplayed, caller, &webhook);
    auth.record(&mut tx, line.changed("delivery", None, Some(delivery.as_str())), context).await?;
    tx.commit().await?;
    auth.webhooks.waiting.notify_one();
    Ok(())
}
