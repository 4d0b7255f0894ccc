//! What webhooks are told: the lists that people read, and the claims of the workers.

use sqlx::any::AnyRow;
use sqlx::{Any, FromRow, Row};

use super::{Result, Store, Transaction};
use crate::Timestamp;
use crate::id::{DeliveryId, WebhookId};
use crate::paging::{Place, rows_to_ask};
use crate::view::{DeliveryItem, DeliveryState};

/// A delivery that this worker holds until its claim ends.
pub struct ClaimedDelivery {
    /// Its id.
    pub id: DeliveryId,
    /// The body of the request.
    pub payload: String,
    /// Attempts so far, this one included; also the name of this claim.
    pub attempts: i64,
    /// The last ten attempts, as JSON.
    pub tries: String,
    /// The request of the event.
    pub request_id: Option<String>,
}

/// What became of an attempt.
pub struct AttemptOutcome<'a> {
    /// The state from now on.
    pub state: DeliveryState,
    /// When it is tried again, if it waits.
    pub next_at: Timestamp,
    /// The last ten attempts, as JSON.
    pub tries: &'a str,
    /// The status of the answer.
    pub status: Option<i64>,
    /// Why there was none.
    pub error: Option<&'a str>,
    /// How long it took.
    pub duration_ms: i64,
    /// Now.
    pub at: Timestamp,
}

/// The columns of a delivery.
macro_rules! delivery_columns {
    () => {
        "id, event_id, kind, state, attempts, next_at, last_status, last_error, last_duration_ms, created_at, \
         delivered_at"
    };
}

impl FromRow<'_, AnyRow> for DeliveryItem {
    fn from_row(row: &AnyRow) -> Result<Self> {
        // A state that a newer version wrote is none that is waited for.
        let state = DeliveryState::parse(row.try_get("state")?).unwrap_or(DeliveryState::Dead);
        let next_at = Timestamp(row.try_get("next_at")?);
        Ok(Self {
            id: DeliveryId(row.try_get("id")?),
            event_id: row.try_get("event_id")?,
            kind: row.try_get("kind")?,
            state,
            attempts: row.try_get("attempts")?,
            next_at: (state == DeliveryState::Pending).then_some(next_at),
            last_status: row.try_get("last_status")?,
            last_error: row.try_get("last_error")?,
            last_duration_ms: row.try_get("last_duration_ms")?,
            created_at: Timestamp(row.try_get("created_at")?),
            delivered_at: row.try_get::<Option<i64>, _>("delivered_at")?.map(Timestamp),
        })
    }
}

impl FromRow<'_, AnyRow> for ClaimedDelivery {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: DeliveryId(row.try_get("id")?),
            payload: row.try_get("payload")?,
            attempts: row.try_get("attempts")?,
            tries: row.try_get("tries")?,
            request_id: row.try_get("request_id")?,
        })
    }
}

/// Deliveries of a webhook that follow a place.
macro_rules! deliveries_of {
    () => {
        concat!(
            "SELECT ",
            delivery_columns!(),
            " FROM webhook_deliveries WHERE webhook_id = $1 AND (created_at, id) < ($2, $3)"
        )
    };
}

impl Store {
    /// What a webhook was told before `place`, the newest first; of one state where one is wanted.
    pub async fn deliveries_of(
        &self,
        webhook: &WebhookId,
        state: Option<DeliveryState>,
        place: &Place,
    ) -> Result<Vec<DeliveryItem>> {
        let statement = if state.is_some() {
            concat!(deliveries_of!(), " AND state = $5 ORDER BY created_at DESC, id DESC LIMIT $4")
        } else {
            concat!(deliveries_of!(), " ORDER BY created_at DESC, id DESC LIMIT $4")
        };
        let mut query = sqlx::query_as::<Any, DeliveryItem>(statement)
            .bind(webhook.as_str())
            .bind(place.at.0)
            .bind(place.id.as_str())
            .bind(rows_to_ask());
        if let Some(state) = state {
            query = query.bind(state.as_str());
        }
        query.fetch_all(&mut *self.read.get().await?).await
    }

