//! `POST /api/v1/organizations/{organization}/transfer`

use auth::id::{OrganizationId, UserId};
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::body::JsonBody;
use crate::api::path_id::one_id;
use crate::problem::{Problem, Refused};

/// Into whose hands an organization goes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferOwnership {
    /// The account of a member.
    user_id: String,
}

/// Makes another member the owner, and the caller an administrator. The new owner is told by mail.
/// `organization:transfer`.
#[utoipa::path(post, path = "/organizations/{organization}/transfer", request_body = TransferOwnership, tag = "organization", params(
    ("organization" = String, Path, description = "The id of the organization."),
), responses(
    (status = 204, description = "It is so."),
    (status = 400, description = "`malformed_request`: an id that is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`: a member who may not; `reauthentication_required`: call `/reauthenticate`, then repeat this; `second_factor_required`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not in such an organization, or no such member", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`wrong_state`: the caller themselves, or somebody whose account is about to go", body = Problem, content_type = "application/problem+json"),
))]
pub async fn transfer_ownership(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    id: Result<Path<String>, PathRejection>,
    body: Result<JsonBody<TransferOwnership>, Refused>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let id = one_id(id, OrganizationId::parse, context.locale)?;
    let JsonBody(TransferOwnership { user_id }) = body?;
    let malformed = || Refused::new(ErrorCode::MalformedRequest, context.locale);
    let to = UserId::parse(&user_id).ok_or_else(malformed)?;
    let done = flow::transfer_ownership(&auth, &caller, &id, &to, &context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
