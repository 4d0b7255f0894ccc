//! `GET …/webhooks`

use auth::flow;
use auth::view::WebhookItem;
use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use super::Asked;
use super::shape::WebhookShape;
use crate::problem::{Problem, Refused};

/// Webhooks.
#[derive(Serialize)]
pub struct WebhookList {
    items: Vec<WebhookItem>,
}

/// Webhooks, the newest first.
#[derive(ToSchema)]
#[schema(as = WebhookList)]
#[expect(dead_code, reason = "the shape of `WebhookList` for the document")]
struct WebhookListShape {
    /// At most 20.
    items: Vec<WebhookShape>,
}

/// The webhooks of an organization.
#[utoipa::path(get, path = "/organizations/{organization}/webhooks", tag = "webhook", params(
    ("organization" = String, Path, description = "The organization."),
), responses(
    (status = 200, description = "All of them.", body = WebhookListShape),
    (status = 400, description = "`malformed_request`: an id is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`: a member who may not; `second_factor_required`: the organization demands one", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no member of it", body = Problem, content_type = "application/problem+json"),
))]
pub async fn list_webhooks(asked: Asked) -> Result<Json<WebhookList>, Refused> {
    list(asked).await
}

/// The webhooks of the platform.
#[utoipa::path(get, path = "/admin/webhooks", tag = "admin", responses(
    (status = 200, description = "All of them.", body = WebhookListShape),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not an administrator who may", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_list_webhooks(asked: Asked) -> Result<Json<WebhookList>, Refused> {
    list(asked).await
}

async fn list(asked: Asked) -> Result<Json<WebhookList>, Refused> {
    let items = flow::list_webhooks(&asked.auth, &asked.caller, &asked.owner, &asked.context).await;
    items.map(|items| Json(WebhookList { items })).map_err(|error| asked.refused(&error))
}
