//! The page of the second half, and how it is reached. The factor of these people is one that nobody can prove: what a
//! right code does is told elsewhere.

use crate::support::{Answer, PASSWORD, TestApp};
use axum::http::StatusCode;
use serde_json::json;

const EMAIL: &str = "alice@example.com";

/// An account that is asked for a code.
async fn asked() -> TestApp {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    app.execute("UPDATE users SET factors = 'totp email_code'").await;
    app
}

async fn sign_in(app: &TestApp, next: &str) -> Answer {
    let password = PASSWORD.replace(' ', "+");
    app.form("/rpc/sign_in", &format!("email=alice%40example.com&password={password}&next={next}"), "").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_right_password_leads_to_the_second_half_and_signs_nobody_in() {
    let app = asked().await;
    let answer = sign_in(&app, "%2Faccount%3Ftab%3D1").await;
    assert_eq!(answer.location(), "/two-step?next=/account%3Ftab%3D1");
    assert!(answer.cookie("__Host-refresh").is_none());
    let line = answer.set_cookie("__Host-second-factor").unwrap();
    for attribute in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=600"] {
        assert!(line.contains(attribute), "{attribute} in {line}");
    }
    let page = app.get(answer.location(), &answer.cookie("__Host-second-factor").unwrap()).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.body.contains(EMAIL) && page.body.contains("name=\"code\""), "{}", page.body);
    assert!(page.body.contains("inputmode=\"numeric\"") && page.body.contains("autocomplete=\"one-time-code\""));
    assert!(page.body.contains("value=\"/account?tab=1\""), "where to go on is kept: {}", page.body);
    assert!(page.body.contains("href=\"/recover-account\"") && page.says("page.two_step.trust_text"));
    assert!(page.body.contains("method=email_code"), "the other way is a link");
    let box_of_trust = page.body.split("name=\"trust_device\"").nth(1).unwrap();
    assert!(!box_of_trust.split('>').next().unwrap().contains("checked"), "nobody is trusted unasked");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_ticket_the_way_leads_to_the_sign_in_and_a_dead_one_is_told() {
    let app = asked().await;
    for (path, location) in [
        ("/two-step", "/sign-in"),
        ("/two-step?next=%2Faccount", "/sign-in?next=/account"),
        ("/two-step?next=%2F%2Fevil.example", "/sign-in"),
    ] {
        let answer = app.get(path, "").await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, location), "{path}");
        assert!(answer.body.is_empty());
    }
    let dead = app.get("/two-step", "__Host-second-factor=dead").await;
    assert_eq!(dead.status, StatusCode::GONE);
    assert!(dead.says("error.second_factor_expired"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_is_told_what_waits_and_gets_no_cookie() {
    let app = asked().await;
    let answer = app.json("/api/v1/sign-in", &json!({"email": EMAIL, "password": PASSWORD})).await;
    assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, "no-store"));
    assert_eq!(answer.value()["second_factor"]["methods"], json!(["totp", "email_code"]));
    assert!(answer.value()["access_token"].is_null() && answer.cookie("__Host-refresh").is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tries_that_are_left_and_the_lock_are_said_in_words() {
    let app = asked().await;
    let answer = sign_in(&app, "").await;
    let cookie = answer.cookie("__Host-second-factor").unwrap();
    for number in 1..=6 {
        let page = "/two-step?method=totp";
        let posted = app.form_of(page, "/rpc/second_factor", "method=totp&code=123456", &cookie).await;
        assert_eq!(posted.status, StatusCode::SEE_OTHER, "{}", posted.body);
        assert!(posted.location().starts_with(page), "{}", posted.location());
        assert!(!posted.location().contains("123456"), "no code in an address");
        let page = app.get(posted.location(), &cookie).await;
        let (status, words) = match number {
            1..=5 => (StatusCode::UNPROCESSABLE_ENTITY, "error.wrong_code"),
            _ => (StatusCode::TOO_MANY_REQUESTS, "page.two_step.label"),
        };
        assert!(page.status == status && page.says(words), "{number}: {} {}", page.status, page.body);
        assert_eq!(page.says("page.two_step.last_try"), number == 4, "{number}");
        let text = auth::text::text(auth::Locale::En, "page.two_step.locked");
        assert_eq!(page.body.contains(text.split(':').next().unwrap()), number >= 5, "{number}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_code_is_refused_and_costs_nothing() {
    let app = asked().await;
    let answer = app.json("/api/v1/sign-in", &json!({"email": EMAIL, "password": PASSWORD})).await;
    let ticket = answer.value()["second_factor"]["ticket"].as_str().unwrap().to_owned();
    for (code, status) in [
        (json!(null), 400),
        (json!(123_456), 400),
        (json!(["123456"]), 400),
        (json!({}), 400),
        (json!(""), 422),
        (json!("1234567"), 422),
        (json!("１２３４５６"), 422),
        (json!("-123456"), 422),
        (json!("12345\u{0}"), 422),
    ] {
        let body = json!({"ticket": ticket, "method": "totp", "code": code});
        let refused = app.json("/api/v1/second-factor", &body).await;
        let expected = if status == 400 { "malformed_request" } else { "invalid_fields" };
        assert_eq!((refused.status.as_u16(), refused.code().as_str()), (status, expected), "{code}");
    }
    let spent = app.read("SELECT CAST(wrong_factors AS TEXT) AS text FROM users WHERE email = $1", EMAIL).await;
    assert_eq!(spent, "0");
}
