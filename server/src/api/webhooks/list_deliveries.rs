//! `GET …/webhooks/{id}/deliveries`

use auth::flow::{self, WebhookRight};
use auth::view::{DeliveryItem, DeliveryState};
use auth::{Cursor, Page};
use axum::Json;
use serde::Deserialize;
use utoipa::ToSchema;

use super::Asked;
use super::shape::DeliveryShape;
use crate::api::query::QueryOf;
use crate::problem::{Problem, Refused};

/// Which deliveries, and where the list goes on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    state: Option<DeliveryState>,
    after: Option<Cursor>,
}

/// One page of deliveries, the newest first.
#[derive(ToSchema)]
#[schema(as = WebhookDeliveryPage)]
#[expect(dead_code, reason = "the shape of `auth::Page` for the document")]
struct DeliveryPageShape {
    /// At most 50 deliveries.
    items: Vec<DeliveryShape>,
    /// Send it back as `after` for the next page; null on the last.
    next: Option<String>,
}

/// What a webhook of an organization was told in the last 30 days, and what waits.
#[utoipa::path(get, path = "/organizations/{organization}/webhooks/{id}/deliveries", tag = "webhook", params(
    ("organization" = String, Path, description = "The organization."),
    ("id" = String, Path, description = "The webhook."),
    ("state" = Option<String>, Query, description = "`pending`, `delivered` or `dead`; all without it"),
    ("after" = Option<String>, Query, description = "`next` of the page before"),
), responses(
    (status = 200, description = "One page.", body = DeliveryPageShape),
    (status = 400, description = "`malformed_request`: an id is none; no list gave this `after`, or there is no such `state`", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`: a member who may not; `second_factor_required`: the organization demands one", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such webhook there, or no member of it", body = Problem, content_type = "application/problem+json"),
))]
pub async fn list_webhook_deliveries(
    asked: Asked,
    query: Result<QueryOf<Wanted>, Refused>,
) -> Result<Json<Page<DeliveryItem>>, Refused> {
    list(asked, query).await
}

/// What a webhook of the platform was told in the last 30 days, and what waits.
#[utoipa::path(get, path = "/admin/webhooks/{id}/deliveries", tag = "admin", params(
    ("id" = String, Path, description = "The webhook."),
    ("state" = Option<String>, Query, description = "`pending`, `delivered` or `dead`; all without it"),
    ("after" = Option<String>, Query, description = "`next` of the page before"),
), responses(
    (status = 200, description = "One page.", body = DeliveryPageShape),
    (status = 400, description = "`malformed_request`: an id is none; no list gave this `after`, or there is no such `state`", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such webhook, or not an administrator who may", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_list_webhook_deliveries(
    asked: Asked,
    query: Result<QueryOf<Wanted>, Refused>,
) -> Result<Json<Page<DeliveryItem>>, Refused> {
    list(asked, query).await
}

async fn list(asked: Asked, query: Result<QueryOf<Wanted>, Refused>) -> Result<Json<Page<DeliveryItem>>, Refused> {
    asked.permit(WebhookRight::Read).await?;
    let QueryOf(Wanted { state, after }) = query?;
    let (auth, owner) = (&asked.auth, &asked.owner);
    let page = flow::list_deliveries(auth, &asked.caller, owner, &asked.webhook, state, after, &asked.context).await;
    page.map(Json).map_err(|error| asked.refused(&error))
}
