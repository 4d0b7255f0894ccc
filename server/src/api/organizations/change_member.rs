//! `PATCH /api/v1/organizations/{organization}/members/{user}`

use auth::form::MemberForm;
use auth::id::{OrganizationId, UserId};
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use utoipa::ToSchema;

use crate::api::body::JsonBody;
use crate::api::path_id::two_ids;
use crate::problem::{Problem, Refused};

/// What a member is from now on; what is not there stays.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::MemberForm` for the document")]
struct ChangeMember {
    /// `owner`, `admin`, `member` or `viewer`, else the id of a role that the organization made.
    #[schema(example = "admin", required = false)]
    role: Option<String>,
    /// Where in it, 1 to 60 characters; empty: nowhere.
    #[schema(example = "Sales", required = false)]
    department: Option<String>,
}

/// Changes the role and the department of a member, at once. Nobody gives or takes more than they may themselves. To
/// make somebody an owner, or an owner something else, asks for a fresh proof. `members:update`.
#[utoipa::path(patch, path = "/organizations/{organization}/members/{user}", request_body = ChangeMember, tag = "organization", params(
    ("organization" = String, Path, description = "The id of the organization."),
    ("user" = String, Path, description = "The id of the member's account."),
), responses(
    (status = 204, description = "It is so."),
    (status = 400, description = "`malformed_request`: an id that is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`: a member who may not; `reauthentication_required`: call `/reauthenticate`, then repeat this; `second_factor_required`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not in such an organization, or no such member", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`last_owner`: another owner comes first", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn change_member(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    ids: Result<Path<(String, String)>, PathRejection>,
    body: Result<JsonBody<MemberForm>, Refused>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let (id, user) = two_ids(ids, (OrganizationId::parse, UserId::parse), context.locale)?;
    let JsonBody(form) = body?;
    let change = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let done = flow::change_member(&auth, &caller, (&id, &user), change, &context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
