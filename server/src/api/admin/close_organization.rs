//! `POST /api/v1/admin/organizations/{id}/close`

use auth::organization::ClosingReason;
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, Field, Permission, Refusal, flow};
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::body::JsonBody;
use crate::problem::{Problem, Refused};

/// Why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseOrganization {
    /// A sentence of 1 to 500 characters; the owners read it in a mail.
    #[serde(default)]
    #[schema(example = "Unpaid for 90 days")]
    reason: String,
}

/// Closes an organization: its members cannot get in, and nothing of it is deleted. Its owners are told by mail.
#[utoipa::path(post, path = "/admin/organizations/{id}/close", request_body = CloseOrganization, tag = "admin", params(
    ("id" = String, Path, description = "The organization."),
), responses(
    (status = 204, description = "It is closed."),
    (status = 400, description = "`malformed_request`: no id", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required`: call `/reauthenticate`, then repeat this", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such organization, or not permitted", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`wrong_state`: it is closed", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_close_organization(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    id: Result<Path<String>, PathRejection>,
    body: Result<JsonBody<CloseOrganization>, Refused>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    // To others nothing is there, whatever they send.
    let permitted = flow::require_permission(&auth, &caller, Permission::ManageOrganizations).await;
    permitted.map_err(|error| Refused::from_error(&error, context.locale))?;
    let JsonBody(CloseOrganization { reason }) = body?;
    let reason = ClosingReason::parse(&reason)
        .map_err(|issue| Refused::new(Refusal::invalid(vec![(Field::Reason, issue)]), context.locale))?;
    let done = flow::close_organization(&auth, &caller, &super::id_text(id), &reason, &context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
