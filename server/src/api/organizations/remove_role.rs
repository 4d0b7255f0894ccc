//! `DELETE /api/v1/organizations/{organization}/roles/{role}`

use auth::id::{OrganizationId, OrganizationRoleId};
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;

use crate::api::path_id::two_ids;
use crate::problem::{Problem, Refused};

/// Removes a role that the organization made, nobody has, and no open invitation gives. `roles:manage`.
#[utoipa::path(delete, path = "/organizations/{organization}/roles/{role}", tag = "organization", params(
    ("organization" = String, Path, description = "The id of the organization."),
    ("role" = String, Path, description = "The id of a role that the organization made."),
), responses(
    (status = 204, description = "The role is gone."),
    (status = 400, description = "`malformed_request`: an id that is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`: a member who may not; `second_factor_required` and `reauthentication_required`: the organization demands a second factor", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not in such an organization, or no such role", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`wrong_state`: a member has it, or an open invitation gives it", body = Problem, content_type = "application/problem+json"),
))]
pub async fn remove_role(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    ids: Result<Path<(String, String)>, PathRejection>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let (id, role) = two_ids(ids, (OrganizationId::parse, OrganizationRoleId::parse), context.locale)?;
    let done = flow::remove_role(&auth, &caller, (&id, &role), &context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
