//! `DELETE /api/v1/admin/sessions/{id}`

use auth::id::SessionId;
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;

use crate::problem::{Problem, Refused};

/// Ends a session of anybody, on every node within a second. Ending it again changes nothing.
#[utoipa::path(delete, path = "/admin/sessions/{id}", tag = "admin", params(
    ("id" = String, Path, description = "The session."),
), responses(
    (status = 204, description = "The session is over."),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such session, or not an administrator", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_end_session(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    id: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    // What cannot be read as text names no session.
    let Path(id) = id.map_err(|_| Refused::new(ErrorCode::NotFound, context.locale))?;
    let done = flow::admin_end_session(&auth, &caller, &SessionId(id), &context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
