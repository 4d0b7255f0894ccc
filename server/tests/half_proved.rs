//! What is no way in: the token of a program, and a session from before the account had a factor. Neither counts for
//! more than what was proved.

use crate::one_gate::{assert_no_session, assert_waits};
use crate::support::{PASSWORD, TestApp};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

const EMAIL: &str = "alice@example.com";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_gets_no_session_and_spares_nobody_the_second_half() {
    let app = TestApp::start().await;
    let (mut holder, _) = app.create_holder(EMAIL).await;
    let (_, access) = app.sign_in_fully(&mut holder, FIREFOX).await;
    let token = app.personal_token(&access).await;
    let bearer = format!("Bearer {token}");
    let cookie = format!("__Host-refresh={token}");
    for headers in [[("authorization", &*bearer)], [("cookie", &*cookie)]] {
        let headers = [headers[0], ("sec-fetch-site", "same-origin")];
        let refreshed = app.request(Method::POST, "/api/v1/refresh", &headers, Body::empty()).await;
        assert!(refreshed.status.is_client_error(), "{}", refreshed.body);
        assert_no_session(&refreshed, "refresh");
    }
    let headers = [("authorization", &*bearer), ("content-type", "application/json")];
    let body = json!({"email": EMAIL, "password": PASSWORD}).to_string();
    let answer = app.request(Method::POST, "/api/v1/sign-in", &headers, body.into()).await;
    assert_no_session(&answer, "sign-in");
    assert_waits(&answer, "sign-in of a program");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_from_before_the_factor_says_what_was_proved_and_no_more() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (cookie, access) = app.sign_in(EMAIL).await;
    app.add_app(EMAIL, &access).await;
    let headers = [("cookie", &*cookie), ("sec-fetch-site", "same-origin")];
    // Another browser, which has the password alone.
    app.execute("UPDATE sessions SET factor = '', factor_at = 0").await;
    let refreshed = app.request(Method::POST, "/api/v1/refresh", &headers, Body::empty()).await;
    assert_eq!(refreshed.status, StatusCode::OK, "{}", refreshed.body);
    let claims = claims(refreshed.value()["access_token"].as_str().unwrap());
    assert_eq!((&claims["amr"], &claims["acr"]), (&json!(["pwd"]), &json!("aal1")));
}

/// What a token says; its signature is no matter here.
fn claims(token: &str) -> Value {
    use base64::Engine as _;
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&base64::prelude::BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}
