//! `POST /api/v1/me/email/confirm`

use auth::form::ConfirmEmailForm;
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use utoipa::ToSchema;

use super::body::JsonBody;
use crate::problem::{Problem, Refused};

/// What was mailed to the new address: one of both.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::ConfirmEmailForm` for the document")]
struct ConfirmEmailChange {
    /// The token of the link.
    #[schema(required = false)]
    token: String,
    /// The code.
    #[schema(required = false, example = "123456")]
    code: String,
}

/// Proves the new address, which takes the place of the old one. The old one may undo it for 7 days.
#[utoipa::path(post, path = "/me/email/confirm", request_body = ConfirmEmailChange, tag = "account", responses(
    (status = 204, description = "The account has its new address."),
    (status = 400, description = "`malformed_request`: both at once", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`email_taken`: the address got an account meanwhile", body = Problem, content_type = "application/problem+json"),
    (status = 410, description = "`link_expired`: used, cancelled, too old, or of another account", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields` or `wrong_code`", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "`code_exhausted`: five wrong codes", body = Problem, content_type = "application/problem+json"),
))]
pub async fn confirm_email_change(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    body: Result<JsonBody<ConfirmEmailForm>, Refused>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let JsonBody(form) = body?;
    let proof = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let done = flow::confirm_email_change(&auth, &caller, &proof, &context).await;
    done.map(|_| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
