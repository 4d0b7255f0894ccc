//! Corrects two habits of server functions: a refusal has the status of its code, not 500, and a
//! form post is answered by 303, so that nothing is ever posted twice (RFC 9700, 4.12).

use app::error::AppError;
use auth::{Context, ErrorCode};
use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::problem::Refused;

const LIMIT: usize = 64 * 1024;

/// Corrects the answers below `/rpc/`.
pub async fn form_answer(request: Request, next: Next) -> Response {
    let locale = request.extensions().get::<Context>().map(|context| context.locale).unwrap_or_default();
    if !is_urlencoded(&request) {
        return Refused::new(ErrorCode::UnsupportedMediaType, locale).into_response();
    }
    let response = next.run(request).await;
    match response.status() {
        StatusCode::FOUND => {
            let (mut parts, body) = response.into_parts();
            parts.status = StatusCode::SEE_OTHER;
            Response::from_parts(parts, body)
        }
        StatusCode::INTERNAL_SERVER_ERROR => with_own_status(response).await,
        StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND => Refused::new(ErrorCode::NotFound, locale).into_response(),
        StatusCode::METHOD_NOT_ALLOWED => Refused::new(ErrorCode::MethodNotAllowed, locale).into_response(),
        _ => response,
    }
}

fn is_urlencoded(request: &Request) -> bool {
    request.method() != Method::POST
        || request
            .headers()
            .get(CONTENT_TYPE)
            .is_none_or(|kind| kind.to_str().is_ok_and(|kind| kind.starts_with("application/x-www-form-urlencoded")))
}

async fn with_own_status(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let bytes = to_bytes(body, LIMIT).await.unwrap_or_default();
    if let Ok(AppError(refusal)) = serde_json::from_slice(&bytes) {
        parts.status = StatusCode::from_u16(refusal.code.status()).unwrap_or(parts.status);
        parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(seconds) = refusal.retry_after {
            parts.headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
    }
    Response::from_parts(parts, bytes.into())
}
