//! No request is worked on for ever: what it waits for may never come, such as a database that was cut off without a word
//! (ASVS 5.0, 16.5.2). It stands around everything that looks anything up, finding out who asks included, and once the time is over
//! nothing is looked up any more. A cookie that was renewed meanwhile leaves with the refusal; and the time is shorter than the
//! grace of a rotated token, so whoever asks again with the old one is still taken for who they are.
//!
//! A large body is taken within it, once it is known who sends it. How long that takes is up to the sender, and bounded by
//! `large_body.rs`; meanwhile the time stands still. So nobody has more of it for what is looked up, whatever they announce.

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
use crate::problem::Refused;

/// How long an answer may take to begin.
pub const DEADLINE: Duration = Duration::from_secs(20);
/// When whoever was given up should come again, in seconds.
const RETRY_AFTER: u32 = 5;

/// As an extension of a request whose large body is still to be read: from when to when it was taken.
#[derive(Clone, Default)]
pub struct BodyTime(Arc<Taken>);

#[derive(Default)]
struct Taken {
    since: OnceLock<Instant>,
    until: OnceLock<Instant>,
}

impl BodyTime {
    /// Waits for the body; it is taken once in a request.
    pub async fn take<T>(&self, taking: impl Future<Output = T>) -> T {
        let _ = self.0.since.set(Instant::now());
        let taken = taking.await;
        let _ = self.0.until.set(Instant::now());
        taken
    }

    /// How long it has been taken up to now.
    fn spent(&self) -> Duration {
        let Some(since) = self.0.since.get() else { return Duration::ZERO };
        self.0.until.get().copied().unwrap_or_else(Instant::now).duration_since(*since)
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

/// Answers a request within this time, or gives it up.
pub async fn deadline<F>(patience: Duration, mut request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    let locale = request.extensions().get::<Context>().map(|context| context.locale).unwrap_or_default();
    let body = request.extensions().get::<BodyBounds>().map(|_| BodyTime::default());
    if let Some(body) = &body {
        request.extensions_mut().insert(body.clone());
    }
    let begun = Instant::now();
    let until = || begun + patience + body.as_ref().map_or(Duration::ZERO, BodyTime::spent);
    let renewed = RenewedCookies::default();
    request.extensions_mut().insert(renewed.clone());
    let mut answering = pin!(next(request));
    let mut over = pin!(sleep_until(begun + patience));
    let answer = poll_fn(|context| {
        // First of all: woken too late, it would go on with what comes next.
        if Instant::now() >= until() {
            return Poll::Ready(None);
        }
        if let Poll::Ready(answer) = answering.as_mut().poll(context) {
            return Poll::Ready(Some(answer));
        }
        let until = until();
        if over.deadline() != until {
            over.as_mut().reset(until);
        }
        over.as_mut().poll(context).map(|()| None)
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
    use crate::door::DoorLimits;
    use crate::layer::body_limit::body_limit;
    use axum::body::{Body, Bytes};
    use axum::http::StatusCode;
    use std::convert::Infallible;
    use std::future::pending;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::task::yield_now;
    use tokio::time::{advance, sleep};

    const SHORT: Duration = Duration::from_millis(50);
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
        for (woken_after, status, looked_up) in [(SOON, 200, 1), (SHORT, 503, 0)] {
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

    /// Who announces nothing, and may send much; what is asked behind the deadline is `next`.
    async fn with_large_body<F>(next: impl FnOnce(Request) -> F) -> Response
    where
        F: Future<Output = Response>,
    {
        let body = Body::from_stream(futures::stream::pending::<Result<Bytes, Infallible>>());
        let request = Request::post("/rpc/change_avatar").body(body).unwrap();
        body_limit(&DoorLimits::default(), request, |request| deadline(SHORT, request, next)).await
    }

    #[tokio::test(start_paused = true)]
    async fn who_may_send_much_has_no_more_time_for_what_is_looked_up() {
        let begun = Instant::now();
        let never = with_large_body(|_| pending()).await;
        assert_eq!((never.status(), begun.elapsed() < 2 * SHORT), (StatusCode::SERVICE_UNAVAILABLE, true));
    }

    #[tokio::test(start_paused = true)]
    async fn while_a_large_body_is_taken_the_time_stands_still_and_then_it_goes_on() {
        const SLOW: Duration = Duration::from_secs(40);
        for (looked_up_for, status) in [(SOON, StatusCode::OK), (SLOW, StatusCode::SERVICE_UNAVAILABLE)] {
            let begun = Instant::now();
            let answer = with_large_body(|request| async move {
                let body = request.extensions().get::<BodyTime>().cloned().unwrap_or_default();
                sleep(SHORT / 2).await;
                body.take(sleep(SLOW)).await;
                sleep(looked_up_for).await;
                StatusCode::OK.into_response()
            });
            assert_eq!(answer.await.status(), status, "{looked_up_for:?}");
            assert!((SLOW..SLOW + 2 * SHORT).contains(&begun.elapsed()), "{looked_up_for:?}: {:?}", begun.elapsed());
        }
    }

    #[test]
    fn whoever_is_given_up_may_still_bring_the_token_of_before() {
        let grace = auth::settings::Lifetimes::default().rotation_grace;
        assert!(DEADLINE < Duration::from_secs(grace.unsigned_abs()));
    }
}
