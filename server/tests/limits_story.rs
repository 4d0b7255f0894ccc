//! Limits as programs and people meet them: fields, Retry-After, a problem, and words that say when to come again.

use crate::support::{Answer, PASSWORD, TestApp};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, Request, StatusCode};
use serde_json::json;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

const EMAIL: &str = "alice@example.com";
const WRONG: &str = "not the password at all";
const FORM: &str = "email=alice%40example.com&password=not+the+password+at+all";

async fn app() -> TestApp {
    TestApp::start_with("limits = true\n").await
}

fn sign_in_request(password: &str, from: &str) -> Request<Body> {
    let body = json!({"email": EMAIL, "password": password}).to_string();
    let mut request =
        Request::post("/api/v1/sign-in").header(CONTENT_TYPE, "application/json").body(body.into()).unwrap();
    request.extensions_mut().insert(ConnectInfo(SocketAddr::new(from.parse().unwrap(), 4711)));
    request
}

async fn sign_in(app: &TestApp, password: &str) -> Answer {
    app.send(sign_in_request(password, "192.0.2.1")).await
}

/// Spends all free tries of the address.
async fn attack(app: &TestApp) {
    for _ in 0..5 {
        assert_eq!(sign_in(app, WRONG).await.status, StatusCode::UNAUTHORIZED);
    }
}

