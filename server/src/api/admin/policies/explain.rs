//! `POST /api/v1/admin/policies/explain`

use auth::form::{PolicyQuestion, WhoCanForm};
use auth::view::ExplainedDecision;
use auth::{Auth, flow};
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use super::ReadPolicies;
use super::list_cases::QuestionShape;
use crate::api::body::JsonBody;
use crate::extract::Require;
use crate::problem::{Problem, Refused};

/// About somebody who exists, or about somebody who need not.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum Asked {
    /// About somebody who need not.
    Question(Box<Question>),
    /// About somebody who exists.
    WhoCan(WhoCanForm),
}

/// A question to a version.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    question: PolicyQuestion,
    #[serde(default)]
    version: Option<i64>,
}

/// About somebody who exists: `user` and `action`, with `organization` and `document`. About somebody who need not:
/// `question`.
#[derive(ToSchema)]
#[schema(as = ExplainPolicies)]
#[expect(dead_code, reason = "the shape of `Asked` for the document")]
struct AskedShape {
    /// The id of the account, or its address.
    user: Option<String>,
    /// What, as `resource:action`.
    #[schema(example = "documents:read")]
    action: Option<String>,
    /// The id or the slug of the organization; none for an act on the platform.
    organization: Option<String>,
    /// The id of a document of it.
    document: Option<String>,
    /// Seconds since a second factor was proved; null when none was.
    mfa_age: Option<i64>,
    /// Instead of all of these.
    question: Option<QuestionShape>,
    /// With `question`: the number of a version; the one in force when it is missing.
    version: Option<i64>,
}

/// A decision, and what every policy had to say.
#[derive(ToSchema)]
#[schema(as = ExplainedDecision)]
#[expect(dead_code, reason = "the shape of `auth::view::ExplainedDecision` for the document")]
struct DecisionShape {
    /// Whether it may be done.
    allowed: bool,
    /// The policies that had to do with it: those that decided first.
    verdicts: Vec<VerdictShape>,
}

/// What one policy had to say.
#[derive(ToSchema)]
#[schema(as = PolicyVerdict)]
#[expect(dead_code, reason = "the shape of `auth::view::PolicyVerdict` for the document")]
struct VerdictShape {
    /// The name of the policy.
    id: String,
    /// Its text.
    text: String,
    /// `permit` or `forbid`.
    effect: String,
    /// Whether it is a part of the program.
    is_built_in: bool,
    /// `decided`, `overruled`, `failed`, or `almost`: its conditions are not met.
    outcome: String,
}

/// Who can do this, and why: the decision with the policies that decided and those that almost did.
#[utoipa::path(post, path = "/admin/policies/explain", request_body = AskedShape, tag = "policies", responses(
    (status = 200, description = "The decision.", body = DecisionShape),
    (status = 400, description = "`malformed_request`", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such version, or without `policies:read`", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`: nobody of this name, no such act, organization or document", body = Problem, content_type = "application/problem+json"),
))]
pub async fn admin_explain_policies(
    State(auth): State<Auth>,
    reader: Require<ReadPolicies>,
    body: Result<JsonBody<Asked>, Refused>,
) -> Result<Json<ExplainedDecision>, Refused> {
    let JsonBody(asked) = body?;
    let explained = match asked {
        Asked::Question(asked) => flow::ask_policies(&auth, &reader.caller, &asked.question, asked.version).await,
        Asked::WhoCan(form) => flow::who_can(&auth, &reader.caller, &form, &reader.context).await,
    };
    explained.map(Json).map_err(|error| Refused::from_error(&error, reader.context.locale))
}
