//! Sheds load: when more is asked than can be answered, what people can do without is refused first, so that what keeps
//! them signed in goes on (ASVS 5.0, 13.1.2 and 15.2.2). Health is answered whatever happens: a load balancer that heard a
//! refusal would put out the one node that still works.
//!
//! A request has a place from the moment its body is here until its answer begins. Each rank may fill the house to a part
//! of it and no further; `docs/operations/overload.md` has the table. The ranks above the others are for addresses that exist,
//! each in full: below a beginning of one a stranger would find as much room, and nothing but pages that are not there.

use auth::{Context, ErrorCode, Refusal};
use axum::extract::Request;
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::problem::Refused;

/// Requests that are answered at once: at a millisecond each, what two cores do in a quarter of a second.
pub const ROOM: usize = 512;
/// When whoever was refused should come again, in seconds.
const RETRY_AFTER: u32 = 2;

/// What goes on while others are refused: each before those above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rank {
    /// Long lists, reports and files of administrators.
    Heavy,
    /// Pages and whatever else only reads.
    Page,
    /// Signing in, and everything that changes something.
    Act,
    /// Going on: refreshing, who one is, what other services decide by.
    Session,
    /// Whether the program lives. It takes nobody's place: else whoever asks for nothing else would fill the house.
    Health,
}

impl Rank {
    /// All of them, those that are refused first before the others.
    pub const ALL: [Self; 5] = [Self::Heavy, Self::Page, Self::Act, Self::Session, Self::Health];

    /// How full the house may be for it to come in.
    pub const fn room(self) -> usize {
        match self {
            Self::Heavy => ROOM / 8,
            Self::Page => ROOM / 2,
            Self::Act => ROOM / 4 * 3,
            Self::Session => ROOM,
            Self::Health => usize::MAX,
        }
    }

    fn of(method: &Method, path: &str) -> Self {
        const HEALTH: [&str; 2] = ["/health/live", "/health/ready"];
        const SESSION: [&str; 7] = [
            "/api/v1/refresh",
            "/api/v1/me",
            "/api/v1/authorize",
            "/api/v1/sign-out",
            "/rpc/sign_out",
            "/.well-known/jwks.json",
            "/.well-known/change-password",
        ];
        // Small and in memory, also what is not there; without them a page is nothing.
        const FILES: [&str; 1] = ["/pkg/"];
        const HEAVY: [&str; 2] = ["/admin", "/api/v1/admin/"];
        const SIGN_IN: [&str; 2] = ["/sign-in", "/two-step"];
        let reads = matches!(*method, Method::GET | Method::HEAD);
        let begins = |with: &[&str]| with.iter().any(|prefix| path.starts_with(prefix));
        if reads && HEALTH.contains(&path) {
            Self::Health
        } else if SESSION.contains(&path) || (reads && begins(&FILES)) {
            Self::Session
        } else if !reads || begins(&SIGN_IN) {
            Self::Act
        } else if begins(&HEAVY) || path.ends_with("/export") || path.contains("/audit") {
            Self::Heavy
        } else {
            Self::Page
        }
    }
}

/// The house; cheap to clone.
#[derive(Clone, Default)]
pub struct House(Arc<AtomicUsize>);

/// A place in it; free again when it is dropped.
pub struct Place(House);

