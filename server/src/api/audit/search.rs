//! `GET /api/v1/admin/audit`

use auth::form::AuditForm;
use auth::session::Caller;
use auth::view::AuditItem;
use auth::{Auth, Context, ErrorCode, Page, flow};
use axum::Json;
use axum::extract::{Extension, State};

use super::{AuditPageShape, filter_of, query_of_platform};
use crate::api::query::QueryOf;
use crate::problem::{Problem, Refused};

/// Every line of the audit log that fits, newest first, a page at a time.
#[utoipa::path(get, path = "/admin/audit", tag = "admin", params(
    ("kind" = Option<String>, Query, description = "A kind, or the beginning of kinds such as `session`"),
    ("person" = Option<String>, Query, description = "An account that did it, or that it was done to or with: its id or address"),
    ("organization" = Option<String>, Query, description = "The id or the slug of an organization"),
    ("outcome" = Option<String>, Query, description = "`done` or `refused`"),
    ("address" = Option<String>, Query, description = "The address of a client"),
    ("request_id" = Option<String>, Query, description = "The id of a request"),
    ("from" = Option<String>, Query, description = "The first day in UTC, such as `2027-01-15`"),
    ("to" = Option<String>, Query, description = "The last day in UTC"),
    ("after" = Option<String>, Query, description = "`next` of the page before"),
), responses(
    (status = 200, description = "One page.", body = AuditPageShape),
    (status = 400, description = "`malformed_request`: no list gave this `after`", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not an administrator who may see it", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`: a day or an outcome that there is not", body = Problem, content_type = "application/problem+json"),
))]
pub async fn search_audit(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    query: Result<QueryOf<AuditForm>, Refused>,
) -> Result<Json<Page<AuditItem>>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let form = query_of_platform(&auth, &caller, query, context.locale).await?;
    let (filter, after) = filter_of(form, context.locale)?;
    let page = flow::search_audit(&auth, &caller, &filter, after).await;
    page.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}
