//! Bodies larger than a form: pictures, policies, texts of documents. They are read here, after everything that may
//! refuse their sender, so nobody fills the memory who is not known; and one person has few of them read at a time.

use auth::id::UserId;
use auth::session::{Caller, TokenCaller};
use auth::{Context, ErrorCode, Refusal};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Extensions;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::body_limit::{BodyBounds, let_finish, read};
use crate::problem::Refused;

/// Large bodies that are read at once in all: 128 MB.
const MOST: usize = 128;
/// Those of one person.
const MOST_OF_PERSON: usize = 4;

/// The large bodies that are read now, by whose they are; cheap to clone.
#[derive(Clone, Default)]
pub struct LargeBodies(Arc<Mutex<HashMap<UserId, usize>>>);

/// The place of one of them; free again when it is dropped.
struct Place {
    bodies: LargeBodies,
    person: UserId,
}

/// Reads what [`super::body_limit`] left unread, or refuses it.
pub async fn read_large_body(State(bodies): State<LargeBodies>, mut request: Request, next: Next) -> Response {
    let Some(bounds) = request.extensions_mut().remove::<BodyBounds>() else { return next.run(request).await };
    let locale = request.extensions().get::<Context>().map(|context| context.locale).unwrap_or_default();
    let person = match person(request.extensions()) {
        Ok(person) => person,
        Err(code) => return refuse_stranger(Refused::new(code, locale), bounds, request, next).await,
    };
    let Some(place) = bodies.enter(person) else {
        return Refused::new(Refusal::retry_after(ErrorCode::Busy, 2), locale).into_response();
    };
    let read = read(request, bounds, locale).await;
    drop(place);
    match read {
        Ok(request) => next.run(request).await,
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

/// A form is refused by its handler, which asks for the caller first and leads a browser back to its page; nothing of it
/// is kept. A program hears it here.
async fn refuse_stranger(refused: Refused, bounds: BodyBounds, request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with("/rpc/") {
        return refused.into_response();
    }
    let (parts, body) = request.into_parts();
    let_finish(body, bounds).await;
    next.run(Request::from_parts(parts, Body::empty())).await
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
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
