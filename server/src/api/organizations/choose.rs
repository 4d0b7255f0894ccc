//! `PUT /api/v1/me/organization`

use auth::id::OrganizationId;
use auth::session::Caller;
use auth::view::AccessGrant;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::{Extension, State};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::body::JsonBody;
use crate::api::sign_in::AccessGrantShape;
use crate::problem::{Problem, Refused};

/// In which organization the session works.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChooseOrganization {
    /// The organization; null: in none.
    organization_id: Option<String>,
}

/// Lets the session work in an organization, or in none, and grants an access token that says so: `org`, `scope` and
/// `roles`. The one from before stays good for its time.
#[utoipa::path(put, path = "/me/organization", request_body = ChooseOrganization, tag = "organization", responses(
    (status = 200, description = "The access token.", body = AccessGrantShape),
    (status = 400, description = "`malformed_request`", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`: a member who may not; `second_factor_required` and `reauthentication_required`: the organization demands a second factor", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not in such an organization", body = Problem, content_type = "application/problem+json"),
))]
pub async fn choose_organization(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    body: Result<JsonBody<ChooseOrganization>, Refused>,
) -> Result<Json<AccessGrant>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let JsonBody(ChooseOrganization { organization_id }) = body?;
    let malformed = || Refused::new(ErrorCode::MalformedRequest, context.locale);
    let chosen = organization_id.map(|id| OrganizationId::parse(&id).ok_or_else(malformed)).transpose()?;
    let granted = flow::choose_organization(&auth, &caller, chosen.as_ref(), &context).await;
    granted.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}
