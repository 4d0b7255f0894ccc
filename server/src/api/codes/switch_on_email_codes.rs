//! `POST /api/v1/factors/email-code`

use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::{Extension, State};
use axum::http::StatusCode;

use crate::problem::{Problem, Refused};

/// Sends a code to the account's own address. Codes by mail are a factor once it came back.
#[utoipa::path(post, path = "/factors/email-code", tag = "factor", responses(
    (status = 202, description = "A code is on its way."),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required`: call `/reauthenticate`, then repeat this", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`factor_unavailable`: not offered here", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "`too_soon`, with Retry-After", body = Problem, content_type = "application/problem+json"),
))]
pub async fn switch_on_email_codes(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let done = flow::switch_on_email_codes(&auth, &caller, &context).await;
    done.map(|()| StatusCode::ACCEPTED).map_err(|error| Refused::from_error(&error, context.locale))
}
