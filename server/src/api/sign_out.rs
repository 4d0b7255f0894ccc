//! `POST /api/v1/sign-out`

use app::server::{OWN_SESSION_COOKIE, REFRESH_COOKIE, cookie_of, set_cookie_text};
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::extract::{Extension, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::signed_in_answer::{with_cookie, without_refresh_cookie};
use crate::problem::{Problem, Refused};

/// Ends the session of the refresh cookie, and that of the access token, on every node within a second.
#[utoipa::path(post, path = "/sign-out", tag = "session", responses(
    (status = 204, description = "Signed out; also when nobody was signed in."),
    (status = 401, description = "`invalid_token`, `signed_out`: the access token ended nothing. Refresh and try again.", body = Problem, content_type = "application/problem+json"),
))]
pub async fn sign_out(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let refused = |error: auth::Error| Refused::from_error(&error, context.locale);
    let cookie = cookie_of(&headers, REFRESH_COOKIE);
    // Whoever signs out in another's place is signed out of their own account as well.
    for token in cookie.iter().chain(&cookie_of(&headers, OWN_SESSION_COOKIE)) {
        flow::sign_out(&auth, token, &context).await.map_err(refused)?;
    }
    match caller {
        Ok(caller) => flow::sign_out_caller(&auth, &caller, &context).await.map_err(refused)?,
        // A program that believes it signed out must not be wrong.
        Err(code) if cookie.is_none() && headers.contains_key(AUTHORIZATION) => {
            return Err(Refused::new(code, context.locale));
        }
        Err(_) => {}
    }
    let no_own_session = set_cookie_text(OWN_SESSION_COOKIE, "", 0);
    Ok(with_cookie(&no_own_session, without_refresh_cookie(StatusCode::NO_CONTENT)))
}
