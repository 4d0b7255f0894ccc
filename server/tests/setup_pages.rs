//! The pages of the setup, as plain forms: from the printed link to the page that asks for the second factor.

use crate::support::{PASSWORD, TestApp};
use app::page::SECOND_FACTOR_REQUIRED;
use axum::http::StatusCode;

const EMAIL: &str = "ada@example.com";
const COOKIE: &str = "__Host-setup";

/// Opens the link in a browser with these cookies; gives the one that it keeps.
async fn open(app: &TestApp, token: &str, cookies: &str) -> String {
    let opened = app.get(&format!("/setup?token={token}"), cookies).await;
    assert_eq!((opened.status, opened.location()), (StatusCode::FOUND, "/setup"), "{}", opened.body);
    let kept = opened.cookie(COOKIE).unwrap();
    assert!(!kept.contains(token), "it is sealed");
    kept
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_opens_the_link_signs_in_and_becomes_the_administrator() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let token = app.setup_token().await;
    let kept = open(&app, &token, "").await;
    let first = app.get("/setup", &kept).await;
    assert_eq!(first.status, StatusCode::OK);
    assert!(first.says("page.setup.account_first") && !first.body.contains(&token), "{}", first.body);
    for way in ["href=\"/sign-up\"", "href=\"/sign-in?next=/setup\""] {
        assert!(first.body.contains(way), "{way}: {}", first.body);
    }
    // Also without the address of the page: as after a sign-up.
    let body = format!("email=ada%40example.com&password={}", PASSWORD.replace(' ', "+"));
    let signed_in = app.form("/rpc/sign_in", &body, &kept).await;
    assert_eq!(signed_in.location(), "/setup", "{}", signed_in.body);
    let both = format!("{}; {kept}", signed_in.cookie("__Host-refresh").unwrap());
    assert!(app.get("/dashboard", &both).await.says("page.setup.waiting"));

    let asked = app.get("/setup", &both).await;
    assert!(asked.says("page.setup.factor_next") && asked.body.contains(EMAIL), "{}", asked.body);
    assert_eq!(app.get("/admin", &both).await.status, StatusCode::NOT_FOUND, "opening it changes nothing");
    let done = app.form_of("/setup", "/rpc/complete_setup", "", &both).await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/admin"), "{}", done.body);
    assert!(done.set_cookie(COOKIE).unwrap().contains("Max-Age=0"));
    assert_eq!(app.get("/admin", &both).await.location(), SECOND_FACTOR_REQUIRED, "at once");
    for path in ["/setup".to_owned(), format!("/setup?token={token}")] {
        let dead = app.get(&path, &both).await;
        assert_eq!(dead.status, StatusCode::GONE, "{path}");
        assert!(dead.says("page.setup.dead"), "{path}");
    }
    let again = app.form_of("/setup", "/rpc/complete_setup", "", &both).await;
    assert!(again.location().starts_with("/setup?__path="), "{}", again.location());
    assert_eq!(app.get(again.location(), &both).await.status, StatusCode::GONE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_that_is_not_the_printed_one_leads_nowhere() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (session, _) = app.sign_in(EMAIL).await;
    let token = app.setup_token().await;
    let wrong = ["invented".to_owned(), "A".repeat(43), token[1..].to_owned(), format!("{token}A"), "%00".to_owned()];
    for wrong in wrong {
        let opened = app.get(&format!("/setup?token={wrong}"), &session).await;
        assert_eq!(opened.status, StatusCode::GONE, "{wrong}");
        assert!(opened.cookie(COOKIE).is_none() && opened.says("page.setup.dead_hint"), "{wrong}");
        // The token itself is no cookie either.
        let forged = format!("{session}; {COOKIE}={wrong}");
        assert_eq!(app.get("/setup", &forged).await.status, StatusCode::GONE, "{wrong}");
        let posted = app.form_of("/setup", "/rpc/complete_setup", &format!("token={token}"), &forged).await;
        assert!(posted.location().starts_with("/setup?__path="), "{wrong}: {}", posted.location());
    }
    assert_eq!(app.get("/setup", &format!("{session}; {COOKIE}={token}")).await.status, StatusCode::GONE);
    open(&app, &token, &session).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_does_not_want_it_now_is_asked_no_more() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (session, _) = app.sign_in(EMAIL).await;
    let token = app.setup_token().await;
    let both = format!("{session}; {}", open(&app, &token, &session).await);
    let forgotten = app.form_of("/setup", "/rpc/forget_setup", "", &both).await;
    assert_eq!(forgotten.location(), "/dashboard");
    assert!(forgotten.set_cookie(COOKIE).unwrap().contains("Max-Age=0"));
    open(&app, &token, &session).await;
}
