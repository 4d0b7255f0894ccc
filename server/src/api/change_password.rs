//! `POST /api/v1/change-password`

use auth::form::ChangePasswordForm;
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use utoipa::ToSchema;

use super::body::JsonBody;
use crate::problem::{Problem, Refused};

/// The password of today and the one of tomorrow.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::ChangePasswordForm` for the document")]
struct ChangePassword {
    /// The current password; not asked of an account that has none.
    #[schema(format = Password, required = false)]
    current_password: String,
    /// 12 to 256 characters of any kind.
    #[schema(format = Password)]
    new_password: String,
    /// Whether all other devices are signed out; `true` when missing.
    #[schema(required = false)]
    end_other_sessions: bool,
}

/// Changes the password of whoever holds the access token. Their own session goes on.
///
/// Every access token of before is over, also the one of this request: it is answered `invalid_token` from
/// now on, and a refresh gives the next one. Other devices that stay signed in refresh as well.
#[utoipa::path(post, path = "/change-password", request_body = ChangePassword, tag = "account", responses(
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 204, description = "The password is changed, and every access token of before is over: refresh."),
    (status = 409, description = "`changed_meanwhile`: another change was faster", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`; `password_wrong` for the current one", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "`busy`, with Retry-After", body = Problem, content_type = "application/problem+json"),
))]
pub async fn change_password(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    // Looked at after the caller: a stranger hears 401, whatever was sent.
    body: Result<JsonBody<ChangePasswordForm>, Refused>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let JsonBody(form) = body?;
    let change = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let done = flow::change_password(&auth, &caller, change, &context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
