//! One's own account over REST: a fresh proof, another address, "this was not me", one's data, leaving.

use crate::support::{Answer, PASSWORD, TestApp, token_of};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

const EMAIL: &str = "alice@example.com";
const NEW: &str = "alice@example.org";
const OTHER: &str = "bob@example.com";
const NEXT_PASSWORD: &str = "trombone lamp yes please";
const DAY: i64 = 24 * 60 * 60 * 1000;

async fn signed_in() -> (TestApp, String) {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (_, token) = app.sign_in(EMAIL).await;
    (app, token)
}

async fn post(app: &TestApp, path: &str, token: &str, body: &Value) -> Answer {
    app.bearer_body(Method::POST, path, token, body.to_string().into()).await
}

async fn delete(app: &TestApp, path: &str, token: &str) -> StatusCode {
    app.bearer(Method::DELETE, path, token).await.status
}

async fn me(app: &TestApp, token: &str) -> Answer {
    app.bearer(Method::GET, "/api/v1/me", token).await
}

async fn sign_in(app: &TestApp, email: &str, password: &str) -> StatusCode {
    app.json("/api/v1/sign-in", &json!({"email": email, "password": password})).await.status
}

/// Every call that asks for a fresh proof.
async fn risky(app: &TestApp, token: &str) -> [Answer; 3] {
    [
        post(app, "/api/v1/me/email", token, &json!({"email": NEW})).await,
        app.bearer(Method::GET, "/api/v1/me/export", token).await,
        app.bearer(Method::POST, "/api/v1/me/deletion", token).await,
    ]
}

fn assert_refused(answer: &Answer, status: StatusCode, code: &str) {
    assert_eq!((answer.status, answer.code().as_str()), (status, code), "{}", answer.body);
}

