//! `POST /api/v1/sign-up`

use auth::form::SignUpForm;
use auth::{Auth, Context, flow};
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use utoipa::ToSchema;

use super::body::JsonBody;
use crate::problem::{Problem, Refused};

/// The account to be made.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::SignUpForm` for the document")]
struct SignUp {
    /// The address to prove.
    #[schema(example = "alice@example.com")]
    email: String,
    /// 12 to 256 characters of any kind.
    #[schema(format = Password)]
    password: String,
    /// What the person wants to be called.
    #[schema(example = "Alice")]
    name: String,
}

/// Creates an account that waits for its address to be proved. The answer is the same for new and
/// known addresses; the mail differs.
#[utoipa::path(post, path = "/sign-up", request_body = SignUp, tag = "account", responses(
    (status = 202, description = "A mail is on its way."),
    (status = 422, description = "`invalid_fields`", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "`too_many_attempts`, with Retry-After and perhaps work that spares the wait", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "`busy`, with Retry-After", body = Problem, content_type = "application/problem+json"),
))]
pub async fn sign_up(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    JsonBody(form): JsonBody<SignUpForm>,
) -> Result<StatusCode, Refused> {
    let account = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let done = flow::sign_up(&auth, account, &context).await;
    done.map(|_ticket| StatusCode::ACCEPTED).map_err(|error| Refused::from_error(&error, context.locale))
}
