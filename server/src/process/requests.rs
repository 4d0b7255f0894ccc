//! How many requests there were and how long they took, by the template of their route. A path that somebody invents meets no
//! route and is counted with all others that do not, so what strangers ask for never makes another series.

use auth::meter::{Durations, Histogram};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

/// What meets no route.
pub const NO_ROUTE: &str = "none";
/// Scripts, styles and what they load.
pub const FILES: &str = "/pkg/{file}";
/// Classes of status: 1xx to 5xx.
const CLASSES: usize = 5;
/// More routes than there are; what came beyond would be counted as none.
const MOST: usize = 1024;

/// All requests of this node since its start.
#[derive(Default)]
pub struct Requests {
    routes: RwLock<HashMap<String, OfRoute>>,
    limited: AtomicU64,
    shed: AtomicU64,
}

#[derive(Default)]
struct OfRoute {
    answers: [AtomicU64; CLASSES],
    took: Histogram,
}

/// The requests of one route.
pub struct RouteRequests {
    /// Its template.
    pub route: String,
    /// Answers by the class of their status, 1xx first.
    pub answers: [u64; CLASSES],
    /// How long they took.
    pub took: Durations,
}

impl Requests {
    /// Notes an answer.
    pub fn note(&self, route: &str, status: u16, took: Duration) {
        self.at(route, |of_route| {
            let class = usize::from(status / 100).clamp(1, CLASSES) - 1;
            of_route.answers[class].fetch_add(1, Ordering::Relaxed);
            of_route.took.note(took);
        });
        // Load balancers ask a node that is not ready on and on.
        if status == 503 && !route.starts_with("/health/") {
            self.shed.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Notes that an answer refused for too many tries, which not every status of one says.
    pub fn note_limited(&self) {
        self.limited.fetch_add(1, Ordering::Relaxed);
    }

    /// Every route that was asked for, in the order of their templates.
    pub fn read(&self) -> Vec<RouteRequests> {
        let routes = self.routes.read().unwrap_or_else(PoisonError::into_inner);
        let read = |(route, of_route): (&String, &OfRoute)| RouteRequests {
            route: route.clone(),
            answers: std::array::from_fn(|class| of_route.answers[class].load(Ordering::Relaxed)),
            took: of_route.took.read(),
        };
        let mut all: Vec<RouteRequests> = routes.iter().map(read).collect();
        drop(routes);
        all.sort_by(|one, other| one.route.cmp(&other.route));
        all
    }

    /// How many were told to try again because they tried too often.
    pub fn limited(&self) -> u64 {
        self.limited.load(Ordering::Relaxed)
    }

    /// How many were told to try again because the program has too much to do.
    pub fn shed(&self) -> u64 {
        self.shed.load(Ordering::Relaxed)
    }

    fn at(&self, route: &str, note: impl FnOnce(&OfRoute)) {
        let routes = self.routes.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = routes.get(route) {
            return note(known);
        }
        drop(routes);
        let mut routes = self.routes.write().unwrap_or_else(PoisonError::into_inner);
        let route = if routes.len() < MOST { route } else { NO_ROUTE };
        note(routes.entry(route.to_owned()).or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOOK: Duration = Duration::from_millis(3);

    #[test]
    fn answers_are_counted_by_route_and_class() {
        let requests = Requests::default();
        for (route, status) in
            [("/b", 200), ("/a", 204), ("/a", 429), ("/a", 503), ("/health/ready", 503), (NO_ROUTE, 404)]
        {
            requests.note(route, status, TOOK);
        }
        requests.note_limited();
        let read = requests.read();
        let routes: Vec<&str> = read.iter().map(|of| of.route.as_str()).collect();
        assert_eq!(routes, ["/a", "/b", "/health/ready", "none"]);
        assert_eq!((read[0].answers, read[0].took.count), ([0, 1, 0, 1, 1], 3));
        assert_eq!((requests.limited(), requests.shed()), (1, 1));
    }

    #[test]
    fn no_more_routes_are_kept_than_there_may_be() {
        let requests = Requests::default();
        for number in 0..2 * MOST {
            requests.note(&format!("/{number}"), 200, TOOK);
        }
        assert!(requests.read().len() <= MOST + 1);
    }
}
