//! `DELETE /api/v1/organizations/{organization}/logo`

use auth::id::OrganizationId;
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;

use crate::api::path_id::one_id;
use crate::problem::{Problem, Refused};

/// Removes the logo of an organization; its path leads nowhere from then on. `organization:update`.
#[utoipa::path(delete, path = "/organizations/{organization}/logo", tag = "organization", params(
    ("organization" = String, Path, description = "The id of the organization."),
), responses(
    (status = 204, description = "There is no logo; also when there was none."),
    (status = 400, description = "`malformed_request`: an id that is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`: a member who may not; `second_factor_required` and `reauthentication_required`: the organization demands a second factor", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not in such an organization", body = Problem, content_type = "application/problem+json"),
))]
pub async fn remove_logo(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    id: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let id = one_id(id, OrganizationId::parse, context.locale)?;
    let done = flow::remove_logo(&auth, &caller, &id, &context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
