//! `DELETE /api/v1/organizations/{organization}/members/{user}`

use auth::id::{OrganizationId, UserId};
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;

use crate::api::path_id::two_ids;
use crate::problem::{Problem, Refused};

/// Takes a member out of an organization, at once: nobody who may more than the caller. To take an owner out asks for a
/// fresh proof. `members:remove`.
#[utoipa::path(delete, path = "/organizations/{organization}/members/{user}", tag = "organization", params(
    ("organization" = String, Path, description = "The id of the organization."),
    ("user" = String, Path, description = "The id of the member's account."),
), responses(
    (status = 204, description = "They are not in it any more."),
    (status = 400, description = "`malformed_request`: an id that is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`: a member who may not; `reauthentication_required`: call `/reauthenticate`, then repeat this; `second_factor_required`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not in such an organization, or no such member", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`last_owner`: another owner comes first", body = Problem, content_type = "application/problem+json"),
))]
pub async fn remove_member(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    ids: Result<Path<(String, String)>, PathRejection>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let (id, user) = two_ids(ids, (OrganizationId::parse, UserId::parse), context.locale)?;
    let done = flow::remove_member(&auth, &caller, (&id, &user), &context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
