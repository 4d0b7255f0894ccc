//! `POST /api/v1/organizations/{organization}/domains/{domain}/check`

use auth::id::{DomainId, OrganizationId};
use auth::session::Caller;
use auth::view::DomainItem;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};

use super::DomainShape;
use crate::api::path_id::two_ids;
use crate::problem::{Problem, Refused};

/// Looks for the record of a domain. What was not found may still be on its way through the DNS: look at `state`.
/// `domains:manage`.
#[utoipa::path(post, path = "/organizations/{organization}/domains/{domain}/check", tag = "organization", params(
    ("organization" = String, Path, description = "The id of the organization."),
    ("domain" = String, Path, description = "The id of the domain."),
), responses(
    (status = 200, description = "How the domain stands.", body = DomainShape),
    (status = 400, description = "`malformed_request`: an id that is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`: a member who may not; `second_factor_required` and `reauthentication_required`: the organization demands a second factor", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not in such an organization, no such domain, or the setting is off", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`: `domain_taken`", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "`too_soon`: every 10 seconds", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "`dns_unavailable`: no server answers", body = Problem, content_type = "application/problem+json"),
))]
pub async fn check_domain(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    ids: Result<Path<(String, String)>, PathRejection>,
) -> Result<Json<DomainItem>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let (id, domain) = two_ids(ids, (OrganizationId::parse, DomainId::parse), context.locale)?;
    let checked = flow::check_domain(&auth, &caller, (&id, &domain), &context).await;
    checked.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}
