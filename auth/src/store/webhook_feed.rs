//! Reading the audit log for webhooks: each line once, in its order, by one node at a time.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::{Result, Store, Transaction};
use crate::Timestamp;
use crate::id::{DeliveryId, OrganizationId, WebhookId};
use crate::webhook::WebhookKinds;

/// A line of the audit log, as far as others may know it.
pub struct FeedLine {
    /// Its place in the log.
    pub sequence: i64,
    /// Its id.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// What, also when a newer version wrote it.
    pub kind: String,
    /// Who did it.
    pub actor_id: Option<String>,
    /// Whose account it is about.
    pub user_id: Option<String>,
    /// Where.
    pub organization_id: Option<String>,
    /// What it was done with.
    pub target: Option<String>,
    /// What became of it.
    pub outcome: String,
    /// The request.
    pub request_id: String,
}

/// A webhook that may want lines.
pub struct Listener {
    /// The webhook.
    pub id: WebhookId,
    /// Its organization; none: it hears of everything.
    pub organization_id: Option<OrganizationId>,
    /// What it is told of.
    pub kinds: WebhookKinds,
    /// Lines of before are none of its business.
    pub listens_from: Timestamp,
}

/// Something that a webhook is to be told.
pub struct NewDelivery<'a> {
    /// Its id.
    pub id: &'a DeliveryId,
    /// Who is told.
    pub webhook_id: &'a WebhookId,
    /// Of what.
    pub event_id: &'a str,
    /// Of which kind.
    pub kind: &'a str,
    /// The body of the request.
    pub payload: &'a str,
    /// The request of the event.
    pub request_id: &'a str,
    /// Now.
    pub created_at: Timestamp,
}

impl FromRow<'_, AnyRow> for FeedLine {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            sequence: row.try_get("sequence")?,
            id: row.try_get("id")?,
            at: Timestamp(row.try_get("at")?),
            kind: row.try_get("kind")?,
            actor_id: row.try_get("actor_id")?,
            user_id: row.try_get("user_id")?,
            organization_id: row.try_get("organization_id")?,
            target: row.try_get("target")?,
            outcome: row.try_get("outcome")?,
            request_id: row.try_get("request_id")?,
        })
    }
}

impl FromRow<'_, AnyRow> for Listener {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: WebhookId(row.try_get("id")?),
            organization_id: row.try_get::<Option<String>, _>("organization_id")?.map(OrganizationId),
            kinds: WebhookKinds::from_text(row.try_get("kinds")?),
            listens_from: Timestamp(row.try_get("listens_from")?),
        })
    }
}

impl Store {
    /// Whether somebody listens and lines wait to be read; cheaper than reading them, because it writes nothing.
    pub async fn has_unread_lines(&self) -> Result<bool> {
        let row = sqlx::query(
            "SELECT f.sequence FROM webhook_feed f WHERE f.name = 'audit' \
             AND EXISTS (SELECT w.id FROM webhooks w WHERE w.disabled_at IS NULL) \
             AND EXISTS (SELECT a.id FROM audit_events a WHERE a.sequence > f.sequence)",
        )
        .fetch_optional(&mut *self.read.get().await?)
        .await?;
        Ok(row.is_some())
    }
}

impl Transaction {
    /// Holds the place of reading to the end of the transaction, and says where it is.
    pub async fn hold_feed(&mut self) -> Result<i64> {
        sqlx::query("UPDATE webhook_feed SET sequence = sequence WHERE name = 'audit' RETURNING sequence")
            .fetch_one(&mut *self.0)
            .await?
            .try_get("sequence")
    }

    /// Moves the place of reading to the end of the log, when nobody listens: whoever begins to has no business with
    /// what was before. Call [`Transaction::hold_feed`] first.
    pub async fn skip_what_nobody_hears(&mut self) -> Result<()> {
        sqlx::query(
            "UPDATE webhook_feed SET sequence = COALESCE((SELECT a.sequence FROM audit_events a \
             WHERE a.sequence IS NOT NULL ORDER BY a.sequence DESC LIMIT 1), sequence) WHERE name = 'audit' \
             AND NOT EXISTS (SELECT w.id FROM webhooks w WHERE w.disabled_at IS NULL)",
        )
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Lines behind a place of the log.
    pub async fn lines_after(&mut self, sequence: i64, most: i64) -> Result<Vec<FeedLine>> {
        sqlx::query_as(
            "SELECT sequence, id, at, kind, actor_id, user_id, organization_id, target, outcome, request_id FROM audit_events \
             WHERE sequence > $1 ORDER BY sequence LIMIT $2",
        )
        .bind(sequence)
        .bind(most)
        .fetch_all(&mut *self.0)
        .await
    }

    /// Who may want the lines behind `after` up to `until`. An organization that is closed hears nothing.
    pub async fn listeners(&mut self, after: i64, until: i64) -> Result<Vec<Listener>> {
        sqlx::query_as(
            "SELECT id, organization_id, kinds, listens_from FROM webhooks WHERE disabled_at IS NULL \
             AND (organization_id IS NULL OR organization_id IN \
             (SELECT a.organization_id FROM audit_events a WHERE a.sequence > $1 AND a.sequence <= $2)) \
             AND NOT EXISTS (SELECT o.id FROM organizations o WHERE o.id = webhooks.organization_id \
             AND o.closed_at IS NOT NULL)",
        )
        .bind(after)
        .bind(until)
        .fetch_all(&mut *self.0)
        .await
    }

    /// Promises to tell a webhook of an event; one that was promised before stays as it is.
    pub async fn insert_delivery(&mut self, delivery: NewDelivery<'_>) -> Result<()> {
        sqlx::query(
            "INSERT INTO webhook_deliveries (id, webhook_id, event_id, kind, payload, state, attempts, next_at, \
             claimed_until, tries, created_at, request_id) VALUES ($1, $2, $3, $4, $5, 'pending', 0, $6, 0, '[]', $6, $7) \
             ON CONFLICT (webhook_id, event_id) DO NOTHING",
        )
        .bind(delivery.id.as_str())
        .bind(delivery.webhook_id.as_str())
        .bind(delivery.event_id)
        .bind(delivery.kind)
        .bind(delivery.payload)
        .bind(delivery.created_at.0)
        .bind(delivery.request_id)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Notes how far the log was read.
    pub async fn move_feed(&mut self, sequence: i64) -> Result<()> {
        sqlx::query("UPDATE webhook_feed SET sequence = $1 WHERE name = 'audit'")
            .bind(sequence)
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }
}
