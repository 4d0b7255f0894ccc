//! `POST …/webhooks/{id}/rotate-secret`

use auth::flow;
use axum::Json;
use secrecy::ExposeSecret;
use serde::Serialize;
use utoipa::ToSchema;

use super::Asked;
use crate::problem::{Problem, Refused};

/// Another secret. No `Debug`: it holds the secret.
#[derive(Serialize, ToSchema)]
pub struct RotatedSecret {
    /// What signatures are verified with from now on. It is never shown again.
    #[schema(example = "whsec_…")]
    secret: String,
    /// Until when the secret of before signs as well, in milliseconds since 1970.
    old_secret_until: i64,
}

/// Gives a webhook of an organization another secret. The one of before signs as well for 24 hours.
#[utoipa::path(post, path = "/organizations/{organization}/webhooks/{id}/rotate-secret", tag = "webhook", params(
    ("organization" = String, Path, description = "The organization."),
    ("id" = String, Path, description = "The webhook."),
), responses(
    (status = 200, description = "The secret, this once.", body = RotatedSecret),
    (status = 400, description = "`malformed_request`: an id is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required`: call `/reauthenticate`, then repeat this; `forbidden`: a member who may not; `second_factor_required`: the organization demands one", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such webhook there, or no member of it", body = Problem, content_type = "application/problem+json"),
))]
pub async fn rotate_webhook_secret(asked: Asked) -> Result<Json<RotatedSecret>, Refused> {
    rotate(asked).await
}

/// Gives a webhook of the platform another secret. The one of before signs as well for 24 hours.
#[utoipa::path(post, path = "/admin/webhooks/{id}/rotate-secret", tag = "admin", params(
    ("id" = String, Path, description = "The webhook."),
), responses(
    (status = 200, description = "The secret, this once.", body = RotatedSecret),
    (status = 400, description = "`malformed_request`: an id is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required`: call `/reauthenticate`, then repeat this", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such webhook, or not an administrator who may", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_rotate_webhook_secret(asked: Asked) -> Result<Json<RotatedSecret>, Refused> {
    rotate(asked).await
}

async fn rotate(asked: Asked) -> Result<Json<RotatedSecret>, Refused> {
    let (auth, owner) = (&asked.auth, &asked.owner);
    let rotated = flow::rotate_webhook_secret(auth, &asked.caller, owner, &asked.webhook, &asked.context).await;
    let rotated = rotated.map_err(|error| asked.refused(&error))?;
    let (secret, until) = (rotated.secret.expose_secret().to_owned(), rotated.old_secret_until.0);
    Ok(Json(RotatedSecret { secret, old_secret_until: until }))
}
