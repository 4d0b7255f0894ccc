//! Seeing the product as somebody else, from outside: every route that changes something is refused in one place, pages
//! say so, and the way back leads back.

use crate::support::{Answer, TestApp};
use auth::Role;
use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::json;

const ADMIN: &str = "ada@example.com";
const SUPPORT: &str = "sue@example.com";
const USER: &str = "alice@example.com";
const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

/// What stays open: the way out, and what is decided without a change.
const OPEN: [(&str, &str); 4] = [
    ("delete", "/api/v1/admin/impersonation"),
    ("post", "/api/v1/sign-out"),
    ("post", "/api/v1/refresh"),
    ("post", "/api/v1/authorize"),
];

async fn start() -> (TestApp, String) {
    let app = TestApp::start().await;
    for address in [ADMIN, SUPPORT, USER] {
        app.create_account(address).await;
    }
    app.make_admin(ADMIN).await;
    app.set_role(SUPPORT, Role::Support).await;
    let id = app.read("SELECT id AS text FROM users WHERE email = $1", USER).await;
    (app, id)
}

/// An access token in Alice's place.
async fn acting(app: &TestApp, own: &str, id: &str, writes: bool) -> String {
    let body = json!({"reason": "Ticket 4711", "writes": writes}).to_string();
    let path = format!("/api/v1/admin/users/{id}/impersonate");
    let answer = app.bearer_body(Method::POST, &path, own, body.into()).await;
    assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, "no-store"), "{}", answer.body);
    answer.value()["access_token"].as_str().unwrap().to_owned()
}

fn is_read_only(answer: &Answer) -> bool {
    answer.status == StatusCode::FORBIDDEN && answer.code() == "read_only"
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_call_that_changes_something_is_refused() {
    let (app, id) = start().await;
    let (_, own) = app.sign_in(ADMIN).await;
    let document = app.get("/api/v1/openapi.json", "").await.value();
    for writes in [false, true] {
        let token = acting(&app, &own, &id, writes).await;
        let mut refused = 0;
        for (path, methods) in document["paths"].as_object().unwrap() {
            let is_of_organizations = path.starts_with("/api/v1/orgs/") || path.starts_with("/api/v1/organizations/");
            for method in methods.as_object().unwrap().keys().filter(|method| *method != "get") {
                if OPEN.contains(&(method.as_str(), path.as_str())) || (writes && is_of_organizations) {
                    continue;
                }
                let path = path.replace("{factor}", "totp");
                let path: Vec<&str> =
                    path.split('/').map(|part| if part.starts_with('{') { ID } else { part }).collect();
                let of = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
                let answer = app.bearer_body(of, &path.join("/"), &token, "{}".into()).await;
                assert!(is_read_only(&answer), "{method} {path:?} {writes}: {} {}", answer.status, answer.body);
                refused += 1;
            }
        }
        assert!(refused > 40, "the calls were found: {refused}");
        let me = app.bearer(Method::GET, "/api/v1/me", &token).await.value();
        assert_eq!((&me["email"], &me["session"]["is_impersonation"]), (&json!(USER), &json!(true)));
        assert_eq!(app.bearer(Method::GET, "/api/v1/admin/users", &token).await.status, StatusCode::NOT_FOUND);
        assert_eq!(app.bearer(Method::GET, "/api/v1/me/export", &token).await.code(), "read_only", "also what is read");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_form_is_refused_for_scripts_and_for_browsers() {
    let (app, id) = start().await;
    let (_, own) = app.sign_in(SUPPORT).await;
    let token = acting(&app, &own, &id, false).await;
    let mut refused = 0;
    for (path, _) in leptos::server_fn::axum::server_fn_paths() {
        if ["/rpc/me", "/rpc/sign_out", "/rpc/choose_theme", "/rpc/end_impersonation"].contains(&path) {
            continue;
        }
        let call = axum::http::Request::post(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "application/json")
            .header("authorization", format!("Bearer {token}"));
        assert!(is_read_only(&app.send(call.body(Body::empty()).unwrap()).await), "{path}");
        let posted = axum::http::Request::post(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "text/html,*/*;q=0.8")
            .header("referer", "http://localhost:3000/account/sessions?after=x")
            .header("authorization", format!("Bearer {token}"));
        let led = app.send(posted.body(Body::empty()).unwrap()).await;
        assert_eq!(led.status, StatusCode::SEE_OTHER, "{path}");
        assert!(led.location().starts_with("/account/sessions?__path="), "{path}: {}", led.location());
        refused += 1;
    }
    assert!(refused > 40, "the forms were found: {refused}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_stopped_from_either_side() {
    let (app, id) = start().await;
    let (_, own) = app.sign_in(SUPPORT).await;
    for by_own in [false, true] {
        let token = acting(&app, &own, &id, false).await;
        let stop = if by_own { &own } else { &token };
        for _ in 0..2 {
            let stopped = app.bearer(Method::DELETE, "/api/v1/admin/impersonation", stop).await;
            assert!(stopped.status == StatusCode::NO_CONTENT || stopped.status == StatusCode::UNAUTHORIZED);
        }
        assert_eq!(app.bearer(Method::GET, "/api/v1/me", &token).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(app.bearer(Method::GET, "/api/v1/me", &own).await.status, StatusCode::OK);
    }
    let token = acting(&app, &own, &id, false).await;
    let out = app.bearer(Method::POST, "/api/v1/sign-out", &own).await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
    let me = app.bearer(Method::GET, "/api/v1/me", &token).await;
    assert_eq!((me.status, me.code().as_str()), (StatusCode::UNAUTHORIZED, "invalid_token"), "with one's own session");
}
