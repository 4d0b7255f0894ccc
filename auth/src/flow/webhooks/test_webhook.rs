//! Trying a webhook: it is told of a test.

use super::webhook_owner::{WebhookOwner, WebhookRight, require_webhooks, webhook_id};
use crate::id::{DeliveryId, OrganizationId};
use crate::session::Caller;
use crate::store::NewDelivery;
use crate::webhook::{TEST_KIND, test_message};
use crate::{Auth, Context, ErrorCode, EventKind, Refusal, Result};

/// Tests of one webhook in a minute.
const A_MINUTE: i64 = 10;

/// Promises a delivery of the kind `webhook.test`, whatever the webhook is told of otherwise.
///
/// # Errors
/// Those of `show_webhook`; [`ErrorCode::WrongState`] while the webhook is off; [`ErrorCode::TooSoon`] after ten
/// within a minute.
pub async fn test_webhook(
    auth: &Auth,
    caller: &Caller,
    owner: &WebhookOwner,
    id: &str,
    context: &Context,
) -> Result<DeliveryId> {
    require_webhooks(auth, caller, owner, WebhookRight::Manage, context).await?;
    let id = webhook_id(id)?;
    let now = auth.now();
    let (delivery, event) = (DeliveryId(auth.random.id(now)), auth.random.id(now));
    let organization = owner.organization().map(OrganizationId::as_str);
    let message = test_message(&event, caller.user_id.as_str(), organization, now);
    let payload = message.body().map_err(anyhow::Error::from)?;
    let mut tx = auth.store.begin().await?;
    let row = tx.hold_webhook(owner.as_str(), &id).await?.ok_or(ErrorCode::NotFound)?;
    if row.disabled.is_some() {
        return Err(ErrorCode::WrongState.into());
    }
    if tx.count_deliveries(&id, TEST_KIND, now.minus_seconds(60)).await? >= A_MINUTE {
        return Err(Refusal::retry_after(ErrorCode::TooSoon, 60).into());
    }
    let wanted = NewDelivery {
        id: &delivery,
        webhook_id: &id,
        event_id: &event,
        kind: TEST_KIND,
        payload: &payload,
        request_id: &context.request_id,
        created_at: now,
    };
    tx.insert_delivery(wanted).await?;
    auth.record(&mut tx, owner.line(EventKind::WebhookTested, caller, &id), context).await?;
    tx.commit().await?;
    auth.webhooks.waiting.notify_one();
    Ok(delivery)
}
