//! `GET /api/v1/admin/organizations/{id}`

use auth::session::Caller;
use auth::view::OrganizationDetail;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use utoipa::ToSchema;

use crate::problem::{Problem, Refused};

/// An organization with its roles. Moments are milliseconds since 1970.
#[derive(ToSchema)]
#[schema(as = OrganizationDetail)]
#[expect(dead_code, reason = "the shape of `auth::view::OrganizationDetail` for the document")]
struct OrganizationDetailShape {
    /// The organization.
    id: String,
    /// What it is called in addresses.
    slug: String,
    /// What it is called.
    name: String,
    /// When it was made.
    created_at: i64,
    /// Its members; 1000 stands for 1000 or more.
    members: i64,
    /// When it goes, once its owners asked for that.
    delete_at: Option<i64>,
    /// When an administrator closed it; null while it is open.
    closed_at: Option<i64>,
    /// Why.
    closed_reason: Option<String>,
    /// The roles that somebody has in it.
    roles: Vec<RoleMembersShape>,
    /// Mail domains that it proved to be its own.
    domains: u32,
}

/// A role and how many have it.
#[derive(ToSchema)]
#[schema(as = RoleMembers)]
#[expect(dead_code, reason = "the shape of `auth::view::RoleMembers` for the document")]
struct RoleMembersShape {
    /// `owner`, `admin`, `member`, `viewer`, or what the organization calls it.
    #[schema(example = "owner")]
    role: String,
    /// How many have it.
    members: i64,
}

/// One organization.
#[utoipa::path(get, path = "/admin/organizations/{id}", tag = "admin", params(
    ("id" = String, Path, description = "The organization."),
), responses(
    (status = 200, description = "The organization.", body = OrganizationDetailShape),
    (status = 400, description = "`malformed_request`: no id", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such organization, or not permitted", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_show_organization(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<OrganizationDetail>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let organization = flow::admin_show_organization(&auth, &caller, &super::id_text(id)).await;
    organization.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}
