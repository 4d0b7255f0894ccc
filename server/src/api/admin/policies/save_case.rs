//! `POST /api/v1/admin/policies/cases`

use auth::form::PolicyCaseForm;
use auth::view::PolicyCaseItem;
use auth::{Auth, flow};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use utoipa::ToSchema;

use super::ManagePolicies;
use super::list_cases::{CaseShape, QuestionShape};
use crate::api::body::JsonBody;
use crate::extract::Require;
use crate::problem::{Problem, Refused};

/// A case that is to be saved.
#[derive(ToSchema)]
#[schema(as = SavePolicyCase)]
#[expect(dead_code, reason = "the shape of `auth::form::PolicyCaseForm` for the document")]
struct SaveCaseShape {
    /// What it is called, at most 200 characters.
    #[schema(example = "Members read what is internal")]
    name: String,
    /// The question.
    question: QuestionShape,
    /// Whether it must be allowed.
    allowed: bool,
}

/// Saves a case that each version of the policies must pass from now on.
#[utoipa::path(post, path = "/admin/policies/cases", request_body = SaveCaseShape, tag = "policies", responses(
    (status = 201, description = "The case.", body = CaseShape),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: without `policies:manage`", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`too_many`: there are 200 cases", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields` of the question", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_save_policy_case(
    State(auth): State<Auth>,
    author: Require<ManagePolicies>,
    body: Result<JsonBody<PolicyCaseForm>, Refused>,
) -> Result<(StatusCode, Json<PolicyCaseItem>), Refused> {
    let (caller, context) = (author.caller, author.context);
    let JsonBody(form) = body?;
    let new = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let saved = flow::save_policy_case(&auth, &caller, new, &context).await;
    saved.map(|case| (StatusCode::CREATED, Json(case))).map_err(|error| Refused::from_error(&error, context.locale))
}
