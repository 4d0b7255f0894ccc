//! `DELETE …/webhooks/{id}`

use auth::flow;
use axum::http::StatusCode;

use super::Asked;
use crate::problem::{Problem, Refused};

/// Removes a webhook of an organization, with everything it was told.
#[utoipa::path(delete, path = "/organizations/{organization}/webhooks/{id}", tag = "webhook", params(
    ("organization" = String, Path, description = "The organization."),
    ("id" = String, Path, description = "The webhook."),
), responses(
    (status = 204, description = "It is gone."),
    (status = 400, description = "`malformed_request`: an id is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`: a member who may not; `second_factor_required`: the organization demands one", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such webhook there, or no member of it", body = Problem, content_type = "application/problem+json"),
))]
pub async fn remove_webhook(asked: Asked) -> Result<StatusCode, Refused> {
    remove(asked).await
}

/// Removes a webhook of the platform, with everything it was told.
#[utoipa::path(delete, path = "/admin/webhooks/{id}", tag = "admin", params(
    ("id" = String, Path, description = "The webhook."),
), responses(
    (status = 204, description = "It is gone."),
    (status = 400, description = "`malformed_request`: an id is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such webhook, or not an administrator who may", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_remove_webhook(asked: Asked) -> Result<StatusCode, Refused> {
    remove(asked).await
}

async fn remove(asked: Asked) -> Result<StatusCode, Refused> {
    let done = flow::remove_webhook(&asked.auth, &asked.caller, &asked.owner, &asked.webhook, &asked.context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| asked.refused(&error))
}
