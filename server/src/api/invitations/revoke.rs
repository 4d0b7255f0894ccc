//! `DELETE /api/v1/organizations/{organization}/invitations/{invitation}`

use auth::id::{InvitationId, OrganizationId};
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;

use crate::api::path_id::two_ids;
use crate::problem::{Problem, Refused};

/// Takes an invitation back: its link and code are dead. `invitations:manage`.
#[utoipa::path(delete, path = "/organizations/{organization}/invitations/{invitation}", tag = "organization", params(
    ("organization" = String, Path, description = "The id of the organization."),
    ("invitation" = String, Path, description = "The id of the invitation; not the secret."),
), responses(
    (status = 204, description = "It is worth nothing any more."),
    (status = 400, description = "`malformed_request`: an id that is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`: a member who may not; `second_factor_required` and `reauthentication_required`: the organization demands a second factor", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not in such an organization, or no such invitation that waits", body = Problem, content_type = "application/problem+json"),
))]
pub async fn revoke_invitation(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    ids: Result<Path<(String, String)>, PathRejection>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let (id, invitation) = two_ids(ids, (OrganizationId::parse, InvitationId::parse), context.locale)?;
    let done = flow::revoke_invitation(&auth, &caller, (&id, &invitation), &context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
