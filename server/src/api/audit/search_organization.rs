//! `GET /api/v1/organizations/{organization}/audit`

use auth::form::AuditForm;
use auth::id::OrganizationId;
use auth::session::Caller;
use auth::view::AuditItem;
use auth::{Auth, Context, ErrorCode, Page, flow};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};

use super::{AuditPageShape, filter_of, query_of_organization};
use crate::api::path_id::one_id;
use crate::api::query::QueryOf;
use crate::problem::{Problem, Refused};

/// What was done within an organization, newest first, a page at a time. Nothing that its people do elsewhere.
#[utoipa::path(get, path = "/organizations/{organization}/audit", tag = "organization", params(
    ("organization" = String, Path, description = "The id of the organization."),
    ("kind" = Option<String>, Query, description = "A kind, or the beginning of kinds such as `role`"),
    ("person" = Option<String>, Query, description = "An account that did it, or that it was done to or with: its id or address"),
    ("outcome" = Option<String>, Query, description = "`done` or `refused`"),
    ("from" = Option<String>, Query, description = "The first day in UTC, such as `2027-01-15`"),
    ("to" = Option<String>, Query, description = "The last day in UTC"),
    ("after" = Option<String>, Query, description = "`next` of the page before"),
), responses(
    (status = 200, description = "One page.", body = AuditPageShape),
    (status = 400, description = "`malformed_request`: an id that is none, or no list gave this `after`", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`: a member who may not; `second_factor_required` and `reauthentication_required`: the organization demands a second factor", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not in such an organization", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`: a day or an outcome that there is not", body = Problem, content_type = "application/problem+json"),
))]
pub async fn search_organization_audit(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    id: Result<Path<String>, PathRejection>,
    query: Result<QueryOf<AuditForm>, Refused>,
) -> Result<Json<Page<AuditItem>>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let id = one_id(id, OrganizationId::parse, context.locale)?;
    let form = query_of_organization(&auth, &caller, &id, query, &context).await?;
    let (filter, after) = filter_of(form, context.locale)?;
    let page = flow::search_organization_audit(&auth, &caller, &id, &filter, after, &context).await;
    page.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}
