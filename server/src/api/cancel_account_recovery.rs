//! `DELETE /api/v1/account-recovery`

use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::{Extension, State};
use axum::http::StatusCode;

use crate::problem::{Problem, Refused};

/// Calls the recovery of one's own account by mail off. Doing it again changes nothing.
#[utoipa::path(delete, path = "/account-recovery", tag = "factors", responses(
    (status = 204, description = "None runs any more."),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn cancel_account_recovery(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let done = flow::cancel_account_recovery(&auth, &caller, &context).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
