//! `GET /api/v1/admin/organizations/{id}/members`

use auth::session::Caller;
use auth::view::OrganizationMember;
use auth::{Auth, Context, Cursor, ErrorCode, Page, Permission, flow};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use serde::Deserialize;
use utoipa::ToSchema;

use super::permitted_query;
use crate::api::query::QueryOf;
use crate::problem::{Problem, Refused};

/// Where the list goes on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    after: Option<Cursor>,
}

/// One page of members; who joined last first.
#[derive(ToSchema)]
#[schema(as = AdministeredMemberPage)]
#[expect(dead_code, reason = "the shape of `auth::Page` for the document")]
struct MemberPageShape {
    /// At most 50 members.
    items: Vec<MemberShape>,
    /// Send it back as `after` for the next page; null on the last.
    next: Option<String>,
}

/// A member.
#[derive(ToSchema)]
#[schema(as = AdministeredMember)]
#[expect(dead_code, reason = "the shape of `auth::view::OrganizationMember` for the document")]
struct MemberShape {
    /// The account.
    user_id: String,
    /// The proved address.
    email: String,
    /// What the person wants to be called.
    name: String,
    /// `owner`, `admin`, `member`, `viewer`, or what the organization calls it.
    #[schema(example = "owner")]
    role: String,
    /// When they joined, in milliseconds since 1970.
    joined_at: i64,
}

/// The members of an organization, a page at a time.
#[utoipa::path(get, path = "/admin/organizations/{id}/members", tag = "admin", params(
    ("id" = String, Path, description = "The organization."),
    ("after" = Option<String>, Query, description = "`next` of the page before"),
), responses(
    (status = 200, description = "One page.", body = MemberPageShape),
    (status = 400, description = "`malformed_request`: no id, or no list gave this `after`", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such organization, or not permitted", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_list_organization_members(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    id: Result<Path<String>, PathRejection>,
    query: Result<QueryOf<Wanted>, Refused>,
) -> Result<Json<Page<OrganizationMember>>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let wanted = permitted_query(&auth, &caller, Permission::ReadOrganizations, query, context.locale).await?;
    let page = flow::admin_list_organization_members(&auth, &caller, &super::id_text(id), wanted.after).await;
    page.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}
