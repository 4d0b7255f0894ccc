//! Authenticator apps and recovery codes over REST.

use crate::support::{Answer, TestApp};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

const EMAIL: &str = "alice@example.com";
const TOTP: &str = "/api/v1/factors/totp";
const CONFIRM: &str = "/api/v1/factors/totp/confirm";
const CODES: &str = "/api/v1/factors/recovery-codes";

async fn post(app: &TestApp, token: &str, path: &str, body: &Value) -> Answer {
    app.bearer_body(Method::POST, path, token, body.to_string().into()).await
}

fn assert_refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (status, code), "{}", answer.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_app_is_added_with_its_first_code_and_removed() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (_, token) = app.sign_in(EMAIL).await;
    assert_refused(&post(&app, &token, CONFIRM, &json!({"code": "123456"})).await, 409, "factor_unavailable");
    assert_refused(&post(&app, &token, CODES, &json!({})).await, 409, "factor_unavailable");
    assert_refused(&app.bearer(Method::DELETE, TOTP, &token).await, 409, "factor_unavailable");

    let (mut holder, begun) = app.begin_app(EMAIL, &token).await;
    assert_eq!((begun.status, begun.header("cache-control")), (StatusCode::OK, "no-store"));
    let (secret, uri) = (begun.value()["secret"].clone(), begun.value()["uri"].clone());
    let (secret, uri) = (secret.as_str().unwrap(), uri.as_str().unwrap());
    assert_eq!(secret.len() * 5, 160);
    assert_eq!(uri, format!("otpauth://totp/Keywright:alice%40example.com?secret={secret}&issuer=Keywright"));

    let wrong = holder.wrong_code(&app);
    assert_refused(&post(&app, &token, CONFIRM, &json!({"code": wrong})).await, 422, "wrong_code");
    assert_refused(&post(&app, &token, CONFIRM, &json!({"code": "1234567"})).await, 422, "invalid_fields");
    let code = holder.code(&app);
    let typed = format!("{} {}", &code[..3], &code[3..]);
    let done = post(&app, &token, CONFIRM, &json!({"code": typed})).await;
    assert_eq!((done.status, done.header("cache-control")), (StatusCode::OK, "no-store"), "{}", done.body);
    let codes = done.value()["recovery_codes"].as_array().unwrap().clone();
    assert_eq!(codes.len(), 10);
    assert_refused(&post(&app, &token, CONFIRM, &json!({"code": code})).await, 409, "factor_unavailable");

    let made = post(&app, &token, CODES, &json!({})).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    let others = made.value()["recovery_codes"].as_array().unwrap().clone();
    assert!(others.len() == 10 && others.iter().all(|code| !codes.contains(code)));

    let removed = app.bearer(Method::DELETE, TOTP, &token).await;
    assert_eq!((removed.status, removed.body.as_str()), (StatusCode::NO_CONTENT, ""));
    assert_refused(&app.bearer(Method::DELETE, TOTP, &token).await, 409, "factor_unavailable");
    app.sign_in(EMAIL).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_app_brings_no_recovery_codes_while_some_are_left() {
    let app = TestApp::start().await;
    let (_, token) = app.create_holder(EMAIL).await;
    let (mut next, _) = app.begin_app(EMAIL, &token).await;
    let done = post(&app, &token, CONFIRM, &json!({"code": next.code(&app)})).await;
    assert_eq!((done.status, &done.value()["recovery_codes"]), (StatusCode::OK, &Value::Null), "{}", done.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_wrong_codes_end_a_key() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (_, token) = app.sign_in(EMAIL).await;
    let (mut holder, _) = app.begin_app(EMAIL, &token).await;
    let wrong = json!({"code": holder.wrong_code(&app)});
    for _ in 0..4 {
        assert_refused(&post(&app, &token, CONFIRM, &wrong).await, 422, "wrong_code");
    }
    assert_refused(&post(&app, &token, CONFIRM, &wrong).await, 429, "code_exhausted");
    let right = json!({"code": holder.code(&app)});
    assert_refused(&post(&app, &token, CONFIRM, &right).await, 429, "code_exhausted");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_proof_is_asked_for_again() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (_, token) = app.sign_in(EMAIL).await;
    app.forget_proofs().await;
    for (method, path) in [(Method::POST, TOTP), (Method::DELETE, TOTP), (Method::POST, CODES)] {
        let answer = app.bearer_body(method, path, &token, Body::empty()).await;
        assert_refused(&answer, 403, "reauthentication_required");
    }
}