/// The page that a refused form leads to.
async fn refused_page(app: &TestApp, cookie: &str) -> Answer {
    let posted = app.form("/rpc/sign_in", FORM, cookie).await;
    assert_eq!(posted.status, StatusCode::SEE_OTHER);
    let path = posted.location().strip_prefix("http://localhost:3000").unwrap_or(posted.location()).to_owned();
    app.get(&path, cookie).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_reads_how_many_tries_its_client_has_left_and_when_there_are_more() {
    let app = app().await;
    for left in (1..5).rev() {
        let answer = sign_in(&app, WRONG).await;
        assert_eq!(answer.code(), "invalid_credentials");
        // Of the address nothing is told yet: its owner may be mistyping in this very moment.
        assert_eq!(answer.header("ratelimit-policy"), "\"sign-in-client\";q=30;w=1800");
        let limit = answer.header("ratelimit");
        assert!(limit.starts_with(&format!("\"sign-in-client\";r={};t=", 25 + left)), "{limit}");
        assert!(!limit.contains("sign-in-account"), "{limit}");
    }
    let last = sign_in(&app, WRONG).await;
    assert_eq!(last.code(), "invalid_credentials");
    let policy = "\"sign-in-account\";q=5;w=4500, \"sign-in-client\";q=30;w=1800";
    assert_eq!(last.header("ratelimit-policy"), policy);
    let limit = last.header("ratelimit");
    assert!(limit.starts_with("\"sign-in-account\";r=0;t="), "{limit}");
    assert!(limit.contains("\"sign-in-client\";r=25;t="), "{limit}");
    let answer = sign_in(&app, PASSWORD).await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::TOO_MANY_REQUESTS, "too_many_attempts"));
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let seconds: u32 = answer.header("retry-after").parse().unwrap();
    assert!((1..=30).contains(&seconds), "{seconds}");
    assert!(answer.header("ratelimit").starts_with("\"sign-in-account\";r=0;t="), "{}", answer.header("ratelimit"));
    assert!(answer.value()["title"].as_str().unwrap().contains("1 min"), "{}", answer.body);
    assert_eq!(answer.value()["challenge"]["bits"], 18);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_spares_the_wait_by_work() {
    let app = app().await;
    app.create_account(EMAIL).await;
    attack(&app).await;
    let refused = sign_in(&app, PASSWORD).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    let challenge: auth::Challenge = serde_json::from_value(refused.value()["challenge"].clone()).unwrap();
    let solution = auth::limit::solve(&challenge);
    let with = |solution: &str| {
        let mut request = sign_in_request(PASSWORD, "192.0.2.1");
        request.headers_mut().insert("keywright-solution", solution.parse().unwrap());
        request
    };
    assert_eq!(app.send(with("nonsense")).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(app.send(with(&solution)).await.status, StatusCode::OK);
    assert_eq!(app.send(with(&solution)).await.status, StatusCode::TOO_MANY_REQUESTS, "it was used");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_that_signed_in_before_gets_in_while_others_guess() {
    let app = app().await;
    app.create_account(EMAIL).await;
    let good = "email=alice%40example.com&password=correct+horse+battery+staple";
    let first = app.form("/rpc/sign_in", good, "").await;
    let line = first.set_cookie("__Host-known-device").unwrap();
    for attribute in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=15552000"] {
        assert!(line.contains(attribute), "{attribute} in {line}");
    }
    attack(&app).await;
    let known = app.form("/rpc/sign_in", good, &first.cookie("__Host-known-device").unwrap()).await;
    assert!(known.set_cookie("__Host-refresh").is_some(), "{}", known.location());
    assert!(known.header("ratelimit-policy").starts_with("\"sign-in-device\""));
    let unknown = app.form("/rpc/sign_in", good, "").await;
    assert!(unknown.set_cookie("__Host-refresh").is_none(), "the control");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_says_in_minutes_when_to_come_again() {
    let app = app().await;
    attack(&app).await;
    for (locale, words, spares) in [
        ("en", "Try again in 1 min.", "With JavaScript your browser could spare you the wait."),
        ("fr", "Réessayez dans 1 min.", "Avec JavaScript, votre navigateur pourrait vous épargner l’attente."),
    ] {
        let page = refused_page(&app, &format!("__Host-locale={locale}")).await;
        assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
        assert!((1..=30).contains(&page.header("retry-after").parse::<u32>().unwrap()));
        assert!(page.body.contains(words) && page.body.contains(spares), "{}", page.body);
        assert!(page.body.contains("name=\"solution\""), "{}", page.body);
    }
    // The control: a page that was not refused asks for no work.
    assert!(!app.get("/sign-in", "").await.body.contains("name=\"solution\""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_form_waits_and_counts_like_a_refused_call_whatever_page_it_says_it_is_from() {
    let app = app().await;
    attack(&app).await;
    let limited = || app.application.process.requests().limited();
    assert_eq!(limited(), 0, "the control: a wrong password is no try too many");
    for (before, referer) in [
        "http://localhost:3000/sign-in",
        "http://localhost:3000/sign-in?__err=nonsense",
        "http://localhost:3000/sign-in?a=b#?&__err=nonsense",
        "no address at all",
    ]
    .into_iter()
    .enumerate()
    {
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("accept", "text/html"),
            ("sec-fetch-site", "same-origin"),
            ("sec-fetch-mode", "navigate"),
            ("referer", referer),
        ];
        let asked_at = Instant::now();
        let posted = app.request(Method::POST, "/rpc/sign_in", &headers, Body::from(FORM)).await;
        assert_eq!(posted.status, StatusCode::SEE_OTHER, "{referer}");
        assert!(posted.location().contains("__err="), "{referer}: {}", posted.location());
        assert!(asked_at.elapsed() >= Duration::from_millis(100), "{referer}");
        assert_eq!(limited(), before as u64 + 1, "{referer}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn known_and_unknown_addresses_look_the_same_until_the_last_header() {
    let (known, unknown) = (app().await, app().await);
    known.create_account(EMAIL).await;
    for _ in 0..6 {
        let (one, other) = (sign_in(&known, WRONG).await, sign_in(&unknown, WRONG).await);
        let told = |answer: &Answer| {
            let mut names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
            names.sort();
            (answer.status, answer.code(), names, answer.header("ratelimit-policy").to_owned())
        };
        assert_eq!(told(&one), told(&other));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_has_no_limit_and_says_nothing_of_one() {
    let app = app().await;
    app.create_account(EMAIL).await;
    let (cookie, token) = app.sign_in(EMAIL).await;
    let request = Request::post("/api/v1/refresh").header("cookie", &cookie).header("sec-fetch-site", "same-origin");
    let refreshed = app.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!((refreshed.status, refreshed.header("ratelimit")), (StatusCode::OK, ""));
    let me = app.bearer(Method::GET, "/api/v1/me", &token).await;
    assert_eq!((me.status, me.header("ratelimit")), (StatusCode::OK, ""));
}
