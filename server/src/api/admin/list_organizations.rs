//! `GET /api/v1/admin/organizations`

use auth::session::Caller;
use auth::view::OrganizationItem;
use auth::{Auth, Context, Cursor, ErrorCode, Page, Permission, flow};
use axum::Json;
use axum::extract::{Extension, State};
use serde::Deserialize;
use utoipa::ToSchema;

use super::permitted_query;
use crate::api::query::QueryOf;
use crate::problem::{Problem, Refused};

/// What is sought, and where the list goes on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    #[serde(default)]
    q: String,
    after: Option<Cursor>,
}

/// One page of organizations, the newest first.
#[derive(ToSchema)]
#[schema(as = AdministeredOrganizationPage)]
#[expect(dead_code, reason = "the shape of `auth::Page` for the document")]
struct OrganizationPageShape {
    /// At most 50 organizations.
    items: Vec<OrganizationItemShape>,
    /// Send it back as `after` for the next page; null on the last.
    next: Option<String>,
}

/// An organization. Moments are milliseconds since 1970.
#[derive(ToSchema)]
#[schema(as = OrganizationItem)]
#[expect(dead_code, reason = "the shape of `auth::view::OrganizationItem` for the document")]
struct OrganizationItemShape {
    /// The organization.
    id: String,
    /// What it is called in addresses.
    #[schema(example = "acme")]
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
}

/// The organizations whose name or slug begins with `q`, or the one whose id it is, a page at a time.
#[utoipa::path(get, path = "/admin/organizations", tag = "admin", params(
    ("q" = Option<String>, Query, description = "The beginning of a name or slug, or an id; all without it"),
    ("after" = Option<String>, Query, description = "`next` of the page before"),
), responses(
    (status = 200, description = "One page.", body = OrganizationPageShape),
    (status = 400, description = "`malformed_request`: no list gave this `after`", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not permitted", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_list_organizations(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    query: Result<QueryOf<Wanted>, Refused>,
) -> Result<Json<Page<OrganizationItem>>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let wanted = permitted_query(&auth, &caller, Permission::ReadOrganizations, query, context.locale).await?;
    let page = flow::admin_list_organizations(&auth, &caller, &wanted.q, wanted.after).await;
    page.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}
