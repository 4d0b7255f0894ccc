//! `POST /api/v1/admin/policies/cases/run`

use auth::view::PolicyCaseRun;
use auth::{Auth, flow};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ReadPolicies;
use super::list_cases::CaseShape;
use crate::api::body::JsonBody;
use crate::extract::Require;
use crate::problem::{Problem, Refused};

/// Which version is asked.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RunPolicyCases)]
pub struct RunCases {
    /// The number of a version; the one in force when it is missing.
    #[serde(default)]
    version: Option<i64>,
}

/// What came of the cases.
#[derive(Serialize)]
pub struct Results {
    passes: bool,
    items: Vec<PolicyCaseRun>,
}

/// What came of the cases.
#[derive(ToSchema)]
#[schema(as = PolicyCaseResults)]
#[expect(dead_code, reason = "the shape of `Results` for the document")]
struct ResultsShape {
    /// Whether each case has the answer it must have.
    passes: bool,
    /// The cases.
    items: Vec<ResultShape>,
}

/// What came of one case.
#[derive(ToSchema)]
#[schema(as = PolicyCaseResult)]
#[expect(dead_code, reason = "the shape of `auth::view::PolicyCaseRun` for the document")]
struct ResultShape {
    /// The case.
    case: CaseShape,
    /// Whether it is allowed.
    is_allowed: bool,
    /// The policies that decided it.
    deciding: Vec<String>,
}

/// Asks a version every case. Changes nothing.
#[utoipa::path(post, path = "/admin/policies/cases/run", request_body = RunCases, tag = "policies", responses(
    (status = 200, description = "What came of each case.", body = ResultsShape),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such version, or without `policies:read`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_run_policy_cases(
    State(auth): State<Auth>,
    reader: Require<ReadPolicies>,
    body: Result<JsonBody<RunCases>, Refused>,
) -> Result<Json<Results>, Refused> {
    let JsonBody(wanted) = body?;
    let found = flow::run_policy_cases(&auth, &reader.caller, wanted.version).await;
    let items = found.map_err(|error| Refused::from_error(&error, reader.context.locale))?;
    Ok(Json(Results { passes: items.iter().all(PolicyCaseRun::passes), items }))
}
