//! `GET /api/v1/admin/policies/{id}`

use auth::view::{PolicyVersionItem, PolicyVersionView};
use auth::{Auth, flow};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use serde::Serialize;
use utoipa::ToSchema;

use super::{ReadPolicies, number_of};
use crate::extract::Require;
use crate::problem::{Problem, Refused};

/// A version with its text.
#[derive(Serialize)]
pub struct Version {
    #[serde(flatten)]
    item: PolicyVersionItem,
    text: String,
}

/// A version with its text.
#[derive(ToSchema)]
#[schema(as = PolicyVersionText)]
#[expect(dead_code, reason = "the shape of `Version` for the document")]
struct VersionTextShape {
    /// Its id.
    id: String,
    /// What addresses call it.
    #[schema(example = 3)]
    number: i64,
    /// What its author says of it.
    note: String,
    /// What its author is called; null when the account is gone.
    author: Option<String>,
    /// When it was saved, in milliseconds since 1970.
    created_at: i64,
    /// When it was last activated; null when it never was.
    activated_at: Option<i64>,
    /// Whether it is in force.
    is_active: bool,
    /// The policies in Cedar.
    text: String,
}

/// A version of the policies, by its number.
#[utoipa::path(get, path = "/admin/policies/{id}", tag = "policies", params(
    ("id" = String, Path, description = "The number of the version."),
), responses(
    (status = 200, description = "The version: what the list tells of it, and `text`.", body = VersionTextShape),
    (status = 400, description = "`malformed_request`: no number", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such version, or without `policies:read`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_show_policies(
    State(auth): State<Auth>,
    reader: Require<ReadPolicies>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<Version>, Refused> {
    let number = number_of(id, reader.context.locale)?;
    let found = flow::show_policy_version(&auth, &reader.caller, number).await;
    let PolicyVersionView { item, text } = found.map_err(|error| Refused::from_error(&error, reader.context.locale))?;
    Ok(Json(Version { item, text }))
}
