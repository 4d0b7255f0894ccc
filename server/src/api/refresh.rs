//! `POST /api/v1/refresh`

use app::server::{REFRESH_COOKIE, cookie_of};
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::{Extension, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};

use super::sign_in::AccessGrantShape;
use super::signed_in_answer::{with_refresh_cookie, without_refresh_cookie};
use crate::problem::{Problem, Refused};

/// Rotates the refresh cookie and grants an access token.
#[utoipa::path(post, path = "/refresh", tag = "session", responses(
    (status = 200, description = "The session goes on.", body = AccessGrantShape),
    (status = 401, description = "`signed_out`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`insufficient_scope`: for no personal access token", body = Problem, content_type = "application/problem+json"),
))]
pub async fn refresh(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    headers: HeaderMap,
) -> Response {
    // A program with a personal access token has nothing to refresh, and hears so.
    if let Err(code @ ErrorCode::InsufficientScope) = caller {
        return Refused::new(code, context.locale).into_response();
    }
    let Some(token) = cookie_of(&headers, REFRESH_COOKIE) else {
        return Refused::new(ErrorCode::SignedOut, context.locale).into_response();
    };
    match flow::refresh(&auth, &token, &context).await {
        Ok(refreshed) => with_refresh_cookie(&auth, &refreshed.refresh_token, Json(refreshed.access)),
        Err(error) if error.refusal().code == ErrorCode::SignedOut => {
            without_refresh_cookie(Refused::from_error(&error, context.locale))
        }
        Err(error) => Refused::from_error(&error, context.locale).into_response(),
    }
}
