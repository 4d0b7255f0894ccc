//! A panic costs one request: it is logged, and the caller hears general words.

use auth::{ErrorCode, Locale};
use axum::response::{IntoResponse, Response};
use std::any::Any;

use crate::problem::Refused;

/// The answer of a request that panicked.
#[expect(clippy::needless_pass_by_value, reason = "the signature of tower-http's ResponseForPanic")]
pub fn answer(cause: Box<dyn Any + Send + 'static>) -> Response {
    let words = cause
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| cause.downcast_ref::<&str>().copied())
        .unwrap_or("no words");
    tracing::error!(panic = words, "a request panicked");
    Refused::new(ErrorCode::Internal, Locale::default()).into_response()
}
