//! `GET /api/v1/admin/policies/cases`

use auth::view::PolicyCaseItem;
use auth::{Auth, flow};
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::ReadPolicies;
use crate::extract::Require;
use crate::problem::{Problem, Refused};

/// Every case.
#[derive(Serialize)]
pub struct Cases {
    items: Vec<PolicyCaseItem>,
}

/// Every case.
#[derive(ToSchema)]
#[schema(as = PolicyCaseList)]
#[expect(dead_code, reason = "the shape of `Cases` for the document")]
struct CasesShape {
    /// The cases, at most 200.
    items: Vec<CaseShape>,
}

/// A question with the answer that it must have.
#[derive(ToSchema)]
#[schema(as = PolicyCase)]
#[expect(dead_code, reason = "the shape of `auth::view::PolicyCaseItem` for the document")]
pub struct CaseShape {
    /// Its id.
    id: String,
    /// What it is called.
    name: String,
    /// The question.
    question: QuestionShape,
    /// Whether it must be allowed.
    allowed: bool,
}

/// A question about somebody who need not exist. What is missing is as it mostly is: a user of the platform who signed
/// in a moment ago, on a Wednesday at noon.
#[derive(ToSchema)]
#[schema(as = PolicyQuestion)]
#[expect(dead_code, reason = "the shape of `auth::form::PolicyQuestion` for the document")]
pub struct QuestionShape {
    /// What, as `resource:action`.
    #[schema(example = "documents:update")]
    action: String,
    /// `platform`, `organization` or `document`.
    #[schema(example = "document", required = false)]
    on: String,
    /// `user`, `support`, `auditor` or `platform_admin`.
    #[schema(example = "user", required = false)]
    platform_role: String,
    /// The role in the organization; null for somebody who is not in it.
    #[schema(example = "member")]
    role: Option<String>,
    /// What that role grants, for one that is not built in.
    #[schema(required = false)]
    permissions: Vec<String>,
    /// Their department.
    department: Option<String>,
    /// Seconds since a second factor was proved; null when none was.
    mfa_age: Option<i64>,
    /// Seconds since the person was proved.
    #[schema(required = false)]
    session_age: i64,
    /// Whether the document is theirs.
    #[schema(required = false)]
    is_owner: bool,
    /// The department the document is for.
    document_department: Option<String>,
    /// `public`, `internal`, `confidential` or `secret`.
    #[schema(required = false)]
    sensitivity: String,
    /// `draft`, `published` or `archived`.
    #[schema(required = false)]
    state: String,
    /// The day in UTC, 1 (Monday) to 7.
    #[schema(required = false)]
    weekday: i64,
    /// The hour in UTC, 0 to 23.
    #[schema(required = false)]
    hour: i64,
    /// The client's address.
    address: Option<String>,
    /// `page`, `api` or `token`.
    #[schema(required = false)]
    method: String,
}

/// The cases that each version of the policies must pass before it is put in force.
#[utoipa::path(get, path = "/admin/policies/cases", tag = "policies", responses(
    (status = 200, description = "Every case.", body = CasesShape),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: without `policies:read`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_list_policy_cases(
    State(auth): State<Auth>,
    reader: Require<ReadPolicies>,
) -> Result<Json<Cases>, Refused> {
    let found = flow::list_policy_cases(&auth, &reader.caller).await;
    found.map(|items| Json(Cases { items })).map_err(|error| Refused::from_error(&error, reader.context.locale))
}
