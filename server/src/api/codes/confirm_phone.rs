//! `POST /api/v1/factors/phone/confirm`

use auth::form::SentCodeForm;
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::{Extension, State};

use super::confirmed::{CodesConfirmed, SentCodeShape};
use crate::api::body::JsonBody;
use crate::problem::{Problem, Refused};

/// Proves the phone number with the code that was sent there; it takes the place of an older one. The person is told
/// by mail.
#[utoipa::path(post, path = "/factors/phone/confirm", request_body = SentCodeShape, tag = "factor", responses(
    (status = 200, description = "They are a factor now.", body = CodesConfirmed),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields` or `wrong_code`", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "`code_exhausted`: five wrong codes", body = Problem, content_type = "application/problem+json"),
))]
pub async fn confirm_phone(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    body: Result<JsonBody<SentCodeForm>, Refused>,
) -> Result<Json<CodesConfirmed>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let JsonBody(form) = body?;
    let code = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let made = flow::confirm_phone(&auth, &caller, &code, &context).await;
    made.map(|made| Json(made.into())).map_err(|error| Refused::from_error(&error, context.locale))
}
