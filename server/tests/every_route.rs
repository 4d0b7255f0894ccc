//! Every route, signed out and signed in: a page is private unless it is named public.

mod forms;
mod signed_out;

use crate::support::TestApp;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use server::router::page_paths;

/// Pages behind a mailed link, or behind what waits in this browser: without it there is nothing to show.
const LINKED: [&str; 8] = [
    "/not-me",
    "/undo-email-change",
    "/keep-account",
    "/cancel-recovery",
    "/connect-account",
    "/finish-sign-up",
    "/setup",
    "/sign-in/with/google/app",
];

/// For each `{id}` of a path.
const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signed_out_every_page_answers_as_its_list_says() {
    let app = TestApp::start().await;
    assert!(page_paths().count() >= 17, "the pages were found");
    for page in page_paths() {
        let path = page.replace("{id}", ID).replace("{provider}", "google").replace("{slug}", "acme");
        let answer = app.get(&path, "").await;
        if path == app::TWO_STEP {
            assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/sign-in"), "nothing waits");
        } else if LINKED.contains(&&*path) {
            assert_eq!(answer.status, StatusCode::GONE, "{path}");
        } else if app::is_public(&path) {
            assert_eq!(answer.status, StatusCode::OK, "{path}");
        } else {
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
            assert_eq!(answer.location(), format!("/sign-in?next={path}"));
            assert!(answer.body.is_empty(), "{path} shows nothing of itself");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn password_managers_find_the_page_that_changes_the_password() {
    let app = TestApp::start().await;
    let answer = app.get("/.well-known/change-password", "").await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/account/security"));
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signed_in_the_dashboard_is_rendered_with_the_name() {
    let app = TestApp::start().await;
    app.create_account("alice@example.com").await;
    let (cookie, _) = app.sign_in("alice@example.com").await;
    let page = app.get("/dashboard", &cookie).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Hello, Sam") && page.body.contains("alice@example.com"), "{}", page.body);
    assert_eq!(page.header("cache-control"), "no-store");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_script_call_without_a_bearer_token_is_nobodys() {
    let app = TestApp::start().await;
    app.create_account("alice@example.com").await;
    let (cookie, token) = app.sign_in("alice@example.com").await;
    let call = || {
        Request::post("/rpc/me")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
    };
    let with_cookie =
        app.send(call().header("cookie", &cookie).header("sec-fetch-mode", "cors").body(Body::empty()).unwrap()).await;
    assert_eq!((with_cookie.status, with_cookie.code().as_str()), (StatusCode::UNAUTHORIZED, "signed_out"));
    let with_token =
        app.send(call().header("authorization", format!("Bearer {token}")).body(Body::empty()).unwrap()).await;
    assert_eq!(with_token.status, StatusCode::OK, "{}", with_token.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_cookie_sent_twice_is_no_credential() {
    let app = TestApp::start().await;
    app.create_account("alice@example.com").await;
    let (cookie, _) = app.sign_in("alice@example.com").await;
    let twice = format!("{cookie}; __Host-refresh=other");
    assert_eq!(app.get("/dashboard", &twice).await.status, StatusCode::SEE_OTHER);
    let unprefixed = cookie.replace("__Host-", "");
    assert_eq!(app.get("/dashboard", &unprefixed).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_production_nothing_of_development_exists() {
    let key = "bXk0c2VjcmV0LWtleS1vZi0zMi1ieXRlcy1oZXJlISE=";
    let app = TestApp::start_toml(&format!(
        "mode = 'production'\npublic_url = 'https://id.example.com'\nmaster_key = '{key}'\nsmtp_url = 'smtp://localhost:1?tls=required'\nmail_from = 'Keywright <id@example.com>'"
    ))
    .await;
    for path in ["/dev/inbox", "/dev/inbox.json", "/api/v1/openapi.json", "/api/docs"] {
        assert_eq!(app.get(path, "").await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(app.get("/", "").await.header("strict-transport-security").contains("31536000"));
}
