//! `POST /api/v1/forgot-password`

use auth::form::ForgotPasswordForm;
use auth::{Auth, Context, flow};
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use utoipa::ToSchema;

use super::body::JsonBody;
use crate::problem::{Problem, Refused};

/// The address of an account.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::ForgotPasswordForm` for the document")]
struct ForgotPassword {
    /// The address.
    #[schema(example = "alice@example.com")]
    email: String,
}

/// Mails a link and a code that lead to a new password, for 10 minutes; older ones are dead. The
/// answer is the same for known and unknown addresses; the mail differs. Two mails in 10 minutes for
/// one address is the most: beyond, the last one stays good. After twenty wrong codes within a day the
/// mail carries the link alone.
#[utoipa::path(post, path = "/forgot-password", request_body = ForgotPassword, tag = "account", responses(
    (status = 202, description = "A mail is on its way."),
    (status = 422, description = "`invalid_fields`", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "`too_many_attempts`, with Retry-After and perhaps work that spares the wait", body = Problem, content_type = "application/problem+json"),
))]
pub async fn forgot_password(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    JsonBody(form): JsonBody<ForgotPasswordForm>,
) -> Result<StatusCode, Refused> {
    let email = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    // The ticket is for the page that waits for the code; a program sends the address with it.
    let done = flow::forgot_password(&auth, &email, &context).await;
    done.map(|_ticket| StatusCode::ACCEPTED).map_err(|error| Refused::from_error(&error, context.locale))
}
