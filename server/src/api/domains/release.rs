//! `DELETE /api/v1/organizations/{organization}/domains/{domain}`

use auth::id::{DomainId, OrganizationId};
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;

use crate::api::path_id::two_ids;
use crate::problem::{Problem, Refused};

/// Gives a domain back. Its people stay members. `domains:manage`.
#[utoipa::path(delete, path = "/organizations/{organization}/domains/{domain}", tag = "organization", params(
    ("organization" = String, Path, description = "The id of the organization."),
    ("domain" = String, Path, description = "The id of the domain."),
), responses(
    (status = 204, description = "The organization claims it no longer."),
    (status = 400, description = "`malformed_request`: an id that is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`: a member who may not; `second_factor_required` and `reauthentication_required`: the organization demands a second factor", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not in such an organization, no such domain, or the setting is off", body = Problem, content_type = "application/problem+json"),
))]
pub async fn release_domain(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    ids: Result<Path<(String, String)>, PathRejection>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let (id, domain) = two_ids(ids, (OrganizationId::parse, DomainId::parse), context.locale)?;
    let done = flow::release_domain(&auth, &caller, (&id, &domain), &context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
