//! `POST /api/v1/admin/users/{id}/unsuspend`

use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, Permission, flow};
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;

use super::Asking;
use crate::problem::{Problem, Refused};

/// Takes a suspension back: the person may sign in again, and is told by mail.
#[utoipa::path(post, path = "/admin/users/{id}/unsuspend", tag = "admin", params(
    ("id" = String, Path, description = "The account."),
), responses(
    (status = 204, description = "The account is open."),
    (status = 400, description = "`malformed_request`: no id", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`: your own account, or one that may do what you may not", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such account, or not an administrator", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`wrong_state`: it is not suspended", body = Problem, content_type = "application/problem+json"),
))]
pub async fn unsuspend_user(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    id: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let asking = Asking { auth: &auth, caller: &caller, locale: context.locale };
    let id = asking.user(Permission::SuspendUsers, id).await?;
    let done = flow::unsuspend_user(&auth, &caller, &id, &context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
