//! `GET …/webhooks/{id}/deliveries/{delivery}`

use auth::flow;
use auth::view::DeliveryView;
use axum::Json;

use super::Asked;
use super::shape::DeliveryViewShape;
use crate::problem::{Problem, Refused};

/// A delivery to a webhook of an organization, with what is told and its last ten attempts.
#[utoipa::path(get, path = "/organizations/{organization}/webhooks/{id}/deliveries/{delivery}", tag = "webhook", params(
    ("organization" = String, Path, description = "The organization."),
    ("id" = String, Path, description = "The webhook."),
    ("delivery" = String, Path, description = "The delivery."),
), responses(
    (status = 200, description = "The delivery.", body = DeliveryViewShape),
    (status = 400, description = "`malformed_request`: an id is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`: a member who may not; `second_factor_required`: the organization demands one", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such webhook there, or no member of it", body = Problem, content_type = "application/problem+json"),
))]
pub async fn show_webhook_delivery(asked: Asked) -> Result<Json<DeliveryView>, Refused> {
    show(asked).await
}

/// A delivery to a webhook of the platform, with what is told and its last ten attempts.
#[utoipa::path(get, path = "/admin/webhooks/{id}/deliveries/{delivery}", tag = "admin", params(
    ("id" = String, Path, description = "The webhook."),
    ("delivery" = String, Path, description = "The delivery."),
), responses(
    (status = 200, description = "The delivery.", body = DeliveryViewShape),
    (status = 400, description = "`malformed_request`: an id is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such webhook, or not an administrator who may", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_show_webhook_delivery(asked: Asked) -> Result<Json<DeliveryView>, Refused> {
    show(asked).await
}

async fn show(asked: Asked) -> Result<Json<DeliveryView>, Refused> {
    let ids = (&*asked.webhook, &*asked.delivery);
    let view = flow::show_delivery(&asked.auth, &asked.caller, &asked.owner, ids, &asked.context).await;
    view.map(Json).map_err(|error| asked.refused(&error))
}
