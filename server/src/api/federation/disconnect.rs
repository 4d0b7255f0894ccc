//! `DELETE /api/v1/connections/{id}`

use auth::id::ConnectionId;
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;

use crate::problem::{Problem, Refused};

/// Disconnects the account of a provider: nobody signs in with it from now on. The person is told by mail.
#[utoipa::path(delete, path = "/connections/{id}", tag = "provider", params(
    ("id" = String, Path, description = "The id of the connection in the list."),
), responses(
    (status = 204, description = "It is disconnected."),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required`: call `/reauthenticate`, then repeat this; `insufficient_scope`: for no personal access token", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no connection of this account", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`last_way_in`: the account has no password, no passkey and no other connection", body = Problem, content_type = "application/problem+json"),
))]
pub async fn disconnect(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    id: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    // What cannot be read as text names no connection.
    let Path(id) = id.map_err(|_| Refused::new(ErrorCode::NotFound, context.locale))?;
    let done = flow::disconnect(&auth, &caller, &ConnectionId(id), &context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
