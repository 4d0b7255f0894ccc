//! `DELETE /api/v1/admin/users/{id}/sessions`

use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, Permission, flow};
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;

use super::Asking;
use crate::problem::{Problem, Refused};

/// Ends every session of an account, on every node within a second.
#[utoipa::path(delete, path = "/admin/users/{id}/sessions", tag = "admin", params(
    ("id" = String, Path, description = "The account."),
), responses(
    (status = 204, description = "Nobody is signed in to it."),
    (status = 400, description = "`malformed_request`: no id", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`: your own account, or one that may do what you may not", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such account, or not an administrator", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_end_sessions(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    id: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let asking = Asking { auth: &auth, caller: &caller, locale: context.locale };
    let id = asking.user(Permission::EndSessions, id).await?;
    let done = flow::admin_end_sessions(&auth, &caller, &id, &context).await;
    done.map(|_| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
