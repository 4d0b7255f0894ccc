//! The end of a webhook.

use super::webhook_owner::{WebhookOwner, WebhookRight, require_webhooks, webhook_id};
use crate::session::Caller;
use crate::webhook::host_of;
use crate::{Auth, Context, ErrorCode, EventKind, Result};

/// Removes a webhook with its secret and everything it was told. What is on its way right now may still arrive.
///
/// # Errors
/// Those of `show_webhook`.
pub async fn remove_webhook(
    auth: &Auth,
    caller: &Caller,
    owner: &WebhookOwner,
    id: &str,
    context: &Context,
) -> Result<()> {
    require_webhooks(auth, caller, owner, WebhookRight::Manage, context).await?;
    let id = webhook_id(id)?;
    let mut tx = auth.store.begin().await?;
    let row = tx.hold_webhook(owner.as_str(), &id).await?.ok_or(ErrorCode::NotFound)?;
    tx.delete_webhook(owner.as_str(), &id).await?;
    let line = owner.line(EventKind::WebhookRemoved, caller, &id).changed("host", Some(&host_of(&row.url)), None);
    auth.record(&mut tx, line, context).await?;
    tx.commit().await?;
    Ok(())
}
