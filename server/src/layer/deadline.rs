//! No request is worked on for ever: what it waits for may never come, such as a database that was cut off without a word
//! (ASVS 5.0, 16.5.2). It stands behind the layer that renews a session, whose cookie so leaves with the refusal; and the time is
//! shorter than the grace of a rotated token, so whoever asks again with the old one is still taken for who they are.

use auth::{Context, ErrorCode, Refusal};
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use std::time::Duration;
use tokio::time::timeout;

use super::body_limit::BodyBounds;
use crate::door::DoorLimits;
use crate::problem::Refused;

/// How long an answer may take to begin.
pub const DEADLINE: Duration = Duration::from_secs(20);
/// When whoever was given up should come again, in seconds.
const RETRY_AFTER: u32 = 5;

/// How long requests may take.
#[derive(Clone, Copy)]
pub struct Deadlines {
    ordinary: Duration,
    /// With a large body, which is still to be read.
    large: Duration,
}

impl Deadlines {
    /// Those of a house with this door.
    pub fn of(door: &DoorLimits) -> Self {
        Self { ordinary: DEADLINE, large: DEADLINE + door.large_body }
    }
}

/// Answers a request in time, or gives it up.
pub async fn deadline<F>(deadlines: Deadlines, request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    let locale = request.extensions().get::<Context>().map(|context| context.locale).unwrap_or_default();
    let is_large = request.extensions().get::<BodyBounds>().is_some();
    let patience = if is_large { deadlines.large } else { deadlines.ordinary };
    timeout(patience, next(request)).await.unwrap_or_else(|_| {
        tracing::warn!("a request was given up: what it waited for did not come in time");
        Refused::new(Refusal::retry_after(ErrorCode::Busy, RETRY_AFTER), locale).into_response()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::Body;
    use axum::http::StatusCode;
    use axum::middleware::{Next, from_fn};
    use axum::routing::get;
    use tower::ServiceExt as _;

    #[tokio::test]
    async fn a_request_that_waits_for_ever_is_given_up_and_others_are_not() {
        let short = Deadlines { ordinary: Duration::from_millis(50), large: Duration::from_secs(60) };
        let routes = Router::new()
            .route("/never", get(|| async { std::future::pending::<()>().await }))
            .route("/soon", get(|| async { tokio::time::sleep(Duration::from_millis(5)).await }))
            .layer(from_fn(move |request: Request, next: Next| deadline(short, request, |request| next.run(request))));
        for (path, status) in [("/never", StatusCode::SERVICE_UNAVAILABLE), ("/soon", StatusCode::OK)] {
            let request = Request::get(path).body(Body::empty()).unwrap();
            let answer = routes.clone().oneshot(request).await.unwrap();
            assert_eq!(answer.status(), status, "{path}");
            let is_told_when = answer.headers().get("retry-after").is_some_and(|seconds| seconds == "5");
            assert_eq!(is_told_when, path == "/never");
        }
    }

    #[test]
    fn whoever_is_given_up_may_still_bring_the_token_of_before() {
        let grace = auth::settings::Lifetimes::default().rotation_grace;
        assert!(DEADLINE < Duration::from_secs(grace.unsigned_abs()));
    }
}
