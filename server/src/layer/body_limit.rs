//! No request is larger than 64 KiB. The body is read here, once, so everything behind works on
//! something small and complete.

use auth::{Context, ErrorCode};
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::CONTENT_LENGTH;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::time::Duration;

use crate::problem::Refused;

const LIMIT: usize = 64 * 1024;
/// A body that trickles in is not waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// Reads the body, or refuses it.
pub async fn body_limit(request: Request, next: Next) -> Response {
    let locale = request.extensions().get::<Context>().map(|context| context.locale).unwrap_or_default();
    let refuse = |code: ErrorCode| Refused::new(code, locale).into_response();
    let announced =
        request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > LIMIT) {
        return refuse(ErrorCode::TooLarge);
    }
    let (parts, body) = request.into_parts();
    match tokio::time::timeout(PATIENCE, to_bytes(body, LIMIT)).await {
        Ok(Ok(bytes)) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Ok(Err(error)) if error.to_string().contains("length limit") => refuse(ErrorCode::TooLarge),
        Ok(Err(_)) | Err(_) => refuse(ErrorCode::MalformedRequest),
    }
}