    /// One of them, with the body of its request and its last ten attempts as JSON.
    pub async fn delivery(
        &self,
        webhook: &WebhookId,
        id: &DeliveryId,
    ) -> Result<Option<(DeliveryItem, String, String)>> {
        sqlx::query(concat!(
            "SELECT ",
            delivery_columns!(),
            ", payload, tries FROM webhook_deliveries WHERE id = $2 AND webhook_id = $1"
        ))
        .bind(webhook.as_str())
        .bind(id.as_str())
        .fetch_optional(&mut *self.read.get().await?)
        .await?
        .map(|row| Ok((DeliveryItem::from_row(&row)?, row.try_get("payload")?, row.try_get("tries")?)))
        .transpose()
    }

    /// Webhooks that something waits for and that have fewer than `at_once` deliveries on their way; none of an
    /// organization that is closed. Each time in another order: where many are slow, the rest of them has its turn, too.
    pub async fn webhooks_with_due_deliveries(&self, now: Timestamp, at_once: i64) -> Result<Vec<WebhookId>> {
        sqlx::query(
            "SELECT w.id FROM webhooks w WHERE w.disabled_at IS NULL AND NOT EXISTS (SELECT o.id FROM organizations o \
             WHERE o.id = w.organization_id AND o.closed_at IS NOT NULL) AND EXISTS (SELECT d.id FROM webhook_deliveries d \
             WHERE d.webhook_id = w.id AND d.state = 'pending' AND d.next_at <= $1 AND d.claimed_until <= $1) \
             AND (SELECT CAST(COUNT(*) AS BIGINT) FROM webhook_deliveries c WHERE c.webhook_id = w.id \
             AND c.state = 'pending' AND c.claimed_until > $1) < $2 ORDER BY RANDOM()",
        )
        .bind(now.0)
        .bind(at_once)
        .fetch_all(&mut *self.read.get().await?)
        .await?
        .iter()
        .map(|row| row.try_get("id").map(WebhookId))
        .collect()
    }

    /// How many deliveries wait, how many of them are overdue, and when the eldest was promised; none when none waits. Those
    /// of webhooks that are switched off wait for nobody.
    pub async fn waiting_deliveries(&self, now: Timestamp) -> Result<Option<(i64, i64, Timestamp)>> {
        let row = sqlx::query(
            "SELECT CAST(COUNT(*) AS BIGINT) AS waiting, \
             CAST(COALESCE(SUM(CASE WHEN d.next_at <= $1 THEN 1 ELSE 0 END), 0) AS BIGINT) AS due, \
             CAST(COALESCE(MIN(d.created_at), 0) AS BIGINT) AS oldest_at FROM webhook_deliveries d \
             WHERE d.state = 'pending' AND EXISTS (SELECT w.id FROM webhooks w WHERE w.id = d.webhook_id \
             AND w.disabled_at IS NULL)",
        )
        .bind(now.0)
        .fetch_one(&mut *self.read.get().await?)
        .await?;
        let waiting: i64 = row.try_get("waiting")?;
        let (due, oldest_at) = (row.try_get("due")?, Timestamp(row.try_get("oldest_at")?));
        Ok((waiting > 0).then_some((waiting, due, oldest_at)))
    }

    /// Forgets what was told before `before`.
    pub async fn delete_old_deliveries(&self, before: Timestamp, most: i64) -> Result<u64> {
        let done = sqlx::query(
            "DELETE FROM webhook_deliveries WHERE id IN \
             (SELECT id FROM webhook_deliveries WHERE created_at < $1 ORDER BY created_at LIMIT $2)",
        )
        .bind(before.0)
        .bind(most)
        .execute(&mut *self.write.get().await?)
        .await?;
        Ok(done.rows_affected())
    }
}

impl Transaction {
    /// Deliveries of a webhook that are on their way, from any node. Hold the webhook first.
    pub async fn deliveries_on_their_way(&mut self, webhook: &WebhookId, now: Timestamp) -> Result<i64> {
        sqlx::query(
            "SELECT CAST(COUNT(*) AS BIGINT) AS on_their_way FROM webhook_deliveries \
             WHERE webhook_id = $1 AND state = 'pending' AND claimed_until > $2",
        )
        .bind(webhook.as_str())
        .bind(now.0)
        .fetch_one(&mut *self.0)
        .await?
        .try_get("on_their_way")
    }

