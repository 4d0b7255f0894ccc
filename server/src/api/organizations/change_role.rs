//! `PATCH /api/v1/organizations/{organization}/roles/{role}`

use auth::form::RoleChangeForm;
use auth::id::{OrganizationId, OrganizationRoleId};
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use utoipa::ToSchema;

use crate::api::body::JsonBody;
use crate::api::path_id::two_ids;
use crate::problem::{Problem, Refused};

/// What a role is from now on; what is not there stays.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::RoleChangeForm` for the document")]
struct ChangeRole {
    /// What it is called, 1 to 40 characters.
    #[schema(example = "Editor", required = false)]
    name: Option<String>,
    /// What it allows: all of it.
    #[schema(example = json!(["documents:read", "documents:update"]), required = false)]
    permissions: Option<Vec<String>>,
}

/// Changes a role that the organization made, at once for everybody who has it. It allowed and will allow no more than
/// the caller may. `roles:manage`.
#[utoipa::path(patch, path = "/organizations/{organization}/roles/{role}", request_body = ChangeRole, tag = "organization", params(
    ("organization" = String, Path, description = "The id of the organization."),
    ("role" = String, Path, description = "The id of a role that the organization made."),
), responses(
    (status = 204, description = "It is so."),
    (status = 400, description = "`malformed_request`: an id that is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`: a member who may not; `second_factor_required` and `reauthentication_required`: the organization demands a second factor", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not in such an organization, or no such role", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`; `taken` of `name`: another one is called so", body = Problem, content_type = "application/problem+json"),
))]
pub async fn change_role(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    ids: Result<Path<(String, String)>, PathRejection>,
    body: Result<JsonBody<RoleChangeForm>, Refused>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let (id, role) = two_ids(ids, (OrganizationId::parse, OrganizationRoleId::parse), context.locale)?;
    let JsonBody(form) = body?;
    let change = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let done = flow::change_role(&auth, &caller, (&id, &role), &change, &context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
