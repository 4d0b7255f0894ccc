//! What a load balancer hears.

use crate::support::{Answer, TestApp};
use axum::http::StatusCode;
use std::time::{Duration, Instant};

async fn ready(app: &TestApp) -> Answer {
    app.get("/health/ready", "").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_does_not_learn_or_has_no_database_is_not_ready_and_says_so() {
    let app = TestApp::start().await;
    // No task looks after this one.
    tokio::time::sleep(Duration::from_millis(2100)).await;
    let stale = ready(&app).await;
    assert_eq!(stale.status, StatusCode::SERVICE_UNAVAILABLE);
    let body = stale.value();
    assert_eq!(body["status"], "unavailable");
    assert_eq!(body["database"], "ok");
    assert!(body["learned"]["keys_age_ms"].as_i64().unwrap() >= 2100, "{body}");
    assert!(body["learned"]["revocations_age_ms"].as_i64().unwrap() >= 2100, "{body}");
    assert!(body["reason"].as_str().unwrap().contains("two seconds"), "{body}");

    let auth = app.application.auth.clone();
    let tasks = [tokio::spawn(auth.clone().watch_keys()), tokio::spawn(auth.clone().watch_revocations())];
    let deadline = Instant::now() + Duration::from_secs(20);
    while ready(&app).await.status != StatusCode::OK {
        assert!(Instant::now() < deadline, "{}", ready(&app).await.body);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }

    auth.store().close().await;
    // What the last look saw is told for a quarter of a second.
    tokio::time::sleep(Duration::from_millis(260)).await;
    let gone = ready(&app).await;
    assert_eq!(gone.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(gone.value()["database"], "unreachable");
    assert!(gone.value()["reason"].as_str().unwrap().contains("keeps the keys"), "{}", gone.body);
    assert_eq!(app.get("/health/live", "").await.status, StatusCode::OK, "the process is fine");
    for task in tasks {
        task.abort();
    }
}
