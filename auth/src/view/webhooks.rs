//! Webhooks and what they were told, without secrets.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::id::{DeliveryId, WebhookId};
use crate::webhook::WebhookKinds;

/// A webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookItem {
    /// Its id.
    pub id: WebhookId,
    /// Its address.
    pub url: String,
    /// What it is told of.
    pub kinds: WebhookKinds,
    /// Whether it is told anything.
    pub enabled: bool,
    /// When it was switched off; none while it is on.
    pub disabled_at: Option<Timestamp>,
    /// Why it was switched off.
    pub disabled_reason: Option<WebhookEnd>,
    /// Since when every delivery fails; none when the last one arrived.
    pub failing_since: Option<Timestamp>,
    /// Until when the secret of before signs as well.
    pub old_secret_until: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Why a webhook was switched off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WebhookEnd {
    /// Somebody did.
    Manual,
    /// Its address answered 410.
    Gone,
    /// Nothing arrived for five days.
    Failing,
}

impl WebhookEnd {
    /// As the store and programs name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Gone => "gone",
            Self::Failing => "failing",
        }
    }

    /// The reason of a name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Manual, Self::Gone, Self::Failing].into_iter().find(|end| end.as_str() == name)
    }
}

/// What becomes of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// It waits, for its first attempt or another one.
    Pending,
    /// It arrived.
    Delivered,
    /// It is not tried any more.
    Dead,
}

impl DeliveryState {
    /// Every one, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::Pending, Self::Delivered, Self::Dead];

    /// As the store and programs name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Dead => "dead",
        }
    }

    /// The state of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// Something that a webhook is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryItem {
    /// Its id: `webhook-id` of each of its requests.
    pub id: DeliveryId,
    /// The event, as the audit log knows it.
    pub event_id: String,
    /// The kind of the event.
    pub kind: String,
    /// What becomes of it.
    pub state: DeliveryState,
    /// Attempts since it was made or replayed.
    pub attempts: i64,
    /// When it is tried again, while it waits.
    pub next_at: Option<Timestamp>,
    /// The status of the last answer.
    pub last_status: Option<i64>,
    /// Why there was none.
    pub last_error: Option<String>,
    /// How long the last attempt took.
    pub last_duration_ms: Option<i64>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it arrived.
    pub delivered_at: Option<Timestamp>,
}

/// The same with what is told, and the last ten attempts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryView {
    /// As in the list.
    #[serde(flatten)]
    pub item: DeliveryItem,
    /// The body of the request.
    pub payload: String,
    /// The last attempts, the newest first.
    pub tries: Vec<DeliveryTry>,
}

/// An attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryTry {
    /// When it ended.
    pub at: Timestamp,
    /// The status of the answer.
    pub status: Option<i64>,
    /// Why there was none.
    pub error: Option<String>,
    /// How long it took.
    pub duration_ms: i64,
}
