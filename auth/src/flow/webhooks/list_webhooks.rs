//! The webhooks of the platform or of an organization.

use super::show_webhook::webhook_item;
use super::webhook_owner::{WebhookOwner, WebhookRight, require_webhooks};
use crate::session::Caller;
use crate::view::WebhookItem;
use crate::{Auth, Context, Result};

/// All of them, the newest first: at most 20.
///
/// # Errors
/// Those of [`require_webhooks`].
pub async fn list_webhooks(
    auth: &Auth,
    caller: &Caller,
    owner: &WebhookOwner,
    context: &Context,
) -> Result<Vec<WebhookItem>> {
    require_webhooks(auth, caller, owner, WebhookRight::Read, context).await?;
    let now = auth.now();
    let rows = auth.store.webhooks_of(owner.as_str()).await?;
    Ok(rows.into_iter().map(|row| webhook_item(row, now)).collect())
}
