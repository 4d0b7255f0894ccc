//! `DELETE /api/v1/passkeys/{id}`

use auth::id::PasskeyId;
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;

use crate::problem::{Problem, Refused};

/// Removes a passkey: nobody signs in with it from now on. The person is told by mail.
#[utoipa::path(delete, path = "/passkeys/{id}", tag = "passkey", params(
    ("id" = String, Path, description = "The id of the passkey in the list."),
), responses(
    (status = 204, description = "It is removed."),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required`: call `/reauthenticate`, then repeat this; `insufficient_scope`: for no personal access token", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no passkey of this account", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`last_factor`: the account has no password, and this is its last way in", body = Problem, content_type = "application/problem+json"),
))]
pub async fn remove_passkey(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    id: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    // What cannot be read as text names no passkey.
    let Path(id) = id.map_err(|_| Refused::new(ErrorCode::NotFound, context.locale))?;
    let done = flow::remove_passkey(&auth, &caller, &PasskeyId(id), &context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
