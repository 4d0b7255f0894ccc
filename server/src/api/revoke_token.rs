//! `DELETE /api/v1/tokens/{id}`

use auth::id::TokenId;
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;

use crate::problem::{Problem, Refused};

/// Revokes one personal access token of the account: its next request is refused, on every node. Revoking
/// it again changes nothing.
#[utoipa::path(delete, path = "/tokens/{id}", tag = "token", params(
    ("id" = String, Path, description = "The id of the token; not the secret."),
), responses(
    (status = 204, description = "The token is revoked."),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`insufficient_scope`: for no personal access token", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no token of this account", body = Problem, content_type = "application/problem+json"),
))]
pub async fn revoke_token(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    id: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    // What cannot be read as text names no token.
    let Path(id) = id.map_err(|_| Refused::new(ErrorCode::NotFound, context.locale))?;
    let done = flow::revoke_token(&auth, &caller, &TokenId(id), &context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
