//! `POST …/webhooks/{id}/deliveries/{delivery}/replay`

use auth::flow;
use axum::http::StatusCode;

use super::Asked;
use crate::problem::{Problem, Refused};

/// Tells a webhook of an organization once more what it was told, under the same `webhook-id`.
#[utoipa::path(post, path = "/organizations/{organization}/webhooks/{id}/deliveries/{delivery}/replay", tag = "webhook", params(
    ("organization" = String, Path, description = "The organization."),
    ("id" = String, Path, description = "The webhook."),
    ("delivery" = String, Path, description = "The delivery."),
), responses(
    (status = 202, description = "It waits for its first attempt."),
    (status = 400, description = "`malformed_request`: an id is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`: a member who may not; `second_factor_required`: the organization demands one", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such webhook there, or no member of it", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`wrong_state`: it waits anyway, or the webhook is off", body = Problem, content_type = "application/problem+json"),
))]
pub async fn replay_webhook_delivery(asked: Asked) -> Result<StatusCode, Refused> {
    replay(asked).await
}

/// Tells a webhook of the platform once more what it was told, under the same `webhook-id`.
#[utoipa::path(post, path = "/admin/webhooks/{id}/deliveries/{delivery}/replay", tag = "admin", params(
    ("id" = String, Path, description = "The webhook."),
    ("delivery" = String, Path, description = "The delivery."),
), responses(
    (status = 202, description = "It waits for its first attempt."),
    (status = 400, description = "`malformed_request`: an id is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such webhook, or not an administrator who may", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`wrong_state`: it waits anyway, or the webhook is off", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_replay_webhook_delivery(asked: Asked) -> Result<StatusCode, Refused> {
    replay(asked).await
}

async fn replay(asked: Asked) -> Result<StatusCode, Refused> {
    let ids = (&*asked.webhook, &*asked.delivery);
    let done = flow::replay_delivery(&asked.auth, &asked.caller, &asked.owner, ids, &asked.context).await;
    done.map(|()| StatusCode::ACCEPTED).map_err(|error| asked.refused(&error))
}
