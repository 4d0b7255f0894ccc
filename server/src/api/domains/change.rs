//! `PATCH /api/v1/organizations/{organization}/domains/{domain}`

use auth::form::JoinRuleForm;
use auth::id::{DomainId, OrganizationId};
use auth::session::Caller;
use auth::view::DomainItem;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use utoipa::ToSchema;

use super::DomainShape;
use crate::api::body::JsonBody;
use crate::api::path_id::two_ids;
use crate::problem::{Problem, Refused};

/// Who joins by a domain.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::JoinRuleForm` for the document")]
struct ChangeDomain {
    /// The role of people who prove an address of the domain: they join by themselves. Null: they do not.
    #[schema(example = "viewer")]
    join_role: Option<String>,
}

/// Sets whether people of a domain join by themselves, and with which role: `viewer`, `member`, or the id of a role that
/// the organization made. `domains:manage`.
#[utoipa::path(patch, path = "/organizations/{organization}/domains/{domain}", request_body = ChangeDomain, tag = "organization", params(
    ("organization" = String, Path, description = "The id of the organization."),
    ("domain" = String, Path, description = "The id of the domain."),
), responses(
    (status = 200, description = "The domain.", body = DomainShape),
    (status = 400, description = "`malformed_request`: an id that is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`: a member who may not; `second_factor_required` and `reauthentication_required`: the organization demands a second factor", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not in such an organization, no such domain, or the setting is off", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`; `beyond_own`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn change_domain(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    ids: Result<Path<(String, String)>, PathRejection>,
    body: Result<JsonBody<JoinRuleForm>, Refused>,
) -> Result<Json<DomainItem>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let (id, domain) = two_ids(ids, (OrganizationId::parse, DomainId::parse), context.locale)?;
    let JsonBody(form) = body?;
    let role = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let changed = flow::change_domain(&auth, &caller, (&id, &domain), role, &context).await;
    changed.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}
