//! The main job over REST: sign-up, verification, sign-in, staying signed in, sign-out.

use crate::support::{PASSWORD, TestApp};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::json;

const EMAIL: &str = "alice@example.com";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_main_job_runs_over_rest() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let welcome = app.mail(EMAIL, "welcome").await;
    assert!(welcome["text"].as_str().unwrap().contains("Sam"));

    let (cookie, token) = app.sign_in(EMAIL).await;
    let me = app.bearer(Method::GET, "/api/v1/me", &token).await;
    assert_eq!((me.status, me.value()["email"].as_str()), (StatusCode::OK, Some(EMAIL)));

    let refresh = |cookie: String| {
        Request::post("/api/v1/refresh").header("cookie", cookie).header("sec-fetch-site", "same-origin")
    };
    let refreshed = app.send(refresh(cookie).body(Body::empty()).unwrap()).await;
    assert_eq!(refreshed.status, StatusCode::OK, "{}", refreshed.body);
    let next = refreshed.cookie("__Host-refresh").unwrap();

    let sign_out = Request::post("/api/v1/sign-out").header("cookie", &next).header("sec-fetch-site", "same-origin");
    let gone = app.send(sign_out.body(Body::empty()).unwrap()).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert!(gone.set_cookie("__Host-refresh").unwrap().contains("Max-Age=0"));
    assert_eq!(app.bearer(Method::GET, "/api/v1/me", &token).await.status, StatusCode::UNAUTHORIZED);
    let refused = app.send(refresh(next).body(Body::empty()).unwrap()).await;
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::UNAUTHORIZED, "signed_out"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_signs_out_by_its_access_token_alone() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (_, token) = app.sign_in(EMAIL).await;
    let (_, other) = app.sign_in(EMAIL).await;
    assert_eq!(app.bearer(Method::POST, "/api/v1/sign-out", &token).await.status, StatusCode::NO_CONTENT);
    assert_eq!(app.bearer(Method::GET, "/api/v1/me", &token).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(app.bearer(Method::GET, "/api/v1/me", &other).await.status, StatusCode::OK, "the other session goes on");
    let gone = app.bearer(Method::POST, "/api/v1/sign-out", "no.such.token").await;
    assert_eq!((gone.status, gone.code().as_str()), (StatusCode::UNAUTHORIZED, "invalid_token"), "it ended nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_strange_cookie_of_somebody_else_signs_nobody_out() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (cookie, _) = app.sign_in(EMAIL).await;
    let cookies = axum::http::HeaderValue::from_bytes(format!("prefs=Jos\u{e9}; {cookie}").as_bytes()).unwrap();
    let refresh = Request::post("/api/v1/refresh").header("cookie", cookies).header("sec-fetch-site", "same-origin");
    assert_eq!(app.send(refresh.body(Body::empty()).unwrap()).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn new_and_known_addresses_get_the_same_answer() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let body = |email: &str| json!({"email": email, "password": "another long password", "name": "Eve"});
    let (known, new) =
        (app.json("/api/v1/sign-up", &body(EMAIL)).await, app.json("/api/v1/sign-up", &body("new@example.com")).await);
    assert_eq!((known.status, &known.body), (new.status, &new.body));
    let names = |answer: &crate::support::Answer| {
        let mut names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
        names.sort();
        names
    };
    assert_eq!(names(&known), names(&new));
    assert_eq!(app.mail(EMAIL, "already_registered").await["code"], json!(null));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_password_and_an_unknown_address_look_the_same() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let wrong = app.json("/api/v1/sign-in", &json!({"email": EMAIL, "password": "wrong password"})).await;
    let unknown = app.json("/api/v1/sign-in", &json!({"email": "nobody@example.com", "password": PASSWORD})).await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert_eq!((wrong.status, &wrong.body), (unknown.status, &unknown.body));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unproved_address_is_told_so_only_with_the_right_password() {
    let app = TestApp::start().await;
    app.json("/api/v1/sign-up", &json!({"email": EMAIL, "password": PASSWORD, "name": "Sam"})).await;
    let right = app.json("/api/v1/sign-in", &json!({"email": EMAIL, "password": PASSWORD})).await;
    assert_eq!((right.status, right.code().as_str()), (StatusCode::FORBIDDEN, "email_not_verified"));
    let wrong = app.json("/api/v1/sign-in", &json!({"email": EMAIL, "password": "wrong password"})).await;
    assert_eq!((wrong.status, wrong.code().as_str()), (StatusCode::UNAUTHORIZED, "invalid_credentials"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_access_token_ends_and_a_refresh_gives_the_next() {
    let app = TestApp::start_with("access_token_seconds = 1").await;
    app.create_account(EMAIL).await;
    let (_, token) = app.sign_in(EMAIL).await;
    tokio::time::sleep(std::time::Duration::from_millis(2100)).await;
    let late = app.bearer(Method::GET, "/api/v1/me", &token).await;
    assert_eq!((late.status, late.code().as_str()), (StatusCode::UNAUTHORIZED, "invalid_token"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_hash_queue_answers_503_with_retry_after() {
    let app = std::sync::Arc::new(
        TestApp::start_toml("hash_memory_kib = 8192\nhash_passes = 4\nhash_threads = 1\nhash_queue = 2").await,
    );
    let asked: Vec<_> = (0..40)
        .map(|n| {
            let app = std::sync::Arc::clone(&app);
            tokio::spawn(async move {
                app.json("/api/v1/sign-in", &json!({"email": format!("p{n}@example.com"), "password": PASSWORD})).await
            })
        })
        .collect();
    let mut busy = 0;
    for answer in asked {
        let answer = answer.await.unwrap();
        if answer.status == StatusCode::SERVICE_UNAVAILABLE {
            assert_eq!((answer.code().as_str(), answer.header("retry-after")), ("busy", "1"));
            busy += 1;
        } else {
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        }
    }
    assert!(busy > 0, "nobody was told to come back");
}
