//! `GET /api/v1/organizations/{organization}/domains`

use auth::id::OrganizationId;
use auth::session::Caller;
use auth::view::DomainItem;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};

use super::DomainShape;
use crate::api::path_id::one_id;
use crate::problem::{Problem, Refused};

/// The mail domains of an organization, in their order; at most 20. `domains:read`.
#[utoipa::path(get, path = "/organizations/{organization}/domains", tag = "organization", params(
    ("organization" = String, Path, description = "The id of the organization."),
), responses(
    (status = 200, description = "The domains.", body = Vec<DomainShape>),
    (status = 400, description = "`malformed_request`: an id that is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`: a member who may not; `second_factor_required` and `reauthentication_required`: the organization demands a second factor", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not in such an organization, no such domain, or the setting is off", body = Problem, content_type = "application/problem+json"),
))]
pub async fn list_domains(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<Vec<DomainItem>>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let id = one_id(id, OrganizationId::parse, context.locale)?;
    let domains = flow::list_domains(&auth, &caller, &id, &context).await;
    domains.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}
