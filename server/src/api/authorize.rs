//! `POST /api/v1/authorize`

use auth::form::AuthorizeForm;
use auth::view::Authorization;
use auth::{Auth, ErrorCode, flow};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::JsonBody;
use crate::extract::CurrentUser;
use crate::problem::{Problem, Refused};

/// One question, or up to a hundred.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum Asked {
    /// Several.
    Batch(Batch),
    /// One.
    One(AuthorizeForm),
}

/// Several questions.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    questions: Vec<AuthorizeForm>,
}

/// Several answers, in the order of the questions.
#[derive(Serialize)]
struct Answers {
    answers: Vec<Authorization>,
}

/// A question; or `questions`, up to 100 of them.
#[derive(ToSchema)]
#[schema(as = Authorize)]
#[expect(dead_code, reason = "the shape of `auth::form::AuthorizeForm` for the document")]
struct AuthorizeShape {
    /// What, as `resource:action`.
    #[schema(example = "documents:read")]
    action: String,
    /// The id of the organization; none for an act on the platform.
    organization: Option<String>,
    /// The id of a document of it.
    document: Option<String>,
    /// Instead of it, what a document would be like.
    document_like: Option<DocumentLikeShape>,
    /// The id of the account that is asked about; only with `policies:read`. The caller's own when it is missing.
    user: Option<String>,
    /// Instead of all of these: up to 100 questions of this shape.
    questions: Option<Vec<serde_json::Value>>,
}

/// What a document is like that need not exist.
#[derive(ToSchema)]
#[schema(as = DocumentLike)]
#[expect(dead_code, reason = "the shape of `auth::form::DocumentLike` for the document")]
struct DocumentLikeShape {
    /// The id of its owner; whoever is asked about when it is missing.
    owner: Option<String>,
    /// The department it is for.
    department: Option<String>,
    /// `public`, `internal`, `confidential` or `secret`.
    #[schema(example = "confidential")]
    sensitivity: String,
    /// `draft`, `published` or `archived`.
    #[schema(example = "published")]
    state: String,
}

/// The answer; `answers` in the order of `questions`.
#[derive(ToSchema)]
#[schema(as = Authorization)]
#[expect(dead_code, reason = "the shape of `auth::view::Authorization` for the document")]
struct AuthorizationShape {
    /// Whether it may be done.
    allowed: bool,
    /// The policies that decided it; only with `policies:read`.
    reasons: Option<Vec<String>>,
}

/// Whether something may be done, by the roles and policies in force. An organization that the account is not in and one
/// that is not there get the same answer.
#[utoipa::path(post, path = "/authorize", request_body = AuthorizeShape, tag = "authorization", responses(
    (status = 200, description = "The answer, or one for each question.", body = AuthorizationShape),
    (status = 400, description = "`malformed_request`: an id that is none, or a document without its organization", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`insufficient_scope`: for no personal access token", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: somebody else is asked about by somebody who may not, or is nobody", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`too_many`: more than 100 questions", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`: no such act, sensitivity or state", body = Problem, content_type = "application/problem+json"),
))]
pub async fn authorize(
    State(auth): State<Auth>,
    user: CurrentUser,
    body: Result<JsonBody<Asked>, Refused>,
) -> Result<Response, Refused> {
    let CurrentUser { caller, context } = user;
    let JsonBody(asked) = body?;
    let (questions, is_one) = match asked {
        Asked::One(question) => (vec![question], true),
        Asked::Batch(batch) => (batch.questions, false),
    };
    let answers = flow::authorize(&auth, &caller, &questions, &context).await;
    let mut answers = answers.map_err(|error| Refused::from_error(&error, context.locale))?;
    if !is_one {
        return Ok(Json(Answers { answers }).into_response());
    }
    let only = answers.pop().ok_or_else(|| Refused::new(ErrorCode::Internal, context.locale))?;
    Ok(Json(only).into_response())
}
