//! `GET /api/v1/admin/users/export`

use auth::form::UserFilterForm;
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::{Extension, State};
use axum::response::Response;

use super::query_of;
use crate::api::query::QueryOf;
use crate::problem::{Problem, Refused};
use crate::user_export::csv;

/// The accounts that a filter leaves, all of them, as CSV (RFC 4180) with a line of column names. What a spreadsheet would
/// take for a formula stands behind an apostrophe.
#[utoipa::path(get, path = "/admin/users/export", tag = "admin", params(
    ("q" = Option<String>, Query, description = "As `GET /admin/users`, and so are the others"),
    ("role" = Option<String>, Query, description = "A role"),
    ("state" = Option<String>, Query, description = "A state"),
    ("second_factor" = Option<String>, Query, description = "`with` or `without`"),
    ("created_from" = Option<String>, Query, description = "The first day"),
    ("created_to" = Option<String>, Query, description = "The last day"),
    ("organization" = Option<String>, Query, description = "The id of an organization"),
), responses(
    (status = 200, description = "The file.", body = String, content_type = "text/csv"),
    (status = 400, description = "`malformed_request`", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required`: call `/reauthenticate`, then repeat this", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not an administrator", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`: no such role, state, day or organization", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_export_users(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    query: Result<QueryOf<UserFilterForm>, Refused>,
) -> Result<Response, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let form = query_of(&auth, &caller, query, context.locale).await?;
    let (filter, _) = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let first = flow::export_users(&auth, &caller, &filter, &context).await;
    first.map(|first| csv(auth, caller, filter, first)).map_err(|error| Refused::from_error(&error, context.locale))
}
