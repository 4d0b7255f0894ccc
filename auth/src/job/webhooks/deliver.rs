//! Sending what is due. A delivery is claimed for half a minute, longer than one may take, so no other node sends it
//! meanwhile and a node that dies loses nothing. Each webhook has at most two on their way, over all nodes.

use std::pin::Pin;
use std::sync::Arc;
use tokio::task::JoinSet;
use tracing::Instrument as _;

use super::disable::disable;
use crate::id::WebhookId;
use crate::meter::{JobKind, JobOutcome};
use crate::store::{AttemptOutcome, ClaimedDelivery, Transaction, WebhookRow};
use crate::view::{DeliveryState, DeliveryTry, WebhookEnd};
use crate::webhook::{Attempt, delay_seconds};
use crate::{Auth, Result, Timestamp, trace};

const CLAIM_SECONDS: i64 = 30;
/// Deliveries of one webhook on their way.
const AT_ONCE: i64 = 2;
/// Attempts that are remembered.
const REMEMBERED: usize = 10;
/// Seconds without an arrival after which a webhook is switched off: five days.
const PATIENCE: i64 = 5 * 24 * 60 * 60;

/// What is left to do for a delivery that was claimed.
pub(super) type Delivery = Pin<Box<dyn Future<Output = ()> + Send>>;

impl Auth {
    /// Sends everything that is due, waits for the answers, and says how many there were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn deliver_webhooks(&self) -> Result<usize> {
        let mut deliveries = JoinSet::new();
        let start = |delivery: Delivery| {
            deliveries.spawn(delivery);
        };
        self.start_deliveries(start).await?;
        let sent = deliveries.len();
        while deliveries.join_next().await.is_some() {}
        Ok(sent)
    }

    /// Claims what is due, and hands out what is left to do for each.
    pub(super) async fn start_deliveries(&self, mut start: impl FnMut(Delivery) + Send) -> Result<()> {
        for id in self.store.webhooks_with_due_deliveries(self.now(), AT_ONCE).await? {
            let room = self.webhooks.room.available_permits();
            let Some((webhook, claims)) = claim(self, &id, room).await? else { continue };
            let webhook = Arc::new(webhook);
            for delivery in claims {
                // None when another look took the last place meanwhile: what was claimed is sent.
                let place = Arc::clone(&self.webhooks.room).try_acquire_owned().ok();
                let (auth, webhook) = (self.clone(), Arc::clone(&webhook));
                start(Box::pin(async move {
                    let request = delivery.request_id.as_deref();
                    let span = tracing::info_span!("webhook", delivery = delivery.id.as_str(), request);
                    let step = trace::delivery("deliver to a webhook", request);
                    deliver(&auth, &webhook, &delivery).instrument(step).instrument(span).await;
                    drop(place);
                    // There is room for the next one of this webhook.
                    auth.webhooks.waiting.notify_one();
                }));
            }
        }
        Ok(())
    }
}

async fn claim(auth: &Auth, id: &WebhookId, room: usize) -> Result<Option<(WebhookRow, Vec<ClaimedDelivery>)>> {
    let room = i64::try_from(room).unwrap_or(AT_ONCE).min(AT_ONCE);
    if room == 0 {
        return Ok(None);
    }
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    let Some(webhook) = tx.hold_live_webhook(id).await? else { return Ok(None) };
    let most = room.min(AT_ONCE - tx.deliveries_on_their_way(id, now).await?);
    if most <= 0 {
        return Ok(None);
    }
    let claims = tx.claim_deliveries(id, now, now.plus_seconds(CLAIM_SECONDS), most).await?;
    tx.commit().await?;
    Ok(Some((webhook, claims)))
}

/// Sends one, with no transaction open, and notes what became of it.
async fn deliver(auth: &Auth, webhook: &WebhookRow, delivery: &ClaimedDelivery) {
    let attempt = send(auth, webhook, delivery).await;
    if let Err(error) = note(auth, webhook, delivery, &attempt).await {
        tracing::warn!(%error, webhook = webhook.id.as_str(), "what became of a delivery cannot be written");
    }
}

