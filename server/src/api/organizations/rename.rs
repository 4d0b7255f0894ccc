//! `PATCH /api/v1/organizations/{organization}`

use auth::form::RenameForm;
use auth::id::OrganizationId;
use auth::session::Caller;
use auth::view::OrganizationView;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use utoipa::ToSchema;

use super::OrganizationShape;
use crate::api::body::JsonBody;
use crate::api::path_id::one_id;
use crate::problem::{Problem, Refused};

/// What an organization is called from now on; what is not there stays.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::RenameForm` for the document")]
struct RenameOrganization {
    /// What it is called, 1 to 100 characters.
    #[schema(example = "Acme", required = false)]
    name: Option<String>,
    /// What it is called in addresses. Those of before lead nowhere.
    #[schema(example = "acme", required = false)]
    slug: Option<String>,
}

/// Gives an organization another name, another slug, or both. `organization:update`.
#[utoipa::path(patch, path = "/organizations/{organization}", request_body = RenameOrganization, tag = "organization", params(
    ("organization" = String, Path, description = "The id of the organization."),
), responses(
    (status = 200, description = "The organization.", body = OrganizationShape),
    (status = 400, description = "`malformed_request`: an id that is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`: a member who may not; `second_factor_required` and `reauthentication_required`: the organization demands a second factor", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not in such an organization", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`; `taken` of `slug`: another one is called so", body = Problem, content_type = "application/problem+json"),
))]
pub async fn rename_organization(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    id: Result<Path<String>, PathRejection>,
    body: Result<JsonBody<RenameForm>, Refused>,
) -> Result<Json<OrganizationView>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let id = one_id(id, OrganizationId::parse, context.locale)?;
    let JsonBody(form) = body?;
    let wanted = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let refused = |error: auth::Error| Refused::from_error(&error, context.locale);
    flow::rename_organization(&auth, &caller, &id, wanted, &context).await.map_err(refused)?;
    flow::show_organization(&auth, &caller, &id, &context).await.map(Json).map_err(refused)
}
