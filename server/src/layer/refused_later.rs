//! Whoever was refused for having tried too often (429) hears it a moment later: one who goes on regardless then asks ten times a
//! second on each connection and not a thousand times, and the others notice nothing of it (ASVS 5.0, 2.4.1). The moment is the
//! same for every account, known or not, and too short for a person to notice.
//!
//! A form without script is led back to its page by a 303, which says nothing of the refusal: whoever makes such an answer
//! notes it here.

use auth::ErrorCode;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// How much later.
const MOMENT: Duration = Duration::from_millis(100);
/// Answers that wait at once; more of them leave at once. Each is some hundred bytes.
const WAITING: usize = 1024;

/// Room for answers that wait.
#[derive(Clone)]
pub struct Room(Arc<Semaphore>);

impl Default for Room {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(WAITING)))
    }
}

/// As an extension of an answer: it leads a browser to the page that says that it tried too often.
#[derive(Clone, Copy)]
struct TriedTooOften;

/// Notes which refusal the page tells that an answer leads to.
pub fn note_refusal(answer: &mut Response, code: ErrorCode) {
    if code.status() == StatusCode::TOO_MANY_REQUESTS.as_u16() {
        answer.extensions_mut().insert(TriedTooOften);
    }
}

/// Whether an answer refuses for having tried too often, whatever its status is.
pub fn tried_too_often(answer: &Response) -> bool {
    answer.status() == StatusCode::TOO_MANY_REQUESTS || answer.extensions().get::<TriedTooOften>().is_some()
}

/// Keeps a refusal back for a moment. Outside of what counts who is in the house: it takes nobody's place.
pub async fn refused_later<F>(room: &Room, request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    let answer = next(request).await;
    if tried_too_often(&answer)
        && let Ok(_place) = room.0.try_acquire()
    {
        tokio::time::sleep(MOMENT).await;
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::{Next, from_fn};
    use axum::response::{IntoResponse as _, Redirect};
    use axum::routing::get;
    use tokio::time::Instant;
    use tower::ServiceExt as _;

    fn house(room: Room) -> Router {
        let refuse = || async { StatusCode::TOO_MANY_REQUESTS };
        let lead = |code: ErrorCode| async move {
            let mut answer = Redirect::to("/sign-in").into_response();
            note_refusal(&mut answer, code);
            answer
        };
        let routes = Router::new()
            .route("/refused", get(refuse))
            .route("/led-back", get(move || lead(ErrorCode::TooManyAttempts)))
            .route("/mistyped", get(move || lead(ErrorCode::InvalidCredentials)))
            .route("/fine", get(|| async { "fine" }));
        routes.layer(from_fn(move |request: Request, next: Next| {
            let room = room.clone();
            async move { refused_later(&room, request, |request| next.run(request)).await }
        }))
    }

    /// How long an answer takes.
    async fn time(house: &Router, path: &str) -> Duration {
        let asked_at = Instant::now();
        house.clone().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
        asked_at.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_comes_later_and_everything_else_at_once() {
        let house = house(Room::default());
        for refused in ["/refused", "/led-back"] {
            assert_eq!(time(&house, refused).await.as_millis(), MOMENT.as_millis(), "{refused}");
        }
        for other in ["/mistyped", "/fine"] {
            assert_eq!(time(&house, other).await, Duration::ZERO, "the control: {other}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn where_too_many_wait_a_refusal_does_not() {
        let room = Room(Arc::new(Semaphore::new(1)));
        let house = house(room.clone());
        let _waits = room.0.try_acquire().unwrap();
        assert_eq!(time(&house, "/refused").await, Duration::ZERO);
    }
}
