//! Whether the program runs, and whether it can work.

use auth::{Auth, Timestamp};
use axum::Json;
use axum::extract::State;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::timeout;

use crate::shared_look::SharedLook;

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);
/// How old may be what a node knows of keys and of what was ended elsewhere: it looks twice a second.
const OLDEST_MS: i64 = 2000;
/// When to ask again, in seconds.
const AGAIN: u16 = 2;

/// What readiness is told by.
#[derive(Clone)]
pub struct Readiness {
    auth: Auth,
    database: SharedLook,
}

impl Readiness {
    /// That of a node with this engine.
    pub fn of(auth: &Auth) -> Self {
        Self { auth: auth.clone(), database: SharedLook::default() }
    }

    async fn database_answers(&self) -> bool {
        let auth = self.auth.clone();
        let look = || async move { matches!(timeout(PATIENCE, auth.store().ping()).await, Ok(Ok(()))) };
        self.database.is_well(look).await
    }
}

/// `GET /health/live`: the process answers.
pub async fn live() -> Json<Value> {
    Json(json!({"status": "ok"}))
}

/// `GET /health/ready`: the database answers, and the node has learned a moment ago which keys verify and
/// what was ended on other nodes. Else 503: a node that does not learn keeps what it knew, and so would
/// accept tokens that are over elsewhere. A load balancer should ask the others. Health has a place in every house, so
/// the database is not asked for everybody who asks here.
pub async fn ready(State(readiness): State<Readiness>) -> Response {
    let answers = readiness.database_answers().await;
    let auth = &readiness.auth;
    let now = auth.now();
    let ages = [auth.keys_learned_at(), auth.revocations_learned_at()].map(|at| age(at, now));
    let (status, body) = verdict(answers, ages);
    let mut response = (status, body).into_response();
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(AGAIN));
    }
    response
}

fn age(learned_at: Timestamp, now: Timestamp) -> i64 {
    (now.0 - learned_at.0).max(0)
}

fn verdict(answers: bool, ages: [i64; 2]) -> (StatusCode, Json<Value>) {
    let [keys_age_ms, revocations_age_ms] = ages;
    let is_fresh = ages.iter().all(|age| *age <= OLDEST_MS);
    let database = if answers { "ok" } else { "unreachable" };
    let learned = json!({"keys_age_ms": keys_age_ms, "revocations_age_ms": revocations_age_ms});
    if answers && is_fresh {
        return (StatusCode::OK, Json(json!({"status": "ok", "database": database, "learned": learned})));
    }
    let reason = if answers {
        "This node has not learned for two seconds which keys and sessions are over. It keeps what it knew."
    } else {
        "The database does not answer. This node keeps the keys and revocations that it knew."
    };
    let body = json!({"status": "unavailable", "database": database, "learned": learned, "reason": reason});
    (StatusCode::SERVICE_UNAVAILABLE, Json(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_that_does_not_learn_is_not_ready() {
        for (answers, ages, status) in [
            (true, [0, 500], 200),
            (true, [2000, 2000], 200),
            (true, [2001, 0], 503),
            (true, [0, 2001], 503),
            (false, [0, 0], 503),
        ] {
            let (given, Json(body)) = verdict(answers, ages);
            assert_eq!(given.as_u16(), status, "{answers} {ages:?}");
            assert_eq!(body["learned"]["keys_age_ms"], ages[0]);
            assert_eq!(body.get("reason").is_some(), status == 503, "{body}");
        }
        assert_eq!(age(Timestamp(2000), Timestamp(1000)), 0, "a clock that was set back");
    }
}
