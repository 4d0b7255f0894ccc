//! Reading the audit log: each line becomes a delivery to each webhook that wants it, in the transaction that notes how
//! far the log was read. The node that reads holds that place; a line that is read twice is told once.

use crate::id::DeliveryId;
use crate::store::{FeedLine, Listener, NewDelivery};
use crate::webhook::Message;
use crate::{Auth, Result};

/// Lines in one transaction.
const BITE: i64 = 200;

impl Auth {
    /// Reads some lines of the audit log, and says how many there were.
    ///
    /// # Errors
    /// When the database fails; then no line was read.
    pub async fn feed_webhooks(&self) -> Result<usize> {
        if !self.store.has_unread_lines().await? {
            return Ok(0);
        }
        let mut tx = self.store.begin().await?;
        let after = tx.hold_feed().await?;
        let lines = tx.lines_after(after, BITE).await?;
        let Some(last) = lines.last().map(|line| line.sequence) else { return Ok(0) };
        let now = self.now();
        for listener in tx.listeners(after, last).await? {
            for line in lines.iter().filter(|line| is_for(&listener, line)) {
                let payload = message(line).body().map_err(anyhow::Error::from)?;
                let delivery = NewDelivery {
                    id: &DeliveryId(self.random.id(now)),
                    webhook_id: &listener.id,
                    event_id: &line.id,
                    kind: &line.kind,
                    payload: &payload,
                    request_id: &line.request_id,
                    created_at: now,
                };
                tx.insert_delivery(delivery).await?;
            }
        }
        tx.move_feed(last).await?;
        tx.commit().await?;
        self.webhooks.waiting.notify_one();
        Ok(lines.len())
    }
}

/// A webhook of an organization hears of that organization alone.
fn is_for(listener: &Listener, line: &FeedLine) -> bool {
    let is_own = match &listener.organization_id {
        Some(organization) => line.organization_id.as_deref() == Some(organization.as_str()),
        None => true,
    };
    is_own && line.at >= listener.listens_from && listener.kinds.wants(&line.kind)
}

fn message(line: &FeedLine) -> Message<'_> {
    Message {
        event_id: &line.id,
        kind: &line.kind,
        at: line.at,
        actor_id: line.actor_id.as_deref(),
        subject_id: line.user_id.as_deref(),
        organization_id: line.organization_id.as_deref(),
        target: line.target.as_deref(),
        outcome: &line.outcome,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;
    use crate::id::{OrganizationId, WebhookId};
    use crate::webhook::WebhookKinds;

    fn listener(organization: Option<&str>) -> Listener {
        Listener {
            id: WebhookId("webhook".to_owned()),
            organization_id: organization.map(|id| OrganizationId(id.to_owned())),
            kinds: WebhookKinds::from_text("role.*"),
            listens_from: Timestamp(100),
        }
    }

    fn line(organization: Option<&str>, at: i64, kind: &str) -> FeedLine {
        FeedLine {
            sequence: 1,
            id: "event".to_owned(),
            at: Timestamp(at),
            kind: kind.to_owned(),
            actor_id: None,
            user_id: None,
            organization_id: organization.map(str::to_owned),
            target: None,
            outcome: "done".to_owned(),
            request_id: "request".to_owned(),
        }
    }

    #[test]
    fn a_webhook_hears_of_its_organization_and_of_what_it_chose() {
        let (own, platform) = (listener(Some("a")), listener(None));
        for (line, to_own, to_platform) in [
            (line(Some("a"), 100, "role.created"), true, true),
            (line(Some("b"), 100, "role.created"), false, true),
            (line(None, 100, "role.created"), false, true),
            (line(Some("a"), 99, "role.created"), false, false),
            (line(Some("a"), 100, "user.created"), false, false),
        ] {
            assert_eq!((is_for(&own, &line), is_for(&platform, &line)), (to_own, to_platform));
        }
    }
}
