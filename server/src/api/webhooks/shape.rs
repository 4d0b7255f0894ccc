//! How webhooks and deliveries look, for the document.

use utoipa::ToSchema;

/// A webhook, without its secret. Moments are milliseconds since 1970.
#[derive(ToSchema)]
#[schema(as = Webhook)]
#[expect(dead_code, reason = "the shape of `auth::view::WebhookItem` for the document")]
pub struct WebhookShape {
    /// Its id.
    id: String,
    /// Its address.
    #[schema(example = "https://hooks.example.com/keywright")]
    url: String,
    /// The kinds of events it is told of.
    #[schema(example = json!(["user.created", "organization.*"]))]
    kinds: Vec<String>,
    /// Whether it is told anything.
    enabled: bool,
    /// When it was switched off; null while it is on.
    disabled_at: Option<i64>,
    /// `manual`, `gone` (it answered 410) or `failing` (nothing arrived for five days).
    #[schema(example = json!(null))]
    disabled_reason: Option<String>,
    /// Since when every delivery fails; null when the last one arrived.
    failing_since: Option<i64>,
    /// Until when the secret of before signs as well.
    old_secret_until: Option<i64>,
    /// When it was made.
    created_at: i64,
}

/// Something that a webhook is told.
#[derive(ToSchema)]
#[schema(as = WebhookDelivery)]
#[expect(dead_code, reason = "the shape of `auth::view::DeliveryItem` for the document")]
pub struct DeliveryShape {
    /// Its id: `webhook-id` of each of its requests.
    id: String,
    /// The event, as the audit log knows it.
    event_id: String,
    /// The kind of the event; `webhook.test` for a test.
    #[schema(example = "user.created")]
    kind: String,
    /// `pending`, `delivered` or `dead`.
    #[schema(example = "delivered")]
    state: String,
    /// Attempts since it was made or replayed.
    attempts: i64,
    /// When it is tried again, while it waits.
    next_at: Option<i64>,
    /// The status of the last answer.
    #[schema(example = 204)]
    last_status: Option<i64>,
    /// Why there was none.
    last_error: Option<String>,
    /// How long the last attempt took.
    last_duration_ms: Option<i64>,
    /// When it was made.
    created_at: i64,
    /// When it arrived.
    delivered_at: Option<i64>,
}

/// The same with what is told, and the last ten attempts.
#[derive(ToSchema)]
#[schema(as = WebhookDeliveryWithTries)]
#[expect(dead_code, reason = "the shape of `auth::view::DeliveryView` for the document")]
pub struct DeliveryViewShape {
    /// As in the list.
    #[serde(flatten)]
    item: DeliveryShape,
    /// The body of the request.
    payload: String,
    /// The last attempts, the newest first.
    tries: Vec<TryShape>,
}

/// An attempt.
#[derive(ToSchema)]
#[schema(as = WebhookTry)]
#[expect(dead_code, reason = "the shape of `auth::view::DeliveryTry` for the document")]
struct TryShape {
    /// When it ended.
    at: i64,
    /// The status of the answer.
    status: Option<i64>,
    /// Why there was none.
    error: Option<String>,
    /// How long it took.
    duration_ms: i64,
}
