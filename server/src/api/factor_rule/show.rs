//! `GET /api/v1/organizations/{organization}/second-factor`

use auth::id::OrganizationId;
use auth::session::Caller;
use auth::view::FactorRule;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};

use super::FactorRuleShape;
use crate::api::path_id::one_id;
use crate::problem::{Problem, Refused};

/// Whether the members of an organization must have a second factor, and how many have none. `members:read`.
#[utoipa::path(get, path = "/organizations/{organization}/second-factor", tag = "organization", params(
    ("organization" = String, Path, description = "The id of the organization."),
), responses(
    (status = 200, description = "The rule.", body = FactorRuleShape),
    (status = 400, description = "`malformed_request`: an id that is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`: a member who may not; `second_factor_required` and `reauthentication_required`: the organization demands a second factor", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not in such an organization", body = Problem, content_type = "application/problem+json"),
))]
pub async fn show_factor_rule(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<FactorRule>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let id = one_id(id, OrganizationId::parse, context.locale)?;
    let rule = flow::organization_factor_rule(&auth, &caller, &id, &context).await;
    rule.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}
