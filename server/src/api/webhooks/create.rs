//! `POST …/webhooks`

use auth::flow::{self, CreatedWebhook, WebhookRight};
use auth::form::NewWebhookForm;
use auth::view::WebhookItem;
use axum::Json;
use axum::http::StatusCode;
use secrecy::ExposeSecret;
use serde::Serialize;
use utoipa::ToSchema;

use super::Asked;
use super::shape::WebhookShape;
use crate::api::body::JsonBody;
use crate::problem::{Problem, Refused};

/// A webhook that is wanted.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::NewWebhookForm` for the document")]
struct CreateWebhook {
    /// Where it is called: https, no private address, no user and no fragment, at most 500 characters.
    #[schema(example = "https://hooks.example.com/keywright")]
    url: String,
    /// The kinds of events: by name, `user.*` for all that begin so, or `*` for everything.
    #[schema(example = json!(["user.created", "organization.*"]))]
    kinds: Vec<String>,
}

/// A webhook that was made. No `Debug`: it holds the secret.
#[derive(Serialize)]
pub struct MadeWebhook {
    secret: String,
    #[serde(flatten)]
    item: WebhookItem,
}

/// A webhook that was made.
#[derive(ToSchema)]
#[schema(as = MadeWebhook)]
#[expect(dead_code, reason = "the shape of `MadeWebhook` for the document")]
struct MadeWebhookShape {
    /// What signatures are verified with. It is never shown again.
    #[schema(example = "whsec_…")]
    secret: String,
    /// The webhook.
    #[serde(flatten)]
    item: WebhookShape,
}

/// Makes a webhook of an organization. It is told of what happens there from now on.
#[utoipa::path(post, path = "/organizations/{organization}/webhooks", request_body = CreateWebhook, tag = "webhook", params(
    ("organization" = String, Path, description = "The organization."),
), responses(
    (status = 201, description = "The webhook, with its secret this once.", body = MadeWebhookShape),
    (status = 400, description = "`malformed_request`: an id is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required`: call `/reauthenticate`, then repeat this; `forbidden`: a member who may not; `second_factor_required`: the organization demands one", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no member of it", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`too_many`: there are 20", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`: `invalid_url`, `private_address`, `host_not_allowed`, or no such kind", body = Problem, content_type = "application/problem+json"),
))]
pub async fn create_webhook(
    asked: Asked,
    body: Result<JsonBody<NewWebhookForm>, Refused>,
) -> Result<(StatusCode, Json<MadeWebhook>), Refused> {
    create(asked, body).await
}

/// Makes a webhook of the platform. It is told of everything that happens from now on.
#[utoipa::path(post, path = "/admin/webhooks", request_body = CreateWebhook, tag = "admin", responses(
    (status = 201, description = "The webhook, with its secret this once.", body = MadeWebhookShape),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required`: call `/reauthenticate`, then repeat this", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not an administrator who may", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`too_many`: there are 20", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`: `invalid_url`, `private_address`, `host_not_allowed`, or no such kind", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_create_webhook(
    asked: Asked,
    body: Result<JsonBody<NewWebhookForm>, Refused>,
) -> Result<(StatusCode, Json<MadeWebhook>), Refused> {
    create(asked, body).await
}

async fn create(
    asked: Asked,
    body: Result<JsonBody<NewWebhookForm>, Refused>,
) -> Result<(StatusCode, Json<MadeWebhook>), Refused> {
    asked.permit(WebhookRight::Manage).await?;
    let JsonBody(form) = body?;
    let made = flow::create_webhook(&asked.auth, &asked.caller, &asked.owner, &form, &asked.context).await;
    made.map(|made| (StatusCode::CREATED, Json(made.into()))).map_err(|error| asked.refused(&error))
}

impl From<CreatedWebhook> for MadeWebhook {
    fn from(made: CreatedWebhook) -> Self {
        Self { secret: made.secret.expose_secret().to_owned(), item: made.item }
    }
}
