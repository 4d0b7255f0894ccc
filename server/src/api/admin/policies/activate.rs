//! `POST /api/v1/admin/policies/{id}/activate`

use auth::flow::ActivatedPolicies;
use auth::view::PolicyCaseRun;
use auth::{Auth, ErrorCode, flow};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::save::Faults;
use super::with_details::refuse;
use super::{ManagePolicies, number_of};
use crate::extract::Require;
use crate::problem::{Problem, Refused};

#[derive(Serialize)]
struct Cases {
    cases: Vec<PolicyCaseRun>,
}

#[derive(Serialize)]
struct Policies {
    policies: Vec<String>,
}

/// A problem, with `cases` or `policies`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of a refusal for the document")]
struct NotActivated {
    /// `policy_cases_failed`, `last_administrator` or `changed_meanwhile`.
    code: String,
    /// The cases that are not passed.
    cases: Option<Vec<serde_json::Value>>,
    /// The policies that would keep an administrator from taking them back.
    policies: Option<Vec<String>>,
}

/// Puts a version in force, when it passes every case and locks no administrator out. An older one is rolled back to. It
/// is in force on every node within a second.
#[utoipa::path(post, path = "/admin/policies/{id}/activate", tag = "policies", params(
    ("id" = String, Path, description = "The number of the version; 0 stands for the built-in policies alone."),
), responses(
    (status = 204, description = "It is in force."),
    (status = 400, description = "`malformed_request`: no number", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required`: call `/reauthenticate`, then repeat this", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such version, or without `policies:manage`", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`policy_cases_failed`, `last_administrator` or `changed_meanwhile`", body = NotActivated, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`, with `faults`: an older version that this program does not accept any more", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_activate_policies(
    State(auth): State<Auth>,
    author: Require<ManagePolicies>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, Refused> {
    let (caller, context) = (author.caller, author.context);
    let number = number_of(id, context.locale)?;
    let activated = flow::activate_policies(&auth, &caller, number, &context).await;
    let locale = context.locale;
    Ok(match activated.map_err(|error| Refused::from_error(&error, locale))? {
        ActivatedPolicies::Done => StatusCode::NO_CONTENT.into_response(),
        ActivatedPolicies::Faults(faults) => refuse(ErrorCode::InvalidFields, locale, Faults { faults }),
        ActivatedPolicies::CasesFailed(cases) => refuse(ErrorCode::PolicyCasesFailed, locale, Cases { cases }),
        ActivatedPolicies::LocksOut(policies) => refuse(ErrorCode::LastAdministrator, locale, Policies { policies }),
    })
}
