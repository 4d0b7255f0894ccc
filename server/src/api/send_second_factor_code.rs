//! `POST /api/v1/second-factor/send`

use auth::form::SendCodeForm;
use auth::{Auth, Context, flow};
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use utoipa::ToSchema;

use super::body::JsonBody;
use crate::problem::{Problem, Refused};

/// How a code is sent, and for which sign-in.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::SendCodeForm` for the document")]
struct SendCode {
    /// The ticket that the sign-in gave.
    ticket: String,
    /// `email_code` or `sms_code`.
    #[schema(example = "email_code")]
    method: String,
}

/// Sends a code for the second half of a sign-in; the one sent before is dead.
#[utoipa::path(post, path = "/second-factor/send", request_body = SendCode, tag = "session", responses(
    (status = 202, description = "A code is on its way."),
    (status = 409, description = "`factor_unavailable`: the account has no factor of this kind, or it is not sent", body = Problem, content_type = "application/problem+json"),
    (status = 410, description = "`second_factor_expired`: sign in again", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "`too_soon` or `factors_locked`, with Retry-After", body = Problem, content_type = "application/problem+json"),
))]
pub async fn send_second_factor_code(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    JsonBody(form): JsonBody<SendCodeForm>,
) -> Result<StatusCode, Refused> {
    let (ticket, method) = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let sent = flow::send_second_factor_code(&auth, &ticket, method, &context).await;
    sent.map(|()| StatusCode::ACCEPTED).map_err(|error| Refused::from_error(&error, context.locale))
}
