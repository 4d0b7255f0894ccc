//! `POST /api/v1/reauthenticate/send`

use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, FactorMethod, flow};
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::JsonBody;
use crate::problem::{Problem, Refused};

/// By which way a code is wanted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WantedCode {
    /// `sms_code`: a mailed code is no proof of a factor.
    #[schema(value_type = String, example = "sms_code")]
    method: FactorMethod,
}

/// Sends a code to the account's phone, good for 10 minutes and in this session alone. The code of before is dead. It
/// goes to `/reauthenticate`.
#[utoipa::path(post, path = "/reauthenticate/send", request_body = WantedCode, tag = "session", responses(
    (status = 204, description = "The code is on its way."),
    (status = 400, description = "`malformed_request`: no such method", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`factor_unavailable`: the account has no phone, or codes by SMS are off", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "`too_soon`, with Retry-After", body = Problem, content_type = "application/problem+json"),
))]
pub async fn reauthenticate_send(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    body: Result<JsonBody<WantedCode>, Refused>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let JsonBody(wanted) = body?;
    let sent = flow::send_step_up_code(&auth, &caller, wanted.method, &context).await;
    sent.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
