//! `POST …/webhooks/{id}/test`

use auth::flow;
use axum::Json;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::Asked;
use crate::problem::{Problem, Refused};

/// A test that was promised.
#[derive(Serialize, ToSchema)]
pub struct PromisedTest {
    /// The delivery.
    id: String,
}

/// Tells a webhook of an organization that it is tested: an event of the kind `webhook.test`.
#[utoipa::path(post, path = "/organizations/{organization}/webhooks/{id}/test", tag = "webhook", params(
    ("organization" = String, Path, description = "The organization."),
    ("id" = String, Path, description = "The webhook."),
), responses(
    (status = 202, description = "It waits for its first attempt.", body = PromisedTest),
    (status = 400, description = "`malformed_request`: an id is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`: a member who may not; `second_factor_required`: the organization demands one", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such webhook there, or no member of it", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`wrong_state`: the webhook is off", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "`too_soon`: ten tests within a minute", body = Problem, content_type = "application/problem+json"),
))]
pub async fn test_webhook(asked: Asked) -> Result<(StatusCode, Json<PromisedTest>), Refused> {
    test(asked).await
}

/// Tells a webhook of the platform that it is tested: an event of the kind `webhook.test`.
#[utoipa::path(post, path = "/admin/webhooks/{id}/test", tag = "admin", params(
    ("id" = String, Path, description = "The webhook."),
), responses(
    (status = 202, description = "It waits for its first attempt.", body = PromisedTest),
    (status = 400, description = "`malformed_request`: an id is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such webhook, or not an administrator who may", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`wrong_state`: the webhook is off", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "`too_soon`: ten tests within a minute", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_test_webhook(asked: Asked) -> Result<(StatusCode, Json<PromisedTest>), Refused> {
    test(asked).await
}

async fn test(asked: Asked) -> Result<(StatusCode, Json<PromisedTest>), Refused> {
    let made = flow::test_webhook(&asked.auth, &asked.caller, &asked.owner, &asked.webhook, &asked.context).await;
    made.map(|id| (StatusCode::ACCEPTED, Json(PromisedTest { id: id.0 }))).map_err(|error| asked.refused(&error))
}
