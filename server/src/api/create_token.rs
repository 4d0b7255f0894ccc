//! `POST /api/v1/tokens`

use auth::flow::CreatedToken;
use auth::form::TokenForm;
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use secrecy::ExposeSecret;
use serde::Serialize;
use utoipa::ToSchema;

use super::body::JsonBody;
use crate::problem::{Problem, Refused};

/// A personal access token that is wanted.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::TokenForm` for the document")]
struct CreateToken {
    /// What its owner calls it, 1 to 80 characters.
    #[schema(example = "Nightly report")]
    name: String,
    /// What it allows: `profile:read`, `profile:write`, `sessions:read`, `sessions:write`, `activity:read`,
    /// `documents:read`, `documents:write`.
    scopes: Vec<String>,
    /// Days until it ends, 1 to 365; null: never; 30 when it is missing.
    #[schema(example = 30, required = false)]
    expires_in_days: Option<i64>,
}

/// A personal access token that was made. Moments are milliseconds since 1970. No `Debug`: it holds the secret.
#[derive(Serialize, ToSchema)]
pub struct MadeToken {
    /// Its id; not the secret.
    id: String,
    /// The secret, to be sent as `Authorization: Bearer …`. It is never shown again.
    #[schema(example = "kw_pat_…")]
    token: String,
    /// What its owner calls it.
    name: String,
    /// What it allows.
    scopes: Vec<String>,
    /// When it was made.
    created_at: i64,
    /// When it ends; null: never.
    expires_at: Option<i64>,
}

/// Makes a personal access token, by which a program acts for the person within its scopes. The person is
/// told by mail.
#[utoipa::path(post, path = "/tokens", request_body = CreateToken, tag = "token", responses(
    (status = 201, description = "The token, this once.", body = MadeToken),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required`: call `/reauthenticate`, then repeat this; `insufficient_scope`: for no personal access token", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`too_many_tokens`: 50 that work, or 200 made in a day", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn create_token(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    body: Result<JsonBody<TokenForm>, Refused>,
) -> Result<(StatusCode, Json<MadeToken>), Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let JsonBody(form) = body?;
    let wanted = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let made = flow::create_token(&auth, &caller, wanted, &context).await;
    made.map(|made| (StatusCode::CREATED, Json(made.into())))
        .map_err(|error| Refused::from_error(&error, context.locale))
}

impl From<CreatedToken> for MadeToken {
    fn from(made: CreatedToken) -> Self {
        Self {
            id: made.item.id.0,
            token: made.secret.expose_secret().to_owned(),
            name: made.item.name.into(),
            scopes: made.item.scopes.all().iter().map(|scope| scope.as_str().to_owned()).collect(),
            created_at: made.item.created_at.0,
            expires_at: made.item.expires_at.map(|at| at.0),
        }
    }
}
