//! `DELETE /api/v1/factors/totp`

use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::{Extension, State};
use axum::http::StatusCode;

use crate::problem::{Problem, Refused};

/// Takes the authenticator app off the account. With the last factor the recovery codes go as well. The person is told
/// by mail.
#[utoipa::path(delete, path = "/factors/totp", tag = "factor", responses(
    (status = 204, description = "The app is no second factor any more."),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required`: call `/reauthenticate`, then repeat this; `insufficient_scope`: for no personal access token", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`factor_unavailable`: the account has no app; `last_factor`: it must have a strong one", body = Problem, content_type = "application/problem+json"),
))]
pub async fn remove_totp(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let done = flow::remove_totp(&auth, &caller, &context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
