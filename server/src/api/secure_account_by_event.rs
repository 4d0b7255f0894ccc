//! `POST /api/v1/activity/{id}/not-me`

use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;

use crate::problem::{Problem, Refused};

/// "This was not me", about one event of the activity: every session ends, this one too, the password is
/// void, and a mail leads to a new one.
#[utoipa::path(post, path = "/activity/{id}/not-me", tag = "account", params(
    ("id" = String, Path, description = "The event"),
), responses(
    (status = 204, description = "The account is secured."),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no event of this account", body = Problem, content_type = "application/problem+json"),
))]
pub async fn secure_account_by_event(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    event: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let Path(event) = event.map_err(|_| Refused::new(ErrorCode::NotFound, context.locale))?;
    let done = flow::secure_account_by_event(&auth, &caller, &event, &context).await;
    done.map(|_| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}
