//! A panic costs one request: it is logged, and the caller hears general words (ASVS 5.0, 16.5.4).

use auth::{ErrorCode, Locale};
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use std::any::Any;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use crate::problem::Refused;

/// Stands around every route, and catches what nothing within caught. What panicked is not asked again, so nobody sees
/// what it left half done.
pub async fn caught<F>(request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    let mut answering = pin!(next(request));
    poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| answering.as_mut().poll(context))) {
        Ok(answer) => answer,
        Err(cause) => Poll::Ready(answer(&*cause)),
    })
    .await
}

/// The answer of a request that panicked.
fn answer(cause: &(dyn Any + Send)) -> Response {
    let words = cause
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| cause.downcast_ref::<&str>().copied())
        .unwrap_or("no words");
    tracing::error!(panic = words, "a request panicked");
    Refused::new(ErrorCode::Internal, Locale::default()).into_response()
}
