//! `GET /api/v1/organizations/{organization}/roles`

use auth::id::OrganizationId;
use auth::session::Caller;
use auth::view::RoleItem;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::path_id::one_id;
use crate::problem::{Problem, Refused};

/// Every role of an organization.
#[derive(Serialize, ToSchema)]
pub struct RoleList {
    /// The four that each has, then those that it made; 54 at most.
    #[schema(value_type = Vec<RoleItemShape>)]
    items: Vec<RoleItem>,
}

/// A role.
#[derive(ToSchema)]
#[schema(as = RoleItem)]
#[expect(dead_code, reason = "the shape of `auth::view::RoleItem` for the document")]
struct RoleItemShape {
    /// `owner`, `admin`, `member` or `viewer`, else the id of a role that the organization made.
    #[schema(example = "member")]
    id: String,
    /// The name of a built-in role, else what the organization calls it.
    #[schema(example = "member")]
    name: String,
    /// What it allows, as `resource:action`.
    #[schema(example = json!(["organization:read", "documents:read"]))]
    permissions: Vec<String>,
    /// Whether every organization has it.
    is_built_in: bool,
    /// How many members have it.
    members: i64,
}

/// The roles of an organization, and what they allow. `roles:read`.
#[utoipa::path(get, path = "/organizations/{organization}/roles", tag = "organization", params(
    ("organization" = String, Path, description = "The id of the organization."),
), responses(
    (status = 200, description = "All of them.", body = RoleList),
    (status = 400, description = "`malformed_request`: an id that is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`: a member who may not; `second_factor_required` and `reauthentication_required`: the organization demands a second factor", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not in such an organization", body = Problem, content_type = "application/problem+json"),
))]
pub async fn list_roles(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<RoleList>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let id = one_id(id, OrganizationId::parse, context.locale)?;
    let roles = flow::list_roles(&auth, &caller, &id, &context).await;
    roles.map(|items| Json(RoleList { items })).map_err(|error| Refused::from_error(&error, context.locale))
}
