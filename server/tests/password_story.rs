//! A forgotten password and a changed one over REST.

use crate::support::{Answer, PASSWORD, TestApp};
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};

const EMAIL: &str = "alice@example.com";
const SECOND: &str = "trombone lamp yes please";
const THIRD: &str = "seven violet umbrellas";

async fn sign_in(app: &TestApp, password: &str) -> Answer {
    app.json("/api/v1/sign-in", &json!({"email": EMAIL, "password": password})).await
}

fn access_token(answer: &Answer) -> String {
    answer.value()["access_token"].as_str().unwrap().to_owned()
}

async fn change(app: &TestApp, token: &str, body: &Value) -> Answer {
    let request = Request::post("/api/v1/change-password")
        .header("content-type", "application/json")
        .header("authorization", format!("Bearer {token}"));
    app.send(request.body(body.to_string().into()).unwrap()).await
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_a_program() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (_, old_access) = app.sign_in(EMAIL).await;
    let asked = app.json("/api/v1/forgot-password", &json!({"email": EMAIL})).await;
    assert_eq!(asked.status, StatusCode::ACCEPTED, "{}", asked.body);
    let mail = app.mail(EMAIL, "password_reset").await;
    let code = mail["code"].clone();

    let path = "/api/v1/reset-password";
    let weak = app.json(path, &json!({"email": EMAIL, "code": code, "new_password": "password1234"})).await;
    assert_eq!((weak.status, weak.code().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields"));
    assert_eq!(weak.value()["errors"][0]["field"], "new_password");
    let stranger = json!({"email": "bob@example.com", "code": code, "new_password": SECOND});
    let wrong = app.json(path, &stranger).await;
    assert_eq!((wrong.status, wrong.code().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "wrong_code"));
    let both = app.json(path, &json!({"token": "x", "email": EMAIL, "code": code, "new_password": SECOND})).await;
    assert_eq!((both.status, both.code().as_str()), (StatusCode::BAD_REQUEST, "malformed_request"));

    let done = app.json(path, &json!({"email": EMAIL, "code": code, "new_password": SECOND})).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.body);
    assert!(done.set_cookie("__Host-refresh").is_none(), "a reset signs nobody in");
    assert_eq!(sign_in(&app, PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(app.bearer(Method::GET, "/api/v1/me", &old_access).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(sign_in(&app, SECOND).await.status, StatusCode::OK);
    app.mail(EMAIL, "password_changed").await;

    let link = mail["link"].as_str().unwrap();
    let token = link.strip_prefix("http://localhost:3000/reset-password?token=").unwrap();
    let late = app.json(path, &json!({"token": token, "new_password": THIRD})).await;
    assert_eq!((late.status, late.code().as_str()), (StatusCode::GONE, "reset_expired"));
}

#[tokio::test]
async fn known_and_unknown_addresses_get_the_same_answer() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let known = app.json("/api/v1/forgot-password", &json!({"email": EMAIL})).await;
    let unknown = app.json("/api/v1/forgot-password", &json!({"email": "nobody@example.com"})).await;
    assert_eq!((known.status, &known.body), (unknown.status, &unknown.body));
    let names = |answer: &Answer| {
        let mut names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
        names.sort();
        names
    };
    assert_eq!(names(&known), names(&unknown));
    assert_eq!(app.mail("nobody@example.com", "no_account").await["code"], json!(null));
}

#[tokio::test]
async fn a_password_is_changed_by_whoever_knows_it() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (_, own) = app.sign_in(EMAIL).await;
    let (_, other) = app.sign_in(EMAIL).await;
    let wrong = change(&app, &own, &json!({"current_password": "not the current", "new_password": SECOND})).await;
    assert_eq!((wrong.status, wrong.code().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields"));
    let error = wrong.value()["errors"][0].clone();
    assert_eq!((&error["field"], &error["code"]), (&json!("current_password"), &json!("password_wrong")));

    let done = change(&app, &own, &json!({"current_password": PASSWORD, "new_password": SECOND})).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.body);
    assert_eq!(app.bearer(Method::GET, "/api/v1/me", &own).await.status, StatusCode::OK);
    assert_eq!(app.bearer(Method::GET, "/api/v1/me", &other).await.status, StatusCode::UNAUTHORIZED);

    let staying = access_token(&sign_in(&app, SECOND).await);
    let body = json!({"current_password": SECOND, "new_password": THIRD, "end_other_sessions": false});
    assert_eq!(change(&app, &own, &body).await.status, StatusCode::NO_CONTENT);
    assert_eq!(app.bearer(Method::GET, "/api/v1/me", &staying).await.status, StatusCode::OK);
    assert_eq!(sign_in(&app, THIRD).await.status, StatusCode::OK);
}