impl House {
    /// A place for a request of this rank, when there is one.
    pub fn enter(&self, rank: Rank) -> Option<Place> {
        // Dropped at once where it is one too many.
        let before = self.0.fetch_add(1, Ordering::Relaxed);
        let place = Place(self.clone());
        (before < rank.room()).then_some(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Answers a request for which there is room, and tells others when to come again.
pub async fn full_house<F>(house: &House, request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    let rank = Rank::of(request.method(), request.uri().path());
    if rank == Rank::Health {
        return next(request).await;
    }
    let Some(place) = house.enter(rank) else {
        let locale = request.extensions().get::<Context>().map(|context| context.locale).unwrap_or_default();
        return Refused::new(Refusal::retry_after(ErrorCode::Busy, RETRY_AFTER), locale).into_response();
    };
    let response = next(request).await;
    drop(place);
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::Body;
    use axum::http::StatusCode;
    use axum::middleware::{Next, from_fn};
    use tower::ServiceExt as _;

    #[test]
    fn what_people_can_do_without_is_refused_first() {
        for (method, path, rank) in [
            (Method::GET, "/health/live", Rank::Health),
            (Method::GET, "/health/ready", Rank::Health),
            (Method::POST, "/api/v1/refresh", Rank::Session),
            (Method::GET, "/api/v1/me", Rank::Session),
            (Method::GET, "/.well-known/jwks.json", Rank::Session),
            (Method::GET, "/.well-known/change-password", Rank::Session),
            (Method::GET, "/pkg/keywright.wasm", Rank::Session),
            (Method::POST, "/api/v1/sign-in", Rank::Act),
            (Method::GET, "/sign-in", Rank::Act),
            (Method::POST, "/rpc/reset_by_link", Rank::Act),
            (Method::POST, "/api/v1/admin/keys/rotate", Rank::Act),
            (Method::GET, "/dashboard", Rank::Page),
            (Method::GET, "/api/v1/sessions", Rank::Page),
            (Method::GET, "/admin/users", Rank::Heavy),
            (Method::GET, "/api/v1/admin/audit", Rank::Heavy),
            (Method::GET, "/orgs/acme/audit", Rank::Heavy),
            (Method::GET, "/account/data/export", Rank::Heavy),
        ] {
            assert_eq!(Rank::of(&method, path), rank, "{method} {path}");
        }
        // What only begins like them is a page that is not there, or a form that nobody made.
        for (method, path, rank) in [
            (Method::GET, "/health/", Rank::Page),
            (Method::GET, "/health/ready/again", Rank::Page),
            (Method::POST, "/health/live", Rank::Act),
            (Method::GET, "/.well-known/nothing", Rank::Page),
            (Method::POST, "/pkg/keywright.wasm", Rank::Act),
            (Method::GET, "/api/v1/me/", Rank::Page),
        ] {
            assert_eq!(Rank::of(&method, path), rank, "{method} {path}");
        }
        assert!(Rank::ALL.windows(2).all(|two| two[0].room() < two[1].room()));
    }

    /// These routes, in this house.
    fn within(house: &House, routes: Router) -> Router {
        let house = house.clone();
        routes.layer(from_fn(move |request: Request, next: Next| {
            let house = house.clone();
            async move { full_house(&house, request, |request| next.run(request)).await }
        }))
    }

    #[tokio::test]
    async fn who_asks_whether_it_lives_takes_nobodys_place_and_who_asks_for_a_page_takes_one() {
        let house = House::default();
        let counted = house.clone();
        let count = move || async move { counted.0.load(Ordering::Relaxed).to_string() };
        let routes = within(&house, Router::new().fallback(count));
        for (path, taken) in [("/health/live", "0"), ("/health/ready", "0"), ("/dashboard", "1")] {
            let answer = routes.clone().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
            assert_eq!(axum::body::to_bytes(answer.into_body(), 16).await.unwrap(), taken, "{path}");
        }
    }

    #[tokio::test]
    async fn a_full_house_keeps_people_signed_in_and_says_that_it_lives() {
        let house = House::default();
        let routes = within(&house, Router::new().fallback(|| async { "done" }));
        let ask = async |method: Method, path: &str| {
            let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
            routes.clone().oneshot(request).await.unwrap()
        };
        let mut places = Vec::new();
        for (rank, path, method) in [
            (Rank::Heavy, "/admin/users", Method::GET),
            (Rank::Page, "/dashboard", Method::GET),
            (Rank::Act, "/api/v1/sign-in", Method::POST),
            (Rank::Session, "/api/v1/refresh", Method::POST),
        ] {
            // The control: with one place left it is answered.
            while places.len() + 1 < rank.room() {
                places.push(house.enter(Rank::Health).unwrap());
            }
            assert_eq!(ask(method.clone(), path).await.status(), StatusCode::OK, "{path}");
            places.push(house.enter(Rank::Health).unwrap());
            let refused = ask(method, path).await;
            assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE, "{path}");
            assert_eq!(refused.headers()["retry-after"], "2");
            assert_eq!(refused.headers()["content-type"], "application/problem+json");
        }
        assert_eq!(ask(Method::GET, "/health/live").await.status(), StatusCode::OK, "whatever happens");
        for path in ["/health/nothing", "/.well-known/nothing"] {
            assert_eq!(ask(Method::GET, path).await.status(), StatusCode::SERVICE_UNAVAILABLE, "{path}");
        }
        places.clear();
        assert_eq!(ask(Method::GET, "/admin/users").await.status(), StatusCode::OK, "the places are free again");
    }
}