    /// Claims due deliveries of a webhook until `until`. Hold the webhook first: then nobody else claims them.
    pub async fn claim_deliveries(
        &mut self,
        webhook: &WebhookId,
        now: Timestamp,
        until: Timestamp,
        most: i64,
    ) -> Result<Vec<ClaimedDelivery>> {
        sqlx::query_as(
            "UPDATE webhook_deliveries SET claimed_until = $3, attempts = attempts + 1 WHERE id IN \
             (SELECT id FROM webhook_deliveries WHERE webhook_id = $1 AND state = 'pending' AND next_at <= $2 \
             AND claimed_until <= $2 ORDER BY next_at, id LIMIT $4) RETURNING id, payload, attempts, tries, \
             request_id",
        )
        .bind(webhook.as_str())
        .bind(now.0)
        .bind(until.0)
        .bind(most)
        .fetch_all(&mut *self.0)
        .await
    }

    /// Notes what became of an attempt. An arrival counts whatever happened meanwhile; a failure counts while this claim
    /// is the last one, and takes nobody back from the dead.
    pub async fn finish_delivery(&mut self, claim: &ClaimedDelivery, outcome: AttemptOutcome<'_>) -> Result<()> {
        let is_delivered = outcome.state == DeliveryState::Delivered;
        sqlx::query(
            "UPDATE webhook_deliveries SET state = CASE WHEN CAST($10 AS BIGINT) = 0 AND state = 'dead' THEN 'dead' \
             ELSE $3 END, next_at = $4, claimed_until = 0, tries = $5, last_status = $6, last_error = $7, \
             last_duration_ms = $8, delivered_at = CASE WHEN CAST($10 AS BIGINT) = 1 THEN CAST($9 AS BIGINT) \
             ELSE NULL END WHERE id = $1 AND (CAST($10 AS BIGINT) = 1 OR attempts = $2)",
        )
        .bind(claim.id.as_str())
        .bind(claim.attempts)
        .bind(outcome.state.as_str())
        .bind(outcome.next_at.0)
        .bind(outcome.tries)
        .bind(outcome.status)
        .bind(outcome.error)
        .bind(outcome.duration_ms)
        .bind(outcome.at.0)
        .bind(i64::from(is_delivered))
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Notes that something arrived at a webhook.
    pub async fn note_arrival(&mut self, webhook: &WebhookId) -> Result<()> {
        sqlx::query("UPDATE webhooks SET failing_since = NULL WHERE id = $1 AND failing_since IS NOT NULL")
            .bind(webhook.as_str())
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    /// Notes that something did not arrive, and says since when nothing does; none when the webhook is gone.
    pub async fn note_failure(&mut self, webhook: &WebhookId, now: Timestamp) -> Result<Option<Timestamp>> {
        sqlx::query(
            "UPDATE webhooks SET failing_since = COALESCE(failing_since, $2) WHERE id = $1 RETURNING failing_since",
        )
        .bind(webhook.as_str())
        .bind(now.0)
        .fetch_optional(&mut *self.0)
        .await?
        .map(|row| row.try_get("failing_since").map(Timestamp))
        .transpose()
    }

    /// Puts a delivery that is over back to the beginning; `false` when it waits, or there is none.
    pub async fn replay_delivery(&mut self, webhook: &WebhookId, id: &DeliveryId, now: Timestamp) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE webhook_deliveries SET state = 'pending', attempts = 0, next_at = $3, claimed_until = 0 \
             WHERE id = $2 AND webhook_id = $1 AND state <> 'pending' AND claimed_until <= $3",
        )
        .bind(webhook.as_str())
        .bind(id.as_str())
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Whether a delivery is one of this webhook.
    pub async fn is_delivery_of(&mut self, webhook: &WebhookId, id: &DeliveryId) -> Result<bool> {
        let row = sqlx::query("SELECT id FROM webhook_deliveries WHERE id = $2 AND webhook_id = $1")
            .bind(webhook.as_str())
            .bind(id.as_str())
            .fetch_optional(&mut *self.0)
            .await?;
        Ok(row.is_some())
    }

    /// How many deliveries of a kind a webhook got since then.
    pub async fn count_deliveries(&mut self, webhook: &WebhookId, kind: &str, since: Timestamp) -> Result<i64> {
        sqlx::query(
            "SELECT CAST(COUNT(*) AS BIGINT) AS made FROM webhook_deliveries \
             WHERE webhook_id = $1 AND created_at > $3 AND kind = $2",
        )
        .bind(webhook.as_str())
        .bind(kind)
        .bind(since.0)
        .fetch_one(&mut *self.0)
        .await?
        .try_get("made")
    }
}
