//! `CONNECT` is for proxies (RFC 9110, 9.3.6), which this is not: what it names is no address of ours, and what routes by path
//! finds none in it.

use auth::{Context, ErrorCode};
use axum::extract::Request;
use axum::http::header::ALLOW;
use axum::http::{HeaderValue, Method};
use axum::response::{IntoResponse, Response};

use crate::problem::Refused;

/// Refuses to be a proxy.
pub fn refuse_connect(request: &Request) -> Option<Response> {
    if request.method() != Method::CONNECT {
        return None;
    }
    let locale = request.extensions().get::<Context>().map(|context| context.locale).unwrap_or_default();
    let mut refused = Refused::new(ErrorCode::MethodNotAllowed, locale).into_response();
    // Required of a 405; empty where nothing is allowed (RFC 9110, 10.2.1).
    refused.headers_mut().insert(ALLOW, HeaderValue::from_static(""));
    Some(refused)
}
