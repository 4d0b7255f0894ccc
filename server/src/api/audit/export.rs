//! `GET /api/v1/admin/audit/export`

use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::{Extension, State};
use axum::response::Response;

use super::{ExportQuery, query_of_platform};
use crate::api::query::QueryOf;
use crate::audit_file;
use crate::problem::{Problem, Refused};

/// Every line of the audit log that fits, newest first, at most 1,000,000, as CSV (RFC 4180) or as one JSON object a line.
/// A cell that a spreadsheet would take for a formula begins with `'`. Whoever calls this leaves a line.
#[utoipa::path(get, path = "/admin/audit/export", tag = "admin", params(
    ("format" = String, Query, description = "`csv` or `jsonl`"),
    ("kind" = Option<String>, Query, description = "A kind, or the beginning of kinds such as `session`"),
    ("person" = Option<String>, Query, description = "An account that did it, or that it was done to or with: its id or address"),
    ("organization" = Option<String>, Query, description = "The id or the slug of an organization"),
    ("outcome" = Option<String>, Query, description = "`done` or `refused`"),
    ("address" = Option<String>, Query, description = "The address of a client"),
    ("request_id" = Option<String>, Query, description = "The id of a request"),
    ("from" = Option<String>, Query, description = "The first day in UTC, such as `2027-01-15`"),
    ("to" = Option<String>, Query, description = "The last day in UTC"),
), responses(
    (status = 200, description = "The lines.", body = String, content_type = "text/csv"),
    (status = 400, description = "`malformed_request`: a parameter that there is not", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not an administrator who may see it", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`: a format, a day or an outcome that there is not", body = Problem, content_type = "application/problem+json"),
))]
pub async fn export_audit(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    query: Result<QueryOf<ExportQuery>, Refused>,
) -> Result<Response, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let query = query_of_platform(&auth, &caller, query, context.locale).await?;
    let (filter, format) = query.parse(None, context.locale)?;
    let export = flow::export_audit(&auth, &caller, &filter, format, &context).await;
    let export = export.map_err(|error| Refused::from_error(&error, context.locale))?;
    Ok(audit_file::answer(export, format, auth.now()))
}
