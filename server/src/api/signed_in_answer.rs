//! The refresh cookie of REST answers.

use app::server::{REFRESH_COOKIE, refresh_cookie, set_cookie_text};
use auth::Auth;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, SET_COOKIE};
use axum::response::{IntoResponse, Response};
use secrecy::SecretString;

/// Adds the refresh cookie to an answer.
pub fn with_refresh_cookie(auth: &Auth, token: &SecretString, answer: impl IntoResponse) -> Response {
    with_cookie(&refresh_cookie(token, auth.lifetimes().session), answer)
}

/// Removes the refresh cookie with an answer.
pub fn without_refresh_cookie(answer: impl IntoResponse) -> Response {
    with_cookie(&set_cookie_text(REFRESH_COOKIE, "", 0), answer)
}

/// Keeps an answer out of every cache: it carries a secret.
pub fn no_store(answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Adds a cookie to an answer.
pub fn with_cookie(cookie: &str, answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(SET_COOKIE, value);
    }
    response
}
