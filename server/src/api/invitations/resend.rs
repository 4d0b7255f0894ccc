//! `POST /api/v1/organizations/{organization}/invitations/{invitation}/resend`

use auth::id::{InvitationId, OrganizationId};
use auth::session::Caller;
use auth::view::InvitationItem;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};

use super::InvitationShape;
use crate::api::path_id::two_ids;
use crate::problem::{Problem, Refused};

/// Sends an invitation once more, with a new link and code for 7 days: those of before are dead. The caller is the one
/// who invites from then on. `invitations:manage`.
#[utoipa::path(post, path = "/organizations/{organization}/invitations/{invitation}/resend", tag = "organization", params(
    ("organization" = String, Path, description = "The id of the organization."),
    ("invitation" = String, Path, description = "The id of the invitation; not the secret."),
), responses(
    (status = 200, description = "The invitation; its mail is on its way.", body = InvitationShape),
    (status = 400, description = "`malformed_request`: an id that is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`: a member who may not; `second_factor_required` and `reauthentication_required`: the organization demands a second factor; `reauthentication_required` also for an owner: call `/reauthenticate`, then repeat this", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not in such an organization, or no such invitation", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`wrong_state`: answered or taken back, its role is gone, or its person is a member", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`: `beyond_own`", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "`too_soon`: a mail a minute to an address, 5 an hour to it from all organizations, and 50 an hour in all", body = Problem, content_type = "application/problem+json"),
))]
pub async fn resend_invitation(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    ids: Result<Path<(String, String)>, PathRejection>,
) -> Result<Json<InvitationItem>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let (id, invitation) = two_ids(ids, (OrganizationId::parse, InvitationId::parse), context.locale)?;
    let sent = flow::resend_invitation(&auth, &caller, (&id, &invitation), &context).await;
    sent.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}
