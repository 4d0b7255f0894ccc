//! Bodies larger than a form: pictures, policies, texts of documents. They are read here, after everything that may
//! refuse their sender, so nobody fills the memory who is not known; and one person has few of them read at a time.

use auth::id::UserId;
use auth::session::{Caller, TokenCaller};
use auth::{Context, ErrorCode, Locale, Refusal};
use axum::body::Body;
use axum::extract::Request;
use axum::http::Extensions;
use axum::response::{IntoResponse, Response};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Semaphore;

use super::body_limit::{BodyBounds, let_finish, read};
use super::deadline::BodyTime;
use crate::problem::Refused;

/// Large bodies that are read at once in all: 128 MB.
const MOST: usize = 128;
/// Those of one person.
const MOST_OF_PERSON: usize = 4;

/// Those of strangers that are read in vain, all together: each takes a place in the house (`full_house.rs`) for as long as
/// its sender likes to be slow, and nobody knows how many strangers are one.
const MOST_OF_STRANGERS: usize = 16;

/// The large bodies that are read now, by whose they are; cheap to clone.
#[derive(Clone)]
pub struct LargeBodies {
    known: Arc<Mutex<HashMap<UserId, usize>>>,
    strangers: Arc<Semaphore>,
}

impl Default for LargeBodies {
    fn default() -> Self {
        Self { known: Arc::default(), strangers: Arc::new(Semaphore::new(MOST_OF_STRANGERS)) }
    }
}

/// The place of one of them; free again when it is dropped.
struct Place {
    bodies: LargeBodies,
    person: UserId,
}

/// Reads what [`super::body_limit`] left unread, or refuses it.
pub async fn read_large_body<F>(bodies: &LargeBodies, mut request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    let Some(bounds) = request.extensions_mut().remove::<BodyBounds>() else { return next(request).await };
    let locale = request.extensions().get::<Context>().map(|context| context.locale).unwrap_or_default();
    let person = match person(request.extensions()) {
        Ok(person) => person,
        Err(_) if request.uri().path().starts_with("/rpc/") => {
            let Ok(_place) = bodies.strangers.try_acquire() else { return busy(locale) };
            return refuse_stranger(bounds, request, next).await;
        }
        // A program hears it here.
        Err(code) => return Refused::new(code, locale).into_response(),
    };
    let Some(place) = bodies.enter(person) else { return busy(locale) };
    let time = request.extensions().get::<BodyTime>().cloned().unwrap_or_default();
    let read = time.take(read(request, bounds, locale)).await;
    drop(place);
    match read {
        Ok(request) => next(request).await,
        Err(refused) => refused.into_response(),
    }
}

/// Whose request it is: that of a person, or of a program with their token.
fn person(extensions: &Extensions) -> Result<UserId, ErrorCode> {
    if let Some(program) = extensions.get::<TokenCaller>() {
        return Ok(program.user_id.clone());
    }
    match extensions.get::<Result<Caller, ErrorCode>>() {
        Some(Ok(caller)) => Ok(caller.user_id.clone()),
        Some(Err(code)) => Err(*code),
        None => Err(ErrorCode::SignedOut),
    }
}

fn busy(locale: Locale) -> Response {
    Refused::new(Refusal::retry_after(ErrorCode::Busy, 2), locale).into_response()
}

/// A form is refused by its handler, which asks for the caller first and leads a browser back to its page; nothing of it
/// is kept.
async fn refuse_stranger<F>(bounds: BodyBounds, request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    let time = request.extensions().get::<BodyTime>().cloned().unwrap_or_default();
    let (parts, body) = request.into_parts();
    time.take(let_finish(body, bounds)).await;
    next(Request::from_parts(parts, Body::empty())).await
}

impl LargeBodies {
    fn enter(&self, person: UserId) -> Option<Place> {
        let mut bodies = self.bodies();
        let of_person = bodies.get(&person).copied().unwrap_or_default();
        if of_person >= MOST_OF_PERSON || bodies.values().sum::<usize>() >= MOST {
            return None;
        }
        bodies.insert(person.clone(), of_person + 1);
        Some(Place { bodies: self.clone(), person })
    }

