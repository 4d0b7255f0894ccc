//! `PATCH …/webhooks/{id}`

use auth::flow::{self, WebhookRight};
use auth::form::WebhookChangeForm;
use auth::view::WebhookItem;
use axum::Json;
use utoipa::ToSchema;

use super::Asked;
use super::shape::WebhookShape;
use crate::api::body::JsonBody;
use crate::problem::{Problem, Refused};

/// What of a webhook is to change. What is missing stays.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::WebhookChangeForm` for the document")]
struct ChangeWebhook {
    /// Where it is called.
    #[schema(example = "https://hooks.example.com/keywright", required = false)]
    url: Option<String>,
    /// The kinds of events.
    #[schema(example = json!(["*"]), required = false)]
    kinds: Option<Vec<String>>,
    /// Whether it is told anything.
    #[schema(example = true, required = false)]
    enabled: Option<bool>,
}

/// Changes a webhook of an organization. One that is switched off gives up what waits.
#[utoipa::path(patch, path = "/organizations/{organization}/webhooks/{id}", request_body = ChangeWebhook, tag = "webhook", params(
    ("organization" = String, Path, description = "The organization."),
    ("id" = String, Path, description = "The webhook."),
), responses(
    (status = 200, description = "The webhook as it is now.", body = WebhookShape),
    (status = 400, description = "`malformed_request`: an id is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required` for another address: call `/reauthenticate`, then repeat this; `forbidden`: a member who may not; `second_factor_required`: the organization demands one", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such webhook there, or no member of it", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`: `invalid_url`, `private_address`, `host_not_allowed`, or no such kind", body = Problem, content_type = "application/problem+json"),
))]
pub async fn change_webhook(
    asked: Asked,
    body: Result<JsonBody<WebhookChangeForm>, Refused>,
) -> Result<Json<WebhookItem>, Refused> {
    change(asked, body).await
}

/// Changes a webhook of the platform. One that is switched off gives up what waits.
#[utoipa::path(patch, path = "/admin/webhooks/{id}", request_body = ChangeWebhook, tag = "admin", params(
    ("id" = String, Path, description = "The webhook."),
), responses(
    (status = 200, description = "The webhook as it is now.", body = WebhookShape),
    (status = 400, description = "`malformed_request`: an id is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required` for another address: call `/reauthenticate`, then repeat this", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such webhook, or not an administrator who may", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`: `invalid_url`, `private_address`, `host_not_allowed`, or no such kind", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_change_webhook(
    asked: Asked,
    body: Result<JsonBody<WebhookChangeForm>, Refused>,
) -> Result<Json<WebhookItem>, Refused> {
    change(asked, body).await
}

async fn change(
    asked: Asked,
    body: Result<JsonBody<WebhookChangeForm>, Refused>,
) -> Result<Json<WebhookItem>, Refused> {
    asked.permit(WebhookRight::Manage).await?;
    let JsonBody(form) = body?;
    let (auth, owner) = (&asked.auth, &asked.owner);
    let item = flow::change_webhook(auth, &asked.caller, owner, &asked.webhook, &form, &asked.context).await;
    item.map(Json).map_err(|error| asked.refused(&error))
}
