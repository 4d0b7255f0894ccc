//! Making a webhook. Its secret is shown this once.

use secrecy::SecretString;

use super::show_webhook::webhook_item;
use super::webhook_owner::{WebhookOwner, WebhookRight, require_webhooks};
use crate::audit::AuditLine;
use crate::flow::reauthenticate::require_fresh_proof;
use crate::form::NewWebhookForm;
use crate::id::WebhookId;
use crate::session::Caller;
use crate::store::NewWebhook;
use crate::view::WebhookItem;
use crate::webhook::{WebhookSecret, admit_address, host_of};
use crate::{Auth, Context, ErrorCode, EventKind, Field, Refusal, Result};

/// Webhooks of one owner.
const MOST: i64 = 20;

/// A webhook that was made just now.
pub struct CreatedWebhook {
    /// What its signatures are made with. Nobody sees it again.
    pub secret: SecretString,
    /// As lists show it from now on.
    pub item: WebhookItem,
}

/// Makes a webhook that is told of what happens from now on. Asks for a fresh proof.
///
/// # Errors
/// Those of [`require_webhooks`]; [`ErrorCode::ReauthenticationRequired`]; [`ErrorCode::InvalidFields`];
/// [`ErrorCode::TooMany`] when there are 20.
pub async fn create_webhook(
    auth: &Auth,
    caller: &Caller,
    owner: &WebhookOwner,
    form: &NewWebhookForm,
    context: &Context,
) -> Result<CreatedWebhook> {
    require_webhooks(auth, caller, owner, WebhookRight::Manage, context).await?;
    // Looked up with no transaction open.
    let (names, hosts) = (&auth.webhooks.names, &auth.webhooks.hosts);
    let (url, kinds) = (admit_address(names, hosts, &form.url).await, form.kinds());
    let (url, kinds) = match (url, kinds) {
        (Ok(url), Ok(kinds)) => (url, kinds),
        (url, kinds) => {
            let issues = [(Field::Url, url.err()), (Field::Kinds, kinds.err())];
            let issues = issues.into_iter().filter_map(|(field, issue)| Some((field, issue?)));
            return Err(Refusal::invalid(issues.collect()).into());
        }
    };
    // Only then: nobody proves who they are for what cannot be made.
    require_fresh_proof(auth, caller).await?;
    let now = auth.now();
    let (id, secret) = (WebhookId(auth.random.id(now)), WebhookSecret::make(&*auth.random));
    let webhook = NewWebhook {
        id: &id,
        owner: owner.as_str(),
        organization_id: owner.organization(),
        url: url.as_str(),
        kinds: &kinds,
        secret_sealed: &auth.seal_webhook_secret(&id, &secret),
        created_at: now,
    };

    let mut tx = auth.store.begin().await?;
    // Also holds apart two that would each be the last one.
    tx.hold_feed().await?;
    tx.skip_what_nobody_hears().await?;
    if !tx.insert_webhook(webhook, MOST).await? {
        return Err(ErrorCode::TooMany.into());
    }
    let line = owner.line(EventKind::WebhookCreated, caller, &id);
    let line = line.changed("host", None, Some(&host_of(url.as_str()))).changed("kinds", None, Some(&kinds.as_text()));
    auth.record(&mut tx, line, context).await?;
    let row = tx.hold_webhook(owner.as_str(), &id).await?.ok_or(ErrorCode::ChangedMeanwhile)?;
    tx.commit().await?;
    Ok(CreatedWebhook { secret: secret.into_text(), item: webhook_item(row, now) })
}

impl WebhookOwner {
    /// A line about one of these webhooks.
    pub(super) fn line<'a>(&'a self, kind: EventKind, caller: &'a Caller, id: &WebhookId) -> AuditLine<'a> {
        let line = AuditLine::of(kind).by(&caller.user_id, Some(&caller.session_id)).with(id.as_str());
        match self.organization() {
            Some(organization) => line.within(organization),
            None => line,
        }
    }
}
