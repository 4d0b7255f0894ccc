//! `DELETE /api/v1/admin/impersonation`

use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::{Extension, State};
use axum::http::StatusCode;

use crate::problem::{Problem, Refused};

/// Ends a session in somebody else's place: that of the access token, or with one's own token whatever one began.
#[utoipa::path(delete, path = "/admin/impersonation", tag = "admin", responses(
    (status = 204, description = "It is over; also when there was none."),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: neither such a session nor an administrator", body = Problem, content_type = "application/problem+json"),
))]
pub async fn end_impersonation(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let done = flow::end_impersonation(&auth, &caller, &context).await;
    done.map(|_| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
