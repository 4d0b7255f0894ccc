//! `POST /api/v1/organizations/{organization}/roles`

use auth::form::RoleForm;
use auth::id::OrganizationId;
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::body::JsonBody;
use crate::api::path_id::one_id;
use crate::problem::{Problem, Refused};

/// A role that is wanted.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::RoleForm` for the document")]
struct CreateRole {
    /// What it is called, 1 to 40 characters.
    #[schema(example = "Editor")]
    name: String,
    /// What it allows, as `resource:action`; never `organization:delete` and `organization:transfer`, and always
    /// `organization:read`.
    #[schema(example = json!(["documents:read", "documents:update"]))]
    permissions: Vec<String>,
}

/// A role that was made.
#[derive(Serialize, ToSchema)]
pub struct MadeRole {
    /// Its id, by which it is given to members.
    id: String,
}

/// Makes a role that allows no more than the caller may. `roles:manage`.
#[utoipa::path(post, path = "/organizations/{organization}/roles", request_body = CreateRole, tag = "organization", params(
    ("organization" = String, Path, description = "The id of the organization."),
), responses(
    (status = 201, description = "The role.", body = MadeRole),
    (status = 400, description = "`malformed_request`: an id that is none", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`: a member who may not; `second_factor_required` and `reauthentication_required`: the organization demands a second factor", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: not in such an organization", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`too_many`: there are 50", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`; `taken` of `name`: another one is called so", body = Problem, content_type = "application/problem+json"),
))]
pub async fn create_role(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    id: Result<Path<String>, PathRejection>,
    body: Result<JsonBody<RoleForm>, Refused>,
) -> Result<(StatusCode, Json<MadeRole>), Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let id = one_id(id, OrganizationId::parse, context.locale)?;
    let JsonBody(form) = body?;
    let wanted = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let made = flow::create_role(&auth, &caller, &id, wanted, &context).await;
    made.map(|id| (StatusCode::CREATED, Json(MadeRole { id: id.0 })))
        .map_err(|error| Refused::from_error(&error, context.locale))
}
