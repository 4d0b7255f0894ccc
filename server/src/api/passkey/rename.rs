//! `PATCH /api/v1/passkeys/{id}`

use auth::form::PasskeyNameForm;
use auth::id::PasskeyId;
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use utoipa::ToSchema;

use crate::api::body::JsonBody;
use crate::problem::{Problem, Refused};

/// Another name for a passkey.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::PasskeyNameForm` for the document")]
struct RenamePasskey {
    /// What its owner calls it, 1 to 80 characters.
    #[schema(example = "My phone")]
    name: String,
}

/// Calls a passkey something else.
#[utoipa::path(patch, path = "/passkeys/{id}", request_body = RenamePasskey, tag = "passkey", params(
    ("id" = String, Path, description = "The id of the passkey in the list."),
), responses(
    (status = 204, description = "It is called so now."),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`insufficient_scope`: for no personal access token", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no passkey of this account", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn rename_passkey(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    id: Result<Path<String>, PathRejection>,
    body: Result<JsonBody<PasskeyNameForm>, Refused>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    // What cannot be read as text names no passkey.
    let Path(id) = id.map_err(|_| Refused::new(ErrorCode::NotFound, context.locale))?;
    let JsonBody(form) = body?;
    let name = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let done = flow::rename_passkey(&auth, &caller, &PasskeyId(id), &name, &context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
