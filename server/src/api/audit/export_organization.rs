//! `GET /api/v1/organizations/{organization}/audit/export`

use auth::id::OrganizationId;
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::response::Response;

use super::{ExportQuery, query_of_organization};
use crate::api::path_id::one_id;
use crate::api::query::QueryOf;
use crate::audit_file;
use crate::problem::{Problem, Refused};

/// What was done within an organization, newest first, at most 1,000,000 lines, as CSV (RFC 4180) or as one JSON object a
/// line. A cell that a spreadsheet would take for a formula begins with `'`. Whoever calls this leaves a line.
#[utoipa::path(get, path = "/organizations/{organization}/audit/export", tag = "organization", params(
    ("organization" = String, Path, description = "The id of the organization."),
    ("format" = String, Query, description = "`csv` or `jsonl`"),
    ("kind" = Option<String>, Query, description = "A kind, or the beginning of kinds such as `role`"),
    ("person" = Option<String>, Query, description = "An account that did it, or that it was done to or with: its id or address"),
    ("outcome" = Option<String>, Query, description = "`done` or `refused`"),
    ("from" = Option<String>, Query, description = "The first day in UTC, such as `2027-01-15`"),
    ("to" = Option<String>, Query, description = "The last day in UTC"),
), responses(
    (status = 200, description = "The lines.", body = String, content_type = "text/csv"),
    (status = 400, description = "`malformed_request`: an id that is none, or a parameter that there is not", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`: a member who may not; `second_factor_required` and `reauthentication_required`: the organization demands a second factor", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not in such an organization", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`: a format, a day or an outcome that there is not", body = Problem, content_type = "application/problem+json"),
))]
pub async fn export_organization_audit(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    id: Result<Path<String>, PathRejection>,
    query: Result<QueryOf<ExportQuery>, Refused>,
) -> Result<Response, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let id = one_id(id, OrganizationId::parse, context.locale)?;
    let query = query_of_organization(&auth, &caller, &id, query, &context).await?;
    let (filter, format) = query.parse(None, context.locale)?;
    let export = flow::export_organization_audit(&auth, &caller, &id, &filter, format, &context).await;
    let export = export.map_err(|error| Refused::from_error(&error, context.locale))?;
    Ok(audit_file::answer(export, format, auth.now()))
}
