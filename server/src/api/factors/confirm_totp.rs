//! `POST /api/v1/factors/totp/confirm`

use auth::form::ConfirmTotpForm;
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::{Extension, State};
use serde::Serialize;
use utoipa::ToSchema;

use super::recovery_codes_answer::texts;
use crate::api::body::JsonBody;
use crate::problem::{Problem, Refused};

/// The first code of an app.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::ConfirmTotpForm` for the document")]
struct ConfirmTotp {
    /// Six digits; blanks and dashes are forgiven.
    #[schema(example = "123456")]
    code: String,
}

/// What came with the app. No `Debug`.
#[derive(Serialize, ToSchema)]
pub struct TotpConfirmed {
    /// Ten codes, this once; null when the account has some that are unused.
    recovery_codes: Option<Vec<String>>,
}

/// Proves the authenticator app with its first code: from now on it is a second factor, and an app of before works no
/// more. The code is used up. The person is told by mail.
#[utoipa::path(post, path = "/factors/totp/confirm", request_body = ConfirmTotp, tag = "factor", responses(
    (status = 200, description = "The app is a second factor.", body = TotpConfirmed),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`insufficient_scope`: for no personal access token", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`factor_unavailable`: no key waits in this session; `changed_meanwhile`", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields` or `wrong_code`", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "`code_exhausted`: five wrong codes; make another key", body = Problem, content_type = "application/problem+json"),
))]
pub async fn confirm_totp(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    body: Result<JsonBody<ConfirmTotpForm>, Refused>,
) -> Result<Json<TotpConfirmed>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let JsonBody(form) = body?;
    let code = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let done = flow::confirm_totp(&auth, &caller, &code, &context).await;
    done.map(|codes| Json(TotpConfirmed { recovery_codes: codes.as_ref().map(texts) }))
        .map_err(|error| Refused::from_error(&error, context.locale))
}
