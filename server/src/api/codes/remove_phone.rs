//! `DELETE /api/v1/factors/phone`

use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::{Extension, State};
use axum::http::StatusCode;

use crate::problem::{Problem, Refused};

/// Forgets the phone number: codes by SMS are no factor any more. The person is told by mail.
#[utoipa::path(delete, path = "/factors/phone", tag = "factor", responses(
    (status = 204, description = "There is no number any more."),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required`: call `/reauthenticate`, then repeat this", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`factor_unavailable`: there is none; `last_factor`: the account must have a strong one", body = Problem, content_type = "application/problem+json"),
))]
pub async fn remove_phone(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let done = flow::remove_phone(&auth, &caller, &context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
