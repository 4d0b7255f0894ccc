//! `POST /api/v1/organizations/{organization}/domains`

use auth::form::DomainForm;
use auth::id::OrganizationId;
use auth::session::Caller;
use auth::view::DomainItem;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use utoipa::ToSchema;

use super::DomainShape;
use crate::api::body::JsonBody;
use crate::api::path_id::one_id;
use crate::problem::{Problem, Refused};

/// A mail domain.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::DomainForm` for the document")]
struct ClaimDomain {
    /// What stands behind the `@` of addresses.
    #[schema(example = "acme.example")]
    domain: String,
}

/// Claims a mail domain. Put `record` under it in the DNS, then have it checked. `domains:manage`.
#[utoipa::path(post, path = "/organizations/{organization}/domains", request_body = ClaimDomain, tag = "organization", params(
    ("organization" = String, Path, description = "The id of the organization."),
), responses(
    (status = 201, description = "The domain with its record; of one that was claimed before, the same.", body = DomainShape),
    (status = 400, description = "`malformed_request`: an id that is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`: a member who may not; `second_factor_required` and `reauthentication_required`: the organization demands a second factor", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not in such an organization, no such domain, or the setting is off", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`too_many`: 20", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`; `public_domain`, `domain_taken`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn claim_domain(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    id: Result<Path<String>, PathRejection>,
    body: Result<JsonBody<DomainForm>, Refused>,
) -> Result<(StatusCode, Json<DomainItem>), Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let id = one_id(id, OrganizationId::parse, context.locale)?;
    let JsonBody(form) = body?;
    let domain = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let made = flow::claim_domain(&auth, &caller, &id, domain, &context).await;
    made.map(|item| (StatusCode::CREATED, Json(item))).map_err(|error| Refused::from_error(&error, context.locale))
}
