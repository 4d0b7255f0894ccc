//! `GET …/webhooks/{id}`

use auth::flow;
use auth::view::WebhookItem;
use axum::Json;

use super::Asked;
use super::shape::WebhookShape;
use crate::problem::{Problem, Refused};

/// A webhook of an organization, without its secret.
#[utoipa::path(get, path = "/organizations/{organization}/webhooks/{id}", tag = "webhook", params(
    ("organization" = String, Path, description = "The organization."),
    ("id" = String, Path, description = "The webhook."),
), responses(
    (status = 200, description = "The webhook.", body = WebhookShape),
    (status = 400, description = "`malformed_request`: an id is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`: a member who may not; `second_factor_required`: the organization demands one", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such webhook there, or no member of it", body = Problem, content_type = "application/problem+json"),
))]
pub async fn show_webhook(asked: Asked) -> Result<Json<WebhookItem>, Refused> {
    show(asked).await
}

/// A webhook of the platform, without its secret.
#[utoipa::path(get, path = "/admin/webhooks/{id}", tag = "admin", params(
    ("id" = String, Path, description = "The webhook."),
), responses(
    (status = 200, description = "The webhook.", body = WebhookShape),
    (status = 400, description = "`malformed_request`: an id is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such webhook, or not an administrator who may", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_show_webhook(asked: Asked) -> Result<Json<WebhookItem>, Refused> {
    show(asked).await
}

async fn show(asked: Asked) -> Result<Json<WebhookItem>, Refused> {
    let item = flow::show_webhook(&asked.auth, &asked.caller, &asked.owner, &asked.webhook, &asked.context).await;
    item.map(Json).map_err(|error| asked.refused(&error))
}
