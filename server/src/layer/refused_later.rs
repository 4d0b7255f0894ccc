//! Whoever was refused for having tried too often (429) hears it a moment later: one who goes on regardless then asks ten times a
//! second on each connection and not a thousand times, and the others notice nothing of it (ASVS 5.0, 2.4.1). The moment is the
//! same for every account, known or not, and too short for a person to notice.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
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

/// Keeps a refusal back for a moment.
pub async fn refused_later(State(room): State<Room>, request: Request, next: Next) -> Response {
    let answer = next.run(request).await;
    if answer.status() == StatusCode::TOO_MANY_REQUESTS
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
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use tokio::time::Instant;
    use tower::ServiceExt as _;

    fn house(room: Room) -> Router {
        let refuse = || async { StatusCode::TOO_MANY_REQUESTS };
        let routes = Router::new().route("/refused", get(refuse)).route("/fine", get(|| async { "fine" }));
        routes.layer(from_fn_with_state(room, refused_later))
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
        assert_eq!(time(&house, "/refused").await.as_millis(), MOMENT.as_millis());
        assert_eq!(time(&house, "/fine").await, Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn where_too_many_wait_a_refusal_does_not() {
        let room = Room(Arc::new(Semaphore::new(1)));
        let house = house(room.clone());
        let _waits = room.0.try_acquire().unwrap();
        assert_eq!(time(&house, "/refused").await, Duration::ZERO);
    }
}
