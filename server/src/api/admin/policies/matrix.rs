//! `GET /api/v1/admin/policies/matrix`

use auth::view::PermissionMatrix;
use auth::{Auth, flow};
use axum::Json;
use axum::extract::State;
use utoipa::ToSchema;

use super::ReadPolicies;
use crate::extract::Require;
use crate::problem::{Problem, Refused};

/// Which role may do what.
#[derive(ToSchema)]
#[schema(as = PermissionMatrix)]
#[expect(dead_code, reason = "the shape of `auth::view::PermissionMatrix` for the document")]
struct MatrixShape {
    /// Of the platform.
    platform: TableShape,
    /// Of organizations.
    organization: TableShape,
}

/// Roles beside permissions.
#[derive(ToSchema)]
#[schema(as = RoleTable)]
#[expect(dead_code, reason = "the shape of `auth::view::RoleTable` for the document")]
struct TableShape {
    /// The names of the roles.
    roles: Vec<String>,
    /// A row for each permission.
    rows: Vec<RowShape>,
}

/// What roles may do with one permission.
#[derive(ToSchema)]
#[schema(as = PermissionRow)]
#[expect(dead_code, reason = "the shape of `auth::view::PermissionRow` for the document")]
struct RowShape {
    /// The permission.
    #[schema(example = "documents:read")]
    permission: String,
    /// Whether each role may, in their order.
    allowed: Vec<bool>,
}

/// Each role with each permission, decided by the policies in force: for somebody with a fresh second factor, on a
/// Wednesday at noon.
#[utoipa::path(get, path = "/admin/policies/matrix", tag = "policies", responses(
    (status = 200, description = "The decisions.", body = MatrixShape),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: without `policies:read`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_policy_matrix(
    State(auth): State<Auth>,
    reader: Require<ReadPolicies>,
) -> Result<Json<PermissionMatrix>, Refused> {
    let found = flow::policy_matrix(&auth, &reader.caller).await;
    found.map(Json).map_err(|error| Refused::from_error(&error, reader.context.locale))
}
