//! Switching a webhook off whose address does not listen any more. Its owners are told by mail.

use crate::audit::AuditLine;
use crate::flow::nobody;
use crate::mail::{Mail, Message};
use crate::store::{OwnerRow, Transaction, WebhookRow};
use crate::view::WebhookEnd;
use crate::webhook::host_of;
use crate::{Auth, EventKind, Result, Timestamp};

/// Switches it off and promises the mails; `false` when it was off.
pub(super) async fn disable(
    auth: &Auth,
    tx: &mut Transaction,
    webhook: &WebhookRow,
    end: WebhookEnd,
    now: Timestamp,
) -> Result<bool> {
    if !tx.disable_webhook(&webhook.id, end, now).await? {
        return Ok(false);
    }
    let line = AuditLine::of(EventKind::WebhookDisabled).with(webhook.id.as_str());
    let line = match &webhook.organization_id {
        Some(organization) => line.within(organization),
        None => line,
    };
    auth.record(tx, line, &nobody()).await?;
    let (people, place) = owners(tx, webhook).await?;
    for person in people {
        let message = Message::WebhookDisabled {
            name: person.name,
            host: host_of(&webhook.url),
            link: format!("{}{place}", auth.public_url),
        };
        auth.promise_mail(tx, &Mail { to: person.email, locale: person.locale, message }).await?;
    }
    Ok(true)
}

/// Who is told, and the page of the webhook. The id of an organization leads to it as its slug does, and stays.
async fn owners(tx: &mut Transaction, webhook: &WebhookRow) -> Result<(Vec<OwnerRow>, String)> {
    let id = webhook.id.as_str();
    Ok(match &webhook.organization_id {
        Some(organization) => {
            (tx.owners(organization).await?, format!("/orgs/{}/webhooks/{id}", organization.as_str()))
        }
        None => (tx.platform_administrators().await?, format!("/admin/webhooks/{id}")),
    })
}