/// Sessions are over and the password is void; the mailbox leads to a new one.
async fn assert_secured(app: &TestApp, tokens: &[&String]) {
    for token in tokens {
        assert_refused(&me(app, token).await, StatusCode::UNAUTHORIZED, "invalid_token");
    }
    assert_eq!(sign_in(app, EMAIL, PASSWORD).await, StatusCode::UNAUTHORIZED);
    let body = json!({"token": token_of(&app.mail(EMAIL, "password_reset").await), "new_password": NEXT_PASSWORD});
    let chosen = app.json("/api/v1/reset-password", &body).await;
    assert_eq!(chosen.status, StatusCode::NO_CONTENT, "{}", chosen.body);
    assert_eq!(sign_in(app, EMAIL, NEXT_PASSWORD).await, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_is_changed_and_taken_back() {
    let (app, token) = signed_in().await;
    let asked = post(&app, "/api/v1/me/email", &token, &json!({"email": NEW})).await;
    assert_eq!(asked.status, StatusCode::ACCEPTED, "{}", asked.body);
    let status = app.bearer(Method::GET, "/api/v1/me/email", &token).await.value();
    assert_eq!((&status["waiting"]["email"], &status["waiting"]["tries_left"]), (&json!(NEW), &json!(5)));
    assert_eq!(status["undoable"], Value::Null);

    let mail = app.mail(NEW, "confirm_email").await;
    let code = mail["code"].as_str().unwrap();
    let path = "/api/v1/me/email/confirm";
    let other = if code == "000000" { "000001" } else { "000000" };
    let wrong = post(&app, path, &token, &json!({"code": other})).await;
    assert_refused(&wrong, StatusCode::UNPROCESSABLE_ENTITY, "wrong_code");
    let both = post(&app, path, &token, &json!({"code": code, "token": token_of(&mail)})).await;
    assert_refused(&both, StatusCode::BAD_REQUEST, "malformed_request");
    assert_eq!(me(&app, &token).await.value()["email"], EMAIL, "nothing changes before the proof");
    let status = app.bearer(Method::GET, "/api/v1/me/email", &token).await.value();
    assert_eq!(status["waiting"]["tries_left"], 4);

    let done = post(&app, path, &token, &json!({"code": code})).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.body);
    assert_eq!(me(&app, &token).await.value()["email"], NEW);
    let status = app.bearer(Method::GET, "/api/v1/me/email", &token).await.value();
    assert_eq!((&status["waiting"], &status["undoable"]["email"]), (&Value::Null, &json!(EMAIL)));
    let again = post(&app, path, &token, &json!({"code": code})).await;
    assert_refused(&again, StatusCode::GONE, "link_expired");
    assert_eq!(sign_in(&app, NEW, PASSWORD).await, StatusCode::OK);

    let undo = json!({"token": token_of(&app.mail(EMAIL, "email_changed").await)});
    let undone = app.json("/api/v1/undo-email-change", &undo).await;
    assert_eq!(undone.status, StatusCode::NO_CONTENT, "{}", undone.body);
    let again = app.json("/api/v1/undo-email-change", &undo).await;
    assert_refused(&again, StatusCode::GONE, "link_expired");
    app.mail(NEW, "email_removed").await;
    assert_secured(&app, &[&token]).await;
    assert_eq!(sign_in(&app, NEW, NEXT_PASSWORD).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_of_address_is_refused_or_called_off() {
    let (app, token) = signed_in().await;
    let own = post(&app, "/api/v1/me/email", &token, &json!({"email": "Alice@Example.com"})).await;
    assert_refused(&own, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields");
    assert_eq!(own.value()["errors"][0]["code"], "email_unchanged");

    post(&app, "/api/v1/me/email", &token, &json!({"email": NEW})).await;
    let code = app.mail(NEW, "confirm_email").await["code"].clone();
    for _ in 0..2 {
        assert_eq!(delete(&app, "/api/v1/me/email", &token).await, StatusCode::NO_CONTENT, "twice is once");
    }
    let late = post(&app, "/api/v1/me/email/confirm", &token, &json!({"code": code})).await;
    assert_refused(&late, StatusCode::GONE, "link_expired");
    assert_eq!(me(&app, &token).await.value()["email"], EMAIL);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_risky_call_asks_for_a_fresh_proof_of_this_session() {
    let (app, token) = signed_in().await;
    let (_, other) = app.sign_in(EMAIL).await;
    app.forget_proofs().await;
    for refused in risky(&app, &token).await {
        assert_refused(&refused, StatusCode::FORBIDDEN, "reauthentication_required");
    }
    for path in ["/api/v1/me/email", "/api/v1/me/deletion"] {
        assert_eq!(delete(&app, path, &token).await, StatusCode::NO_CONTENT, "calling off is no risk: {path}");
    }

    let wrong = post(&app, "/api/v1/reauthenticate", &token, &json!({"current_password": "not the password"})).await;
    assert_refused(&wrong, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields");
    let error = wrong.value()["errors"][0].clone();
    assert_eq!((&error["field"], &error["code"]), (&json!("current_password"), &json!("password_wrong")));
    for refused in risky(&app, &token).await {
        assert_refused(&refused, StatusCode::FORBIDDEN, "reauthentication_required");
    }

    let right = post(&app, "/api/v1/reauthenticate", &token, &json!({"current_password": PASSWORD})).await;
    assert_eq!(right.status, StatusCode::NO_CONTENT, "{}", right.body);
    for refused in risky(&app, &other).await {
        assert_refused(&refused, StatusCode::FORBIDDEN, "reauthentication_required");
    }
    let granted = risky(&app, &token).await.map(|answer| answer.status);
    assert_eq!(granted, [StatusCode::ACCEPTED, StatusCode::OK, StatusCode::ACCEPTED]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_tenth_wrong_password_ends_the_session() {
    let (app, token) = signed_in().await;
    let (_, other) = app.sign_in(EMAIL).await;
    let wrong = json!({"current_password": "not the password"});
    for _ in 0..9 {
        let refused = post(&app, "/api/v1/reauthenticate", &token, &wrong).await;
        assert_refused(&refused, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields");
    }
    let last = post(&app, "/api/v1/reauthenticate", &token, &wrong).await;
    assert_refused(&last, StatusCode::TOO_MANY_REQUESTS, "too_many_tries");
    assert_refused(&me(&app, &token).await, StatusCode::UNAUTHORIZED, "invalid_token");
    assert_eq!(me(&app, &other).await.status, StatusCode::OK, "the other session goes on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_link_of_a_notice_secures_the_account_once() {
    let (app, home) = signed_in().await;
    let thief = app.sign_in_on_new_device(EMAIL).await;
    let body = json!({"token": token_of(&app.mail(EMAIL, "new_device").await)});
    let done = app.json("/api/v1/not-me", &body).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.body);
    assert_refused(&app.json("/api/v1/not-me", &body).await, StatusCode::GONE, "link_expired");
    assert_secured(&app, &[&home, &thief]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_of_ones_own_secures_the_account_too() {
    let (app, token) = signed_in().await;
    app.create_account(OTHER).await;
    let (_, stranger) = app.sign_in(OTHER).await;
    let list = app.bearer(Method::GET, "/api/v1/activity?filter=sign_in", &token).await.value();
    let path = format!("/api/v1/activity/{}/not-me", list["items"][0]["id"].as_str().unwrap());
    let strange = app.bearer(Method::POST, &path, &stranger).await;
    assert_refused(&strange, StatusCode::NOT_FOUND, "not_found");
    assert_eq!(me(&app, &token).await.status, StatusCode::OK);

    let done = app.bearer(Method::POST, &path, &token).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.body);
    assert_secured(&app, &[&token]).await;
    assert_eq!(me(&app, &stranger).await.status, StatusCode::OK, "nobody else is touched");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_known_is_handed_out_and_nothing_of_others() {
    let (app, token) = signed_in().await;
    app.create_account(OTHER).await;
    let (_, other) = app.sign_in(OTHER).await;
    let foreign = me(&app, &other).await.value();
    let file = app.bearer(Method::GET, "/api/v1/me/export", &token).await;
    assert_eq!((file.status, file.header("cache-control")), (StatusCode::OK, "no-store"));
    let data = file.value();
    assert_eq!((&data["account"]["email"], &data["account"]["name"]), (&json!(EMAIL), &json!("Sam")));
    assert_eq!(data["sessions"].as_array().map(Vec::len), Some(1));
    assert_eq!(data["email_changes"], json!([]));
    assert_eq!(data["activity"][0]["kind"], "user.exported");
    let (id, session) = (foreign["id"].as_str().unwrap(), foreign["session"]["id"].as_str().unwrap());
    for secret in [OTHER, id, session, "argon2", PASSWORD] {
        assert!(!file.body.contains(secret), "{secret} in {}", file.body);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn leaving_is_called_off_signed_in_and_by_the_mailed_link() {
    let (app, token) = signed_in().await;
    let path = "/api/v1/me/deletion";
    let asked = app.bearer(Method::POST, path, &token).await;
    assert_eq!(asked.status, StatusCode::ACCEPTED, "{}", asked.body);
    let known = me(&app, &token).await.value();
    assert_eq!(known["delete_at"], asked.value()["delete_at"]);
    let grace = known["delete_at"].as_i64().unwrap() - known["created_at"].as_i64().unwrap();
    assert_eq!(grace / DAY, 14);
    assert_refused(&app.bearer(Method::POST, path, &token).await, StatusCode::CONFLICT, "changed_meanwhile");
    let dead = json!({"token": token_of(&app.mail(EMAIL, "deletion_scheduled").await)});
    for _ in 0..2 {
        assert_eq!(delete(&app, path, &token).await, StatusCode::NO_CONTENT, "twice is once");
    }
    assert_eq!(me(&app, &token).await.value()["delete_at"], Value::Null);
    assert_refused(&app.json("/api/v1/keep-account", &dead).await, StatusCode::GONE, "link_expired");

    assert_eq!(app.bearer(Method::POST, path, &token).await.status, StatusCode::ACCEPTED);
    let link = json!({"token": token_of(&app.mail(EMAIL, "deletion_scheduled").await)});
    assert_ne!(link, dead);
    let kept = app.json("/api/v1/keep-account", &link).await;
    assert_eq!(kept.status, StatusCode::NO_CONTENT, "{}", kept.body);
    assert_refused(&app.json("/api/v1/keep-account", &link).await, StatusCode::GONE, "link_expired");
    assert_eq!(me(&app, &token).await.value()["delete_at"], Value::Null, "the session goes on");
}
