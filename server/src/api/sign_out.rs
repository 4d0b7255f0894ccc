//! `POST /api/v1/sign-out`

use app::server::{REFRESH_COOKIE, cookie_of};
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::signed_in_answer::without_refresh_cookie;
use crate::problem::Refused;

/// Ends the session of the refresh cookie, and that of the access token, on every node within a second.
#[utoipa::path(post, path = "/sign-out", tag = "session", responses(
    (status = 204, description = "Signed out; also when nobody was signed in."),
))]
pub async fn sign_out(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    if let Some(token) = cookie_of(&headers, REFRESH_COOKIE) {
        let done = flow::sign_out(&auth, &token, &context).await;
        done.map_err(|error| Refused::from_error(&error, context.locale))?;
    }
    if let Ok(caller) = caller {
        let done = flow::sign_out_caller(&auth, &caller, &context).await;
        done.map_err(|error| Refused::from_error(&error, context.locale))?;
    }
    Ok(without_refresh_cookie(StatusCode::NO_CONTENT))
}
