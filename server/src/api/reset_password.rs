//! `POST /api/v1/reset-password`

use auth::flow::{self, ResetProof};
use auth::form::{MailedProof, ResetPasswordForm};
use auth::{Auth, Context};
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use utoipa::ToSchema;

use super::body::JsonBody;
use crate::problem::{Problem, Refused};

/// A new password, with either the token of the mailed link, or the address and the mailed code.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::ResetPasswordForm` for the document")]
struct ResetPassword {
    /// The token of the link.
    #[schema(required = false)]
    token: String,
    /// The address the mail went to.
    #[schema(example = "alice@example.com", required = false)]
    email: String,
    /// The six digits of the mail.
    #[schema(example = "123456", required = false)]
    code: String,
    /// 12 to 256 characters of any kind.
    #[schema(format = Password)]
    new_password: String,
}

/// Sets a new password and ends all sessions of the account. Nobody is signed in by it. A refused
/// password consumes neither link nor code.
#[utoipa::path(post, path = "/reset-password", request_body = ResetPassword, tag = "account", responses(
    (status = 204, description = "The password is changed; sign in with it."),
    (status = 400, description = "`malformed_request`: also a token and a code together", body = Problem, content_type = "application/problem+json"),
    (status = 410, description = "`reset_expired`: the link was used, replaced, or is older than 10 minutes", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`wrong_code` or `invalid_fields`", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "`too_many_attempts`, with Retry-After and perhaps work that spares the wait", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "`busy`, with Retry-After", body = Problem, content_type = "application/problem+json"),
))]
pub async fn reset_password(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    JsonBody(form): JsonBody<ResetPasswordForm>,
) -> Result<StatusCode, Refused> {
    let reset = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let proof = match reset.proof {
        MailedProof::Link(token) => ResetProof::Link(token),
        MailedProof::Code(email, code) => ResetProof::EmailCode(email, code),
    };
    let done = flow::reset_password(&auth, proof, &reset.new_password, &context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
