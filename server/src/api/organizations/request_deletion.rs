//! `DELETE /api/v1/organizations/{organization}`

use auth::id::OrganizationId;
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;

use crate::api::path_id::one_id;
use crate::api::request_deletion::Deletion;
use crate::problem::{Problem, Refused};

/// Asks for the end of an organization: it goes with everything in it after 14 days. Its owners are told by mail.
/// `organization:delete`.
#[utoipa::path(delete, path = "/organizations/{organization}", tag = "organization", params(
    ("organization" = String, Path, description = "The id of the organization."),
), responses(
    (status = 202, description = "The day is set.", body = Deletion),
    (status = 400, description = "`malformed_request`: an id that is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`: a member who may not; `reauthentication_required`: call `/reauthenticate`, then repeat this; `second_factor_required`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not in such an organization", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`changed_meanwhile`: it was set before", body = Problem, content_type = "application/problem+json"),
))]
pub async fn request_organization_deletion(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    id: Result<Path<String>, PathRejection>,
) -> Result<(StatusCode, Json<Deletion>), Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let id = one_id(id, OrganizationId::parse, context.locale)?;
    let done = flow::request_organization_deletion(&auth, &caller, &id, &context).await;
    done.map(|delete_at| (StatusCode::ACCEPTED, Json(Deletion { delete_at })))
        .map_err(|error| Refused::from_error(&error, context.locale))
}
