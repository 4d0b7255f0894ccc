//! No request is worked on for ever: what it waits for may never come, such as a database that was cut off without a word
//! (ASVS 5.0, 16.5.2). It stands around everything that looks anything up, finding out who asks included, and once the time is over
//! nothing is looked up any more. A cookie that was renewed meanwhile leaves with the refusal; and the time is shorter than the
//! grace of a rotated token, so whoever asks again with the old one is still taken for who they are.

use auth::{Context, ErrorCode, Locale, Refusal};
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Response};
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::task::Poll;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

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

/// As an extension of a request: cookies that were renewed for it, and leave with the refusal when it is given up.
#[derive(Clone, Default)]
pub struct RenewedCookies(Arc<OnceLock<Vec<HeaderValue>>>);

impl RenewedCookies {
    /// Keeps these lines of `Set-Cookie`; they are renewed once in a request.
    pub fn keep(&self, lines: Vec<HeaderValue>) {
        let _ = self.0.set(lines);
    }

    fn lines(&self) -> impl Iterator<Item = &HeaderValue> {
        self.0.get().into_iter().flatten()
    }
}

/// Answers a request in time, or gives it up.
pub async fn deadline<F>(deadlines: Deadlines, mut request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    let locale = request.extensions().get::<Context>().map(|context| context.locale).unwrap_or_default();
    let is_large = request.extensions().get::<BodyBounds>().is_some();
    let until = Instant::now() + if is_large { deadlines.large } else { deadlines.ordinary };
    let renewed = RenewedCookies::default();
    request.extensions_mut().insert(renewed.clone());
    let mut answering = pin!(next(request));
    let mut over = pin!(sleep_until(until));
    let answer = poll_fn(|context| {
        // First of all: woken too late, it would go on with what comes next.
        if Instant::now() >= until {
            return Poll::Ready(None);
        }
        match answering.as_mut().poll(context) {
            Poll::Ready(answer) => Poll::Ready(Some(answer)),
            Poll::Pending => over.as_mut().poll(context).map(|()| None),
        }
    });
    answer.await.unwrap_or_else(|| given_up(&renewed, locale))
}

fn given_up(renewed: &RenewedCookies, locale: Locale) -> Response {
    tracing::warn!("a request was given up: what it waited for did not come in time");
    let mut refused = Refused::new(Refusal::retry_after(ErrorCode::Busy, RETRY_AFTER), locale).into_response();
    for line in renewed.lines() {
        refused.headers_mut().append(SET_COOKIE, line.clone());
    }
    refused
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::http::StatusCode;
    use std::future::pending;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::task::yield_now;
    use tokio::time::{advance, sleep};

    const SHORT: Deadlines = Deadlines { ordinary: Duration::from_millis(50), large: Duration::from_secs(60) };
    const SOON: Duration = Duration::from_millis(5);

    fn request() -> Request {
        Request::new(Body::empty())
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_that_waits_for_ever_is_given_up_and_others_are_not() {
        let never = deadline(SHORT, request(), |_| pending()).await;
        assert_eq!(never.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(never.headers()["retry-after"], "5");
        let soon = deadline(SHORT, request(), |_| async {
            sleep(SOON).await;
            StatusCode::OK.into_response()
        });
        assert_eq!(soon.await.status(), StatusCode::OK);
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_is_looked_up_once_the_time_is_over() {
        for (woken_after, status, looked_up) in [(SOON, 200, 1), (Duration::from_millis(50), 503, 0)] {
            let looks = Arc::new(AtomicUsize::new(0));
            let counter = Arc::clone(&looks);
            let asked = tokio::spawn(deadline(SHORT, request(), |_| async move {
                sleep(SOON).await;
                counter.fetch_add(1, Ordering::Relaxed);
                StatusCode::OK.into_response()
            }));
            yield_now().await;
            // Both are over when it is woken again, as on a machine that has too much to do.
            advance(woken_after).await;
            let answer = asked.await.unwrap();
            assert_eq!(
                (answer.status().as_u16(), looks.load(Ordering::Relaxed)),
                (status, looked_up),
                "{woken_after:?}"
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_cookie_that_was_renewed_leaves_with_the_refusal() {
        let answer = deadline(SHORT, request(), |request| async move {
            let renewed = request.extensions().get::<RenewedCookies>().cloned().unwrap_or_default();
            renewed.keep(vec![HeaderValue::from_static("__Host-refresh=newest")]);
            pending().await
        });
        assert_eq!(answer.await.headers()[SET_COOKIE], "__Host-refresh=newest");
        let control = deadline(SHORT, request(), |_| pending()).await;
        assert!(!control.headers().contains_key(SET_COOKIE), "the control: nothing was renewed");
    }

    #[test]
    fn whoever_is_given_up_may_still_bring_the_token_of_before() {
        let grace = auth::settings::Lifetimes::default().rotation_grace;
        assert!(DEADLINE < Duration::from_secs(grace.unsigned_abs()));
    }
}