    fn bodies(&self) -> MutexGuard<'_, HashMap<UserId, usize>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut bodies = self.bodies.bodies();
        match bodies.get_mut(&self.person) {
            Some(count) if *count > 1 => *count -= 1,
            _ => {
                bodies.remove(&self.person);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::door::DoorLimits;
    use crate::layer::body_limit::body_limit;
    use crate::layer::deadline::deadline;
    use auth::id::TokenId;
    use auth::{Scopes, TokenName};
    use axum::Router;
    use axum::body::{Bytes, HttpBody};
    use axum::http::StatusCode;
    use axum::middleware::{Next, from_fn};
    use hyper::body::Frame;
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::task::{Context as Waiting, Poll};
    use std::time::Duration;
    use tokio::time::timeout;
    use tower::ServiceExt as _;

    /// A body that never comes.
    struct Never;

    impl HttpBody for Never {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(self: Pin<&mut Self>, _: &mut Waiting<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            Poll::Pending
        }
    }

    #[tokio::test]
    async fn strangers_who_send_slowly_hold_few_places_and_keep_nobody_waiting() {
        let bodies = LargeBodies::default();
        let read_by = bodies.clone();
        let routes = Router::new().fallback(|| async { "done" }).layer(from_fn(move |request: Request, next: Next| {
            let bodies = read_by.clone();
            async move {
                let read_later = |request| read_large_body(&bodies, request, |request| next.run(request));
                body_limit(&DoorLimits::default(), request, read_later).await
            }
        }));
        let send = |path: &str| routes.clone().oneshot(Request::post(path).body(Body::new(Never)).unwrap());
        let slow: Vec<_> = (0..MOST_OF_STRANGERS).map(|_| tokio::spawn(send("/rpc/change_avatar"))).collect();
        while bodies.strangers.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let soon = Duration::from_secs(2);
        let next = timeout(soon, send("/rpc/change_avatar")).await.expect("it is answered at once").unwrap();
        assert_eq!(next.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(next.headers().contains_key("retry-after"));
        assert!(slow.iter().all(|one| !one.is_finished()), "the control: they are read");
        for one in slow {
            one.abort();
        }
        while bodies.strangers.available_permits() < MOST_OF_STRANGERS {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_sends_slowly_is_answered_by_what_comes_next_however_short_its_time_is() {
        let bodies = &LargeBodies::default();
        let short = Duration::from_millis(50);
        let known = TokenCaller {
            user_id: UserId("person".to_owned()),
            token_id: TokenId("token".to_owned()),
            name: TokenName::parse("Backup").unwrap(),
            scopes: Scopes::from_text(""),
            is_limited: false,
        };
        // A stranger's form is answered by its handler; what a person sends must be whole.
        for (caller, status) in [(None, StatusCode::OK), (Some(known), StatusCode::BAD_REQUEST)] {
            let mut request = Request::post("/rpc/change_avatar").body(Body::new(Never)).unwrap();
            if let Some(caller) = caller {
                request.extensions_mut().insert(caller);
            }
            let door = DoorLimits::default();
            let answer = body_limit(&door, request, move |request| {
                deadline(short, request, move |request| {
                    read_large_body(bodies, request, |_| async { StatusCode::OK.into_response() })
                })
            });
            assert_eq!(answer.await.status(), status);
        }
    }

    #[test]
    fn one_person_has_four_and_all_together_have_their_share() {
        let bodies = LargeBodies::default();
        let enter = |number: usize| bodies.enter(UserId(format!("person {number}")));
        let mut held: Vec<_> = (0..MOST_OF_PERSON).map(|_| enter(0).unwrap()).collect();
        assert!(enter(0).is_none());
        held.pop();
        held.push(enter(0).expect("one was read to its end"));
        held.extend((1..).map_while(enter));
        assert_eq!(held.len(), MOST);
        drop(held);
        assert!(bodies.bodies().is_empty(), "and nothing is kept of anybody");
    }
}
