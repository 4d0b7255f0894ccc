//! Sign-ins that look unusual over HTTP: a program and a browser that are asked for a mailed code, and what administrators
//! see of them.

use crate::support::factors::{given, ticket_of};
use crate::support::mmdb::{Spot, database};
use crate::support::{Answer, PASSWORD, TestApp};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};
use std::net::SocketAddr;

const ADMIN: &str = "ada@example.com";
const EMAIL: &str = "alice@example.com";
const PARIS: &str = "192.0.2.1:4711";
const TOKYO: &str = "203.0.113.9:4711";
const LIST: &str = "/api/v1/admin/anomalies";
const PAGE: &str = "/admin/anomalies";

/// A program that knows where addresses are, with an administrator and somebody who was in Paris a moment ago.
async fn start() -> (TestApp, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("places.mmdb");
    let places = [
        Spot { network: [192, 0, 2, 0], prefix: 24, country: "FR", city: "Paris", latitude: 48.86, longitude: 2.35 },
        Spot {
            network: [203, 0, 113, 0],
            prefix: 24,
            country: "JP",
            city: "Tokyo",
            latitude: 35.68,
            longitude: 139.65,
        },
    ];
    std::fs::write(&path, database(&places)).unwrap();
    let app = TestApp::start_with(&format!("geoip_database = '{}'\n", path.display())).await;
    for email in [ADMIN, EMAIL] {
        app.create_account(email).await;
    }
    app.make_admin(ADMIN).await;
    let home = sign_in(&app, PARIS).await;
    assert!(home.value()["access_token"].is_string(), "the first session is no news: {}", home.body);
    (app, folder)
}

async fn post(app: &TestApp, path: &str, body: &Value, peer: &str) -> Answer {
    let request = Request::post(path)
        .header(CONTENT_TYPE, "application/json")
        .extension(ConnectInfo(peer.parse::<SocketAddr>().unwrap()));
    app.send(request.body(Body::from(body.to_string())).unwrap()).await
}

async fn sign_in(app: &TestApp, peer: &str) -> Answer {
    post(app, "/api/v1/sign-in", &json!({"email": EMAIL, "password": PASSWORD}), peer).await
}

async fn list(app: &TestApp, query: &str) -> Value {
    let (_, token) = app.sign_in(ADMIN).await;
    let answer = app.bearer(Method::GET, &format!("{LIST}{query}"), &token).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.value()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_in_tokyo_is_asked_for_a_mailed_code() {
    let (app, _folder) = start().await;
    let asked = sign_in(&app, TOKYO).await;
    let ticket = ticket_of(&asked);
    assert_eq!(asked.value()["second_factor"]["methods"], json!(["email_code"]));
    assert!(asked.cookie("__Host-refresh").is_none());
    let noted = list(&app, "").await;
    assert_eq!(noted["items"][0]["outcome"], "asked");

    let code = app.mail(EMAIL, "second_factor_code").await["code"].clone();
    let body = json!({"ticket": ticket, "method": "email_code", "code": code});
    let entered = post(&app, "/api/v1/second-factor", &body, TOKYO).await;
    assert_eq!(entered.status, StatusCode::OK, "{}", entered.body);
    assert!(entered.value()["access_token"].is_string());

    let noted = list(&app, "?reason=impossible_travel").await;
    let item = &noted["items"][0];
    assert_eq!((&item["email"], &item["outcome"]), (&json!(EMAIL), &json!("proved")));
    assert_eq!((&item["travel"]["from"], &item["travel"]["to"]), (&json!("Paris, FR"), &json!("Tokyo, JP")));
    assert_eq!(item["reasons"], json!(["impossible_travel"]));
    assert_eq!(list(&app, "?reason=token_reuse").await["items"], json!([]));
    assert_eq!(noted["days"].as_array().unwrap().len(), 30);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_is_led_to_the_page_that_says_why() {
    let (app, _folder) = start().await;
    let password = PASSWORD.replace(' ', "+");
    let request = Request::post("/rpc/sign_in")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(ACCEPT, "text/html,*/*;q=0.8")
        .header("sec-fetch-site", "same-origin")
        .header("sec-fetch-mode", "navigate")
        .header("referer", "http://localhost:3000/sign-in")
        .extension(ConnectInfo(TOKYO.parse::<SocketAddr>().unwrap()));
    let form = format!("email=alice%40example.com&password={password}");
    let answer = app.send(request.body(Body::from(form)).unwrap()).await;
    assert!(answer.location().starts_with("/two-step"), "{}", answer.location());
    let ticket = given(&answer, "__Host-second-factor").unwrap();
    let page = app.get("/two-step", &format!("__Host-second-factor={ticket}")).await;
    assert!(page.says("page.two_step_by_mail.lead") && page.body.contains("name=\"code\""), "{}", page.body);
    // There is no factor to be without, and none that a trusted device would stand in for.
    assert!(!page.body.contains("href=\"/recover-account\"") && !page.body.contains("name=\"trust_device\""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn administrators_see_who_was_where() {
    let (app, _folder) = start().await;
    let (cookie, token) = app.sign_in(ADMIN).await;
    let empty = app.get(PAGE, &cookie).await;
    assert!(empty.says("page.admin_anomalies.empty"), "{}", empty.body);
    sign_in(&app, TOKYO).await;
    app.application.auth.count_statistics(0).await.unwrap();
    let page = app.get(PAGE, &cookie).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    for part in ["id=\"anomalies-title\"", "class=\"bar-full\"", "<details class=\"numbers\"", "Paris, FR → Tokyo, JP"]
    {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    assert!(page.body.contains("href=\"/admin/users/") && page.body.contains(EMAIL));
    assert!(page.says("page.admin_anomalies.asked") && page.says("page.admin_anomalies.impossible_travel"));
    assert!(!page.body.contains(" style="), "an inline style");
    let none = app.get(&format!("{PAGE}?reason=token_reuse"), &cookie).await;
    assert!(none.says("page.admin_anomalies.none"), "{}", none.body);
    for query in ["?reason=weather", "?after=x"] {
        let broken = app.get(&format!("{PAGE}{query}"), &cookie).await;
        assert_eq!(broken.status, StatusCode::BAD_REQUEST, "{query}");
        assert!(broken.says("ui.no_such_list"));
        let answer = app.bearer(Method::GET, &format!("{LIST}{query}"), &token).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::BAD_REQUEST, "malformed_request"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn switched_off_nobody_is_asked() {
    let app = TestApp::start_with("anomaly_step_up = false\n").await;
    app.create_account(EMAIL).await;
    for peer in [PARIS, TOKYO] {
        assert!(sign_in(&app, peer).await.value()["access_token"].is_string());
    }
}
