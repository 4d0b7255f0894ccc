//! `GET /api/v1/organizations/{organization}/invitations`

use auth::id::OrganizationId;
use auth::session::Caller;
use auth::view::InvitationItem;
use auth::{Auth, Context, Cursor, ErrorCode, Page, flow};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use serde::Deserialize;
use utoipa::ToSchema;

use super::InvitationShape;
use crate::api::path_id::one_id;
use crate::api::query::QueryOf;
use crate::problem::{Problem, Refused};

/// Where the list goes on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    after: Option<Cursor>,
}

/// One page of invitations, the newest first.
#[derive(ToSchema)]
#[schema(as = InvitationPage)]
#[expect(dead_code, reason = "the shape of `auth::Page` for the document")]
struct InvitationPageShape {
    /// At most 50 invitations.
    items: Vec<InvitationShape>,
    /// Send it back as `after` for the next page; null on the last.
    next: Option<String>,
}

/// The invitations that were neither accepted nor taken back, a page at a time. One stays among them until 90 days after
/// its end. `invitations:read`.
#[utoipa::path(get, path = "/organizations/{organization}/invitations", tag = "organization", params(
    ("organization" = String, Path, description = "The id of the organization."),
    ("after" = Option<String>, Query, description = "`next` of the page before"),
), responses(
    (status = 200, description = "One page.", body = InvitationPageShape),
    (status = 400, description = "`malformed_request`: an id that is none, or an `after` that no list gave", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`: a member who may not; `second_factor_required` and `reauthentication_required`: the organization demands a second factor", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not in such an organization", body = Problem, content_type = "application/problem+json"),
))]
pub async fn list_invitations(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    id: Result<Path<String>, PathRejection>,
    query: Result<QueryOf<Wanted>, Refused>,
) -> Result<Json<Page<InvitationItem>>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let id = one_id(id, OrganizationId::parse, context.locale)?;
    let QueryOf(wanted) = query?;
    let page = flow::list_invitations(&auth, &caller, &id, wanted.after, &context).await;
    page.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}
