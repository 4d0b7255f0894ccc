//! A panic costs one request: it is logged, and the caller hears general words (ASVS 5.0, 16.5.4).

use auth::{ErrorCode, Locale};
use axum::response::{IntoResponse, Response};
use std::any::Any;
use tower_http::catch_panic::CatchPanicLayer;

use crate::problem::Refused;

/// Stands around every route, and catches what nothing within caught.
pub fn layer() -> CatchPanicLayer<fn(Box<dyn Any + Send + 'static>) -> Response> {
    let answer: fn(Box<dyn Any + Send + 'static>) -> Response = answer;
    CatchPanicLayer::custom(answer)
}

/// The answer of a request that panicked.
#[expect(clippy::needless_pass_by_value, reason = "the signature of tower-http's ResponseForPanic")]
fn answer(cause: Box<dyn Any + Send + 'static>) -> Response {
    let words = cause
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| cause.downcast_ref::<&str>().copied())
        .unwrap_or("no words");
    tracing::error!(panic = words, "a request panicked");
    Refused::new(ErrorCode::Internal, Locale::default()).into_response()
}
