//! `PUT /api/v1/admin/users/{id}/role`

use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, Field, FieldIssue, Permission, Refusal, Role, flow};
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::Asking;
use crate::api::body::JsonBody;
use crate::problem::{Problem, Refused};

/// The role that is wanted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WantedRole {
    /// `user`, `support`, `auditor` or `platform_admin`.
    #[serde(default)]
    #[schema(example = "support")]
    role: String,
}

/// Gives an account a role of the platform. Access tokens that name the old one are over within a second.
#[utoipa::path(put, path = "/admin/users/{id}/role", request_body = WantedRole, tag = "admin", params(
    ("id" = String, Path, description = "The account."),
), responses(
    (status = 204, description = "The account has the role."),
    (status = 400, description = "`malformed_request`: no id, or no JSON of this shape", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required`: call `/reauthenticate`, then repeat this; `forbidden`: your own account, one that may do what you may not, or a role above yours", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such account, or not an administrator", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`last_administrator`: nobody would be left who looks after the product", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`: no such role", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_set_role(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    id: Result<Path<String>, PathRejection>,
    body: Result<JsonBody<WantedRole>, Refused>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let asking = Asking { auth: &auth, caller: &caller, locale: context.locale };
    let id = asking.user(Permission::ManageRoles, id).await?;
    let form = asking.body(Permission::ManageRoles, body).await?;
    let unknown = || Refused::new(Refusal::invalid(vec![(Field::Role, FieldIssue::Unknown)]), context.locale);
    let role = asking.permitted(Permission::ManageRoles, Role::parse(&form.role).ok_or_else(unknown)).await?;
    let done = flow::admin_set_role(&auth, &caller, &id, role, &context).await;
    done.map(|_| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
