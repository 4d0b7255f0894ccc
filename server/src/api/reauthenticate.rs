//! `POST /api/v1/reauthenticate`

use auth::form::ReauthenticateForm;
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use utoipa::ToSchema;

use super::body::JsonBody;
use crate::problem::{Problem, Refused};

/// A fresh proof of the person.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::ReauthenticateForm` for the document")]
struct Reauthenticate {
    /// The password of today.
    #[schema(format = Password)]
    current_password: String,
}

/// Proves the person behind the session once more. Risky acts are granted for 15 minutes afterwards.
#[utoipa::path(post, path = "/reauthenticate", request_body = Reauthenticate, tag = "session", responses(
    (status = 204, description = "The person is proved."),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: the account has no password", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`changed_meanwhile`", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`; `password_wrong`", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "`too_many_tries`: ten wrong passwords ended the session", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "`busy`, with Retry-After", body = Problem, content_type = "application/problem+json"),
))]
pub async fn reauthenticate(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    body: Result<JsonBody<ReauthenticateForm>, Refused>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let JsonBody(form) = body?;
    let password = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let done = flow::reauthenticate(&auth, &caller, &password, &context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
