//! `POST /api/v1/organizations/{organization}/invitations`

use auth::form::InvitationForm;
use auth::id::OrganizationId;
use auth::session::Caller;
use auth::view::InvitationItem;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use utoipa::ToSchema;

use super::InvitationShape;
use crate::api::body::JsonBody;
use crate::api::path_id::one_id;
use crate::problem::{Problem, Refused};

/// Whom to invite, as what.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::InvitationForm` for the document")]
struct Invite {
    /// Who is invited.
    #[schema(example = "bob@example.com")]
    email: String,
    /// `owner`, `admin`, `member` or `viewer`, else the id of a role that the organization made.
    #[schema(example = "member")]
    role: String,
    /// Where in the organization, 1 to 60 characters; empty: nowhere.
    #[schema(example = "Sales", required = false)]
    department: String,
}

/// Invites somebody: they get a mail with a link and a code, for 7 days. An invitation of the same address that waits is
/// made anew; its link and code are dead. Nobody invites with more than they may themselves. `invitations:manage`.
#[utoipa::path(post, path = "/organizations/{organization}/invitations", request_body = Invite, tag = "organization", params(
    ("organization" = String, Path, description = "The id of the organization."),
), responses(
    (status = 201, description = "The invitation; its mail is on its way.", body = InvitationShape),
    (status = 400, description = "`malformed_request`: an id that is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`: a member who may not; `second_factor_required` and `reauthentication_required`: the organization demands a second factor; `reauthentication_required` also for an owner: call `/reauthenticate`, then repeat this", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not in such an organization", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`too_many`: 200 that are open; `wrong_state`: the organization is about to go", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`; `already_member`, `beyond_own`", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "`too_soon`: a mail a minute to an address, 5 an hour to it from all organizations, and 50 an hour in all", body = Problem, content_type = "application/problem+json"),
))]
pub async fn invite(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    id: Result<Path<String>, PathRejection>,
    body: Result<JsonBody<InvitationForm>, Refused>,
) -> Result<(StatusCode, Json<InvitationItem>), Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let id = one_id(id, OrganizationId::parse, context.locale)?;
    let JsonBody(form) = body?;
    let wanted = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let made = flow::invite(&auth, &caller, &id, wanted, &context).await;
    made.map(|item| (StatusCode::CREATED, Json(item))).map_err(|error| Refused::from_error(&error, context.locale))
}
