//! `GET /api/v1/organizations`

use auth::session::Caller;
use auth::view::OrganizationView;
use auth::{Auth, Context, Cursor, ErrorCode, Page, flow};
use axum::Json;
use axum::extract::{Extension, State};
use serde::Deserialize;
use utoipa::ToSchema;

use super::OrganizationShape;
use crate::api::query::QueryOf;
use crate::problem::{Problem, Refused};

/// Where the list goes on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    after: Option<Cursor>,
}

/// One page of organizations, the one that the caller joined last first.
#[derive(ToSchema)]
#[schema(as = OrganizationPage)]
#[expect(dead_code, reason = "the shape of `auth::Page` for the document")]
struct OrganizationPageShape {
    /// At most 50 organizations.
    items: Vec<OrganizationShape>,
    /// Send it back as `after` for the next page; null on the last.
    next: Option<String>,
}

/// The organizations that the caller is in, a page at a time.
#[utoipa::path(get, path = "/organizations", tag = "organization", params(
    ("after" = Option<String>, Query, description = "`next` of the page before"),
), responses(
    (status = 200, description = "One page.", body = OrganizationPageShape),
    (status = 400, description = "`malformed_request`: no list gave this `after`", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn list_organizations(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    QueryOf(wanted): QueryOf<Wanted>,
) -> Result<Json<Page<OrganizationView>>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let page = flow::list_organizations(&auth, &caller, wanted.after).await;
    page.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}
