//! What stands before the program: whose address people have, what is believed of headers, and how a wrong set-up is
//! found from what passes.

use crate::support::{PASSWORD, TestApp};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use std::net::SocketAddr;

const ADMIN: &str = "ada@example.com";
const PROXY: &str = "10.0.0.1:4711";
const PEOPLE: usize = 12;

/// A request of somebody that came through the proxy, from an address of their own.
async fn ask(app: &TestApp, token: &str, number: usize) {
    let peer: SocketAddr = PROXY.parse().unwrap();
    let request = Request::get("/api/v1/me")
        .header("authorization", format!("Bearer {token}"))
        .header("x-forwarded-for", format!("203.0.113.{number}"))
        .extension(ConnectInfo(peer));
    assert_eq!(app.send(request.body(Body::empty()).unwrap()).await.status, StatusCode::OK);
}

/// Some people use the program behind its proxy; gives what the health says of proxies, and the cookie of an administrator.
async fn used_behind_a_proxy(settings: &str) -> (TestApp, Value, String) {
    let app = TestApp::start_with(settings).await;
    for number in 0..PEOPLE {
        let email = format!("person{number}@example.com");
        app.create_account(&email).await;
        let (_, token) = app.sign_in(&email).await;
        ask(&app, &token, number).await;
    }
    app.create_account(ADMIN).await;
    app.make_admin(ADMIN).await;
    let (cookie, token) = app.sign_in(ADMIN).await;
    let health = app.bearer(axum::http::Method::GET, "/api/v1/admin/health", &token).await;
    assert_eq!(health.status, StatusCode::OK, "{}", health.body);
    let proxies = health.value()["process"]["proxies"].clone();
    (app, proxies, cookie)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxy_that_is_not_listed_is_found_from_what_passes() {
    let (app, proxies, cookie) = used_behind_a_proxy("").await;
    assert_eq!(proxies.as_array().unwrap().len(), 1, "{proxies}");
    assert_eq!((&proxies[0]["fault"], &proxies[0]["address"]), (&json!("unlisted_proxy"), &json!("10.0.0.1")));
    let people = proxies[0]["count"].as_i64().unwrap();
    assert!((11..=13).contains(&people), "{proxies}");
    let page = app.get("/admin/health", &cookie).await;
    assert!(page.says("page.admin_health.proxies") && page.body.contains("10.0.0.1"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_found_when_it_is_listed() {
    let (app, proxies, cookie) = used_behind_a_proxy("trusted_proxies = '10.0.0.0/8'\n").await;
    assert_eq!(proxies, json!([]));
    assert!(!app.get("/admin/health", &cookie).await.says("page.admin_health.proxies"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_of_mails_lead_home_whatever_headers_say() {
    for settings in ["", "trusted_proxies = '10.0.0.0/8'\n"] {
        let app = TestApp::start_with(settings).await;
        let peer: SocketAddr = PROXY.parse().unwrap();
        let body = json!({"email": "alice@example.com", "password": PASSWORD, "name": "Alice"});
        let request = Request::post("/api/v1/sign-up")
            .header("content-type", "application/json")
            .header("host", "evil.example")
            .header("x-forwarded-host", "evil.example")
            .header("x-forwarded-proto", "https")
            .header("x-forwarded-port", "4443")
            .header("x-original-url", "https://evil.example/")
            .header("forwarded", "for=203.0.113.7;host=evil.example;proto=https")
            .extension(ConnectInfo(peer));
        let answer = app.send(request.body(body.to_string().into()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
        let mail = app.mail("alice@example.com", "verify_email").await;
        assert!(mail["link"].as_str().unwrap().starts_with("http://localhost:3000/"), "{mail}");
        assert!(!mail.to_string().contains("evil.example"), "{mail}");
    }
}

async fn sessions_from(app: &TestApp, address: &str) -> i64 {
    let count = "SELECT CAST(COUNT(*) AS TEXT) AS text FROM sessions WHERE address = $1";
    app.read(count, address).await.parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_one_header_names_an_address() {
    let app = TestApp::start_with("trusted_proxies = '10.0.0.0/8'\n").await;
    app.create_account("alice@example.com").await;
    let peer: SocketAddr = PROXY.parse().unwrap();
    let sign_in = |name: &'static str, value: &'static str| {
        let body = json!({"email": "alice@example.com", "password": PASSWORD}).to_string();
        let request = Request::post("/api/v1/sign-in").header("content-type", "application/json").header(name, value);
        app.send(request.extension(ConnectInfo(peer)).body(body.into()).unwrap())
    };
    for (name, value, address) in [
        ("x-forwarded-for", "192.0.2.1, 203.0.113.7", "203.0.113.7"),
        ("forwarded", "for=203.0.113.8", "10.0.0.1"),
        ("x-real-ip", "203.0.113.8", "10.0.0.1"),
        ("cf-connecting-ip", "203.0.113.8", "10.0.0.1"),
        ("true-client-ip", "203.0.113.8", "10.0.0.1"),
    ] {
        let before = sessions_from(&app, address).await;
        assert_eq!(sign_in(name, value).await.status, StatusCode::OK);
        assert_eq!(sessions_from(&app, address).await, before + 1, "{name}");
    }
}
