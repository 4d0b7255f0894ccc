//! `GET /api/v1/organizations/{organization}/members`

use auth::id::OrganizationId;
use auth::session::Caller;
use auth::view::MemberItem;
use auth::{Auth, Context, Cursor, ErrorCode, Page, flow};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::path_id::one_id;
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

/// One page of members, who joined last first.
#[derive(ToSchema)]
#[schema(as = MemberPage)]
#[expect(dead_code, reason = "the shape of `auth::Page` for the document")]
struct MemberPageShape {
    /// At most 50 members.
    items: Vec<MemberItemShape>,
    /// Send it back as `after` for the next page; null on the last.
    next: Option<String>,
}

/// A member.
#[derive(ToSchema)]
#[schema(as = MemberItem)]
#[expect(dead_code, reason = "the shape of `auth::view::MemberItem` for the document")]
struct MemberItemShape {
    /// The account.
    user_id: String,
    /// What the person wants to be called.
    name: String,
    /// The proved address.
    email: String,
    /// The path of the picture; null without one.
    avatar: Option<String>,
    /// `owner`, `admin`, `member` or `viewer`, else the id of a role that the organization made.
    #[schema(example = "member")]
    role: String,
    /// The name of a built-in role, else what the organization calls it.
    #[schema(example = "member")]
    role_name: String,
    /// Where in it; null: nowhere.
    department: Option<String>,
    /// Since when, in milliseconds since 1970.
    joined_at: i64,
}

/// The members whose name or address begins with `q`, a page at a time. `members:read`.
#[utoipa::path(get, path = "/organizations/{organization}/members", tag = "organization", params(
    ("organization" = String, Path, description = "The id of the organization."),
    ("q" = Option<String>, Query, description = "The beginning of a name or an address; everybody without it"),
    ("after" = Option<String>, Query, description = "`next` of the page before"),
), responses(
    (status = 200, description = "One page.", body = MemberPageShape),
    (status = 400, description = "`malformed_request`: an id that is none, or an `after` that no list gave", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`: a member who may not; `second_factor_required` and `reauthentication_required`: the organization demands a second factor", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not in such an organization", body = Problem, content_type = "application/problem+json"),
))]
pub async fn list_members(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    id: Result<Path<String>, PathRejection>,
    query: Result<QueryOf<Wanted>, Refused>,
) -> Result<Json<Page<MemberItem>>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let id = one_id(id, OrganizationId::parse, context.locale)?;
    let QueryOf(Wanted { q, after }) = query?;
    let page = flow::list_members(&auth, &caller, &id, (q.as_str(), after), &context).await;
    page.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}
