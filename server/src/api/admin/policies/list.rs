//! `GET /api/v1/admin/policies`

use auth::view::{PolicyVersionItem, PolicyVersions};
use auth::{Auth, Cursor, flow};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ReadPolicies;
use crate::api::query::QueryOf;
use crate::extract::Require;
use crate::problem::{Problem, Refused};

/// Where the list goes on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    after: Option<Cursor>,
}

/// One page of versions.
#[derive(Serialize)]
pub struct VersionPage {
    active: i64,
    items: Vec<PolicyVersionItem>,
    next: Option<Cursor>,
}

/// One page of versions, the newest first.
#[derive(ToSchema)]
#[schema(as = PolicyVersionPage)]
#[expect(dead_code, reason = "the shape of `VersionPage` for the document")]
struct VersionPageShape {
    /// The number of the version in force.
    active: i64,
    /// At most 50 versions.
    items: Vec<VersionShape>,
    /// Send it back as `after` for the next page; null on the last.
    next: Option<String>,
}

/// A version. Moments are milliseconds since 1970.
#[derive(ToSchema)]
#[schema(as = PolicyVersion)]
#[expect(dead_code, reason = "the shape of `auth::view::PolicyVersionItem` for the document")]
struct VersionShape {
    /// Its id.
    id: String,
    /// What addresses call it; 0 stands for the built-in policies alone.
    number: i64,
    /// What its author says of it.
    note: String,
    /// What its author is called; null when the account is gone.
    author: Option<String>,
    /// When it was saved.
    created_at: i64,
    /// When it was last activated; null when it never was.
    activated_at: Option<i64>,
    /// Whether it is in force.
    is_active: bool,
}

/// The versions of the policies, a page at a time.
#[utoipa::path(get, path = "/admin/policies", tag = "policies", params(
    ("after" = Option<String>, Query, description = "`next` of the page before"),
), responses(
    (status = 200, description = "One page.", body = VersionPageShape),
    (status = 400, description = "`malformed_request`: no list gave this `after`", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: without `policies:read`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_list_policies(
    State(auth): State<Auth>,
    reader: Require<ReadPolicies>,
    query: Result<QueryOf<Wanted>, Refused>,
) -> Result<Json<VersionPage>, Refused> {
    let QueryOf(wanted) = query?;
    let found = flow::list_policy_versions(&auth, &reader.caller, wanted.after).await;
    let PolicyVersions { active, page } = found.map_err(|error| Refused::from_error(&error, reader.context.locale))?;
    Ok(Json(VersionPage { active, items: page.items, next: page.next }))
}
