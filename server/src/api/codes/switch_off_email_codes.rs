//! `DELETE /api/v1/factors/email-code`

use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::{Extension, State};
use axum::http::StatusCode;

use crate::problem::{Problem, Refused};

/// Takes codes by mail away as a factor. The person is told by mail.
#[utoipa::path(delete, path = "/factors/email-code", tag = "factor", responses(
    (status = 204, description = "Codes by mail are no factor any more."),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required`: call `/reauthenticate`, then repeat this", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`factor_unavailable`: they are off", body = Problem, content_type = "application/problem+json"),
))]
pub async fn switch_off_email_codes(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let done = flow::switch_off_email_codes(&auth, &caller, &context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
