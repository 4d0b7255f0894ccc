//! Changing where a webhook is called, what it is told of, and whether it is on.

use super::show_webhook::webhook_item;
use super::webhook_owner::{WebhookOwner, WebhookRight, require_webhooks, webhook_id};
use crate::flow::reauthenticate::require_fresh_proof;
use crate::form::WebhookChangeForm;
use crate::session::Caller;
use crate::view::{WebhookEnd, WebhookItem};
use crate::webhook::{admit_address, host_of};
use crate::{Auth, Context, ErrorCode, EventKind, Field, FieldIssue, Refusal, Result};

/// Changes what is named. What waits goes to the new address; a webhook that is switched off gives up what waits, and
/// one that is switched on, where its address may still be called, is told of what happens from then on. Another address
/// asks for a fresh proof, as a new webhook does: whoever is there hears everything, and all of the last days once it is
/// replayed.
///
/// # Errors
/// Those of `show_webhook`, [`ErrorCode::InvalidFields`] and [`ErrorCode::ReauthenticationRequired`].
pub async fn change_webhook(
    auth: &Auth,
    caller: &Caller,
    owner: &WebhookOwner,
    id: &str,
    form: &WebhookChangeForm,
    context: &Context,
) -> Result<WebhookItem> {
    require_webhooks(auth, caller, owner, WebhookRight::Manage, context).await?;
    let id = webhook_id(id)?;
    let known = auth.store.webhook(owner.as_str(), &id).await?.ok_or(ErrorCode::NotFound)?;
    let invalid = |field: Field| move |issue: FieldIssue| Refusal::invalid(vec![(field, issue)]);
    // Looked up with no transaction open.
    let (names, hosts) = (&auth.webhooks.names, &auth.webhooks.hosts);
    let url = match &form.url {
        Some(text) => Some(admit_address(names, hosts, text).await.map_err(invalid(Field::Url))?),
        // What is switched on is called again, so the address must be one that still may be.
        None if form.enabled == Some(true) => {
            admit_address(names, hosts, &known.url).await.map_err(invalid(Field::Url))?;
            None
        }
        None => None,
    };
    let kinds = form.kinds().transpose().map_err(invalid(Field::Kinds))?;
    if url.as_ref().is_some_and(|url| url.as_str() != known.url) {
        require_fresh_proof(auth, caller).await?;
    }

    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    if form.enabled == Some(true) {
        tx.hold_feed().await?;
        tx.skip_what_nobody_hears().await?;
    }
    let before = tx.hold_webhook(owner.as_str(), &id).await?.ok_or(ErrorCode::NotFound)?;
    let url = url.map_or_else(|| before.url.clone(), String::from);
    let kinds = kinds.unwrap_or_else(|| before.kinds.clone());
    tx.set_webhook(&id, &url, &kinds).await?;
    match form.enabled {
        Some(true) => tx.enable_webhook(&id, now).await?,
        Some(false) => {
            tx.disable_webhook(&id, WebhookEnd::Manual, now).await?;
        }
        None => {}
    }
    let after = tx.hold_webhook(owner.as_str(), &id).await?.ok_or(ErrorCode::NotFound)?;
    let state = |is_off: bool| Some(if is_off { "off" } else { "on" });
    let line = owner
        .line(EventKind::WebhookChanged, caller, &id)
        .changed("host", Some(&host_of(&before.url)), Some(&host_of(&url)))
        .changed("kinds", Some(&before.kinds.as_text()), Some(&kinds.as_text()))
        .changed("state", state(before.disabled.is_some()), state(after.disabled.is_some()));
    if !line.changes.is_empty() || before.url != url {
        auth.record(&mut tx, line, context).await?;
    }
    tx.commit().await?;
    Ok(webhook_item(after, now))
}
