//! `POST /api/v1/reauthenticate/send`

use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, FactorMethod, Field, FieldIssue, Refusal, flow};
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::JsonBody;
use crate::problem::{Problem, Refused};

/// By which way a code is wanted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WantedStepUpCode {
    /// `sms_code`: a mailed code is no proof of a factor.
    #[serde(default)]
    #[schema(example = "sms_code")]
    method: String,
}

impl WantedStepUpCode {
    fn parse(&self) -> Result<FactorMethod, Refusal> {
        let issue = if self.method.is_empty() { FieldIssue::Required } else { FieldIssue::Unknown };
        FactorMethod::parse(&self.method).ok_or_else(|| Refusal::invalid(vec![(Field::Method, issue)]))
    }
}

/// Sends a code to the account's phone, good for 10 minutes and in this session alone. The code of before is dead. It
/// goes to `/reauthenticate`.
#[utoipa::path(post, path = "/reauthenticate/send", request_body = WantedStepUpCode, tag = "session", responses(
    (status = 204, description = "The code is on its way."),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`factor_unavailable`: the account has no phone, or codes by SMS are off", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "`too_soon`, with Retry-After", body = Problem, content_type = "application/problem+json"),
))]
pub async fn reauthenticate_send(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    body: Result<JsonBody<WantedStepUpCode>, Refused>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let JsonBody(wanted) = body?;
    let method = wanted.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let sent = flow::send_step_up_code(&auth, &caller, method, &context).await;
    sent.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
