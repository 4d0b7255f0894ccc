//! One webhook.

use super::webhook_owner::{WebhookOwner, WebhookRight, require_webhooks, webhook_id};
use crate::session::Caller;
use crate::store::WebhookRow;
use crate::view::WebhookItem;
use crate::{Auth, Context, ErrorCode, Result, Timestamp};

/// A webhook, without its secret.
///
/// # Errors
/// Those of [`require_webhooks`]; [`ErrorCode::MalformedRequest`] for what is no id; [`ErrorCode::NotFound`] for one that
/// is not this owner's, whether it exists or not.
pub async fn show_webhook(
    auth: &Auth,
    caller: &Caller,
    owner: &WebhookOwner,
    id: &str,
    context: &Context,
) -> Result<WebhookItem> {
    require_webhooks(auth, caller, owner, WebhookRight::Read, context).await?;
    let row = auth.store.webhook(owner.as_str(), &webhook_id(id)?).await?;
    Ok(webhook_item(row.ok_or(ErrorCode::NotFound)?, auth.now()))
}

/// What may be seen of a webhook.
pub(super) fn webhook_item(row: WebhookRow, now: Timestamp) -> WebhookItem {
    let (disabled_at, disabled_reason) = row.disabled.unzip();
    WebhookItem {
        id: row.id,
        url: row.url,
        kinds: row.kinds,
        enabled: disabled_at.is_none(),
        disabled_at,
        disabled_reason,
        failing_since: row.failing_since,
        old_secret_until: row.old_secret.map(|(_, until)| until).filter(|until| *until > now),
        created_at: row.created_at,
    }
}
