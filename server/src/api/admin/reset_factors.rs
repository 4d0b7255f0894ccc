//! `DELETE /api/v1/admin/users/{id}/factors`

use auth::id::UserId;
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;

use crate::problem::{Problem, Refused};

/// Removes every second factor of somebody who lost all of theirs, with recovery codes and trusted devices. The person
/// is told by mail at once. An account without a factor is left as it is.
#[utoipa::path(delete, path = "/admin/users/{id}/factors", tag = "admin", params(
    ("id" = String, Path, description = "The account."),
), responses(
    (status = 204, description = "The account has no second factor."),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required`: call `/reauthenticate`, then repeat this", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such account, or not an administrator", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`last_factor`: it is your own account", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_reset_factors(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    id: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    // What cannot be read as text names no account.
    let Path(id) = id.map_err(|_| Refused::new(ErrorCode::NotFound, context.locale))?;
    let done = flow::admin_reset_factors(&auth, &caller, &UserId(id), &context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