async fn send(auth: &Auth, webhook: &WebhookRow, delivery: &ClaimedDelivery) -> Attempt {
    let now = auth.now();
    let signatures = match signatures(auth, webhook, delivery, now) {
        Ok(signatures) => signatures,
        Err(error) => return Attempt { status: None, error: Some(format!("{error:#}")), duration_ms: 0 },
    };
    let id = delivery.id.as_str();
    auth.webhooks.post(&webhook.url, id, now, &signatures, delivery.payload.clone()).await
}

/// One of the secret of today, and one of the secret of before while that still counts.
fn signatures(auth: &Auth, webhook: &WebhookRow, delivery: &ClaimedDelivery, now: Timestamp) -> anyhow::Result<String> {
    let id = delivery.id.as_str();
    let newest = auth.open_webhook_secret(&webhook.id, &webhook.secret_sealed)?.sign(id, now, &delivery.payload);
    match &webhook.old_secret {
        Some((sealed, until)) if *until > now => {
            let old = auth.open_old_webhook_secret(&webhook.id, sealed)?.sign(id, now, &delivery.payload);
            Ok(format!("{newest} {old}"))
        }
        _ => Ok(newest),
    }
}

async fn note(auth: &Auth, webhook: &WebhookRow, delivery: &ClaimedDelivery, attempt: &Attempt) -> Result<()> {
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    if attempt.is_success() {
        tx.note_arrival(&webhook.id).await?;
        finish(&mut tx, delivery, attempt, DeliveryState::Delivered, now, now).await?;
        tx.commit().await?;
        auth.meters.jobs.note((JobKind::Webhook, JobOutcome::Delivered));
        tracing::info!(webhook = webhook.id.as_str(), attempts = delivery.attempts, "a delivery arrived");
        return Ok(());
    }
    // The webhook first, then its deliveries: whoever holds both takes them in this order.
    let Some(failing_since) = tx.note_failure(&webhook.id, now).await? else { return Ok(()) };
    let is_over = attempt.is_gone() || attempt.is_not_allowed();
    let delay = if is_over { None } else { delay_seconds(delivery.attempts, &*auth.random) };
    let state = if delay.is_some() { DeliveryState::Pending } else { DeliveryState::Dead };
    let next_at = now.plus_seconds(delay.unwrap_or(0));
    let outcome = if delay.is_some() { JobOutcome::Failed } else { JobOutcome::Dead };
    auth.meters.jobs.note((JobKind::Webhook, outcome));
    finish(&mut tx, delivery, attempt, state, next_at, now).await?;
    tracing::info!(
        webhook = webhook.id.as_str(),
        delivery = delivery.id.as_str(),
        attempts = delivery.attempts,
        status = attempt.status,
        error = attempt.error.as_deref(),
        "a delivery did not arrive"
    );
    let end = if attempt.is_gone() {
        Some(WebhookEnd::Gone)
    } else {
        (failing_since.plus_seconds(PATIENCE) <= now).then_some(WebhookEnd::Failing)
    };
    let is_told = match end {
        Some(end) => disable(auth, &mut tx, webhook, end, now).await?,
        None => false,
    };
    tx.commit().await?;
    if is_told {
        auth.wake_worker();
    }
    Ok(())
}

async fn finish(
    tx: &mut Transaction,
    delivery: &ClaimedDelivery,
    attempt: &Attempt,
    state: DeliveryState,
    next_at: Timestamp,
    at: Timestamp,
) -> Result<()> {
    let status = attempt.status.map(i64::from);
    let mut tries: Vec<DeliveryTry> = serde_json::from_str(&delivery.tries).unwrap_or_default();
    tries.insert(0, DeliveryTry { at, status, error: attempt.error.clone(), duration_ms: attempt.duration_ms });
    tries.truncate(REMEMBERED);
    let tries = serde_json::to_string(&tries).map_err(anyhow::Error::from)?;
    let outcome = AttemptOutcome {
        state,
        next_at,
        tries: &tries,
        status,
        error: attempt.error.as_deref(),
        duration_ms: attempt.duration_ms,
        at,
    };
    Ok(tx.finish_delivery(delivery, outcome).await?)
}
