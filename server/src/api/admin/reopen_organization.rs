//! `POST /api/v1/admin/organizations/{id}/reopen`

use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;

use crate::problem::{Problem, Refused};

/// Opens a closed organization again. Its owners are told by mail.
#[utoipa::path(post, path = "/admin/organizations/{id}/reopen", tag = "admin", params(
    ("id" = String, Path, description = "The organization."),
), responses(
    (status = 204, description = "It is open."),
    (status = 400, description = "`malformed_request`: no id", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required`: call `/reauthenticate`, then repeat this", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such organization, or not permitted", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`wrong_state`: it is open", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_reopen_organization(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    id: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let done = flow::reopen_organization(&auth, &caller, &super::id_text(id), &context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
