//! A refusal that says more than its code: what is wrong with which line, which case, which policy.

use auth::text::text;
use auth::{ErrorCode, Locale};
use axum::Json;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// A problem document (RFC 9457, 3.2) with one member more.
#[derive(Serialize)]
struct Detailed<T> {
    #[serde(rename = "type")]
    kind: String,
    status: u16,
    code: &'static str,
    title: String,
    #[serde(flatten)]
    details: T,
}

/// The answer.
pub fn refuse<T: Serialize>(code: ErrorCode, locale: Locale, details: T) -> Response {
    let problem = Detailed {
        kind: format!("/problems/{}", code.as_str()),
        status: code.status(),
        code: code.as_str(),
        title: text(locale, &format!("error.{}", code.as_str())),
        details,
    };
    let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, Json(problem)).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}
