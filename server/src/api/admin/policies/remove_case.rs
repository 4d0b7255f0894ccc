//! `DELETE /api/v1/admin/policies/cases/{id}`

use auth::id::PolicyCaseId;
use auth::{Auth, ErrorCode, flow};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use super::ManagePolicies;
use crate::extract::Require;
use crate::problem::{Problem, Refused};

/// Removes a case: policies need not pass it any more.
#[utoipa::path(delete, path = "/admin/policies/cases/{id}", tag = "policies", params(
    ("id" = String, Path, description = "The case."),
), responses(
    (status = 204, description = "It is gone."),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such case, or without `policies:manage`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_remove_policy_case(
    State(auth): State<Auth>,
    author: Require<ManagePolicies>,
    id: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, Refused> {
    let (caller, context) = (author.caller, author.context);
    // What cannot be read as text names no case.
    let Path(id) = id.map_err(|_| Refused::new(ErrorCode::NotFound, context.locale))?;
    let done = flow::remove_policy_case(&auth, &caller, &PolicyCaseId(id), &context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
