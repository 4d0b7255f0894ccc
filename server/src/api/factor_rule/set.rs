//! `PUT /api/v1/organizations/{organization}/second-factor`

use auth::form::FactorRuleForm;
use auth::id::OrganizationId;
use auth::session::Caller;
use auth::view::FactorRule;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use utoipa::ToSchema;

use super::FactorRuleShape;
use crate::api::body::JsonBody;
use crate::api::path_id::one_id;
use crate::problem::{Problem, Refused};

/// The rule.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::FactorRuleForm` for the document")]
struct SetFactorRule {
    /// Whether members must have a second factor.
    #[schema(example = true)]
    required: bool,
}

/// Demands a second factor of the members, or no longer. Each has the days of grace of the settings for it, from now or
/// from the day they join; then they may do nothing else. `organization:update`.
#[utoipa::path(put, path = "/organizations/{organization}/second-factor", request_body = SetFactorRule, tag = "organization", params(
    ("organization" = String, Path, description = "The id of the organization."),
), responses(
    (status = 200, description = "The rule.", body = FactorRuleShape),
    (status = 400, description = "`malformed_request`: an id that is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`: a member who may not; `reauthentication_required`: call `/reauthenticate`, then repeat this; `second_factor_required`: the organization demands one", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not in such an organization", body = Problem, content_type = "application/problem+json"),
))]
pub async fn set_factor_rule(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    id: Result<Path<String>, PathRejection>,
    body: Result<JsonBody<FactorRuleForm>, Refused>,
) -> Result<Json<FactorRule>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let id = one_id(id, OrganizationId::parse, context.locale)?;
    let JsonBody(FactorRuleForm { required }) = body?;
    let rule = flow::set_organization_factor_rule(&auth, &caller, &id, required, &context).await;
    rule.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}
