//! The queue of mails for programs.

use crate::support::{Answer, TestApp};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

const ADMIN: &str = "ada@example.com";
const USER: &str = "alice@example.com";
const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
const ALL: &str = "/api/v1/admin/mails";

async fn start() -> (TestApp, String) {
    let app = TestApp::start().await;
    app.create_account(ADMIN).await;
    app.make_admin(ADMIN).await;
    let (_, token) = app.sign_in(ADMIN).await;
    app.deliver().await;
    (app, token)
}

fn said(answer: &Answer) -> (StatusCode, String) {
    (answer.status, answer.code())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn support_sees_resends_and_drops_mails_without_their_content() {
    let (app, token) = start().await;
    app.json("/api/v1/sign-up", &json!({"email": USER, "password": crate::support::PASSWORD, "name": "Al"})).await;
    let waiting = app.bearer(Method::GET, &format!("{ALL}?state=waiting"), &token).await;
    let mail = waiting.value()["items"][0].clone();
    assert_eq!((&mail["kind"], &mail["recipient"]), (&json!("verify_email"), &json!("a•••@example.com")));
    assert_eq!(
        (&mail["state"], &mail["attempts"], &mail["is_outdated"]),
        (&json!("waiting"), &json!(0), &json!(false))
    );
    assert_eq!(mail.as_object().unwrap().len(), 10, "no more than needed: {mail}");
    assert!(!waiting.body.contains(USER) && !waiting.body.contains("token="), "{}", waiting.body);

    let one = format!("{ALL}/{}", mail["id"].as_str().unwrap());
    let resent = app.bearer(Method::POST, &format!("{one}/resend"), &token).await;
    assert_eq!(resent.status, StatusCode::ACCEPTED, "{}", resent.body);
    app.mail(USER, "verify_email").await;
    let sent = app.bearer(Method::GET, &format!("{ALL}?state=sent"), &token).await.value();
    assert_eq!((&sent["items"][0]["id"], &sent["items"][0]["next_at"]), (&mail["id"], &Value::Null));
    for (method, path) in [(Method::POST, format!("{one}/resend")), (Method::DELETE, one)] {
        let late = app.bearer(method, &path, &token).await;
        assert_eq!(said(&late), (StatusCode::CONFLICT, "wrong_state".to_owned()), "{path}");
    }
    app.json("/api/v1/sign-up", &json!({"email": "b@example.com", "password": crate::support::PASSWORD, "name": "B"}))
        .await;
    let next = app.bearer(Method::GET, &format!("{ALL}?state=waiting"), &token).await.value();
    let one = format!("{ALL}/{}", next["items"][0]["id"].as_str().unwrap());
    assert_eq!(app.bearer(Method::DELETE, &one, &token).await.status, StatusCode::NO_CONTENT);
    assert_eq!(said(&app.bearer(Method::DELETE, &one, &token).await), (StatusCode::NOT_FOUND, "not_found".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_whose_link_is_over_is_not_sent_again() {
    let (app, token) = start().await;
    app.json("/api/v1/sign-up", &json!({"email": USER, "password": crate::support::PASSWORD, "name": "Al"})).await;
    app.execute("UPDATE jobs SET created_at = created_at - 86400000, dead_at = created_at WHERE done_at IS NULL").await;
    let dead = app.bearer(Method::GET, &format!("{ALL}?state=dead"), &token).await.value();
    assert_eq!(dead["items"][0]["is_outdated"], json!(true));
    let path = format!("{ALL}/{}/resend", dead["items"][0]["id"].as_str().unwrap());
    let resent = app.bearer(Method::POST, &path, &token).await;
    assert_eq!(said(&resent), (StatusCode::GONE, "link_expired".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_query_and_id_is_refused_clearly() {
    let (app, token) = start().await;
    for query in ["state=lost", "after=", "after=x", "state=dead&state=sent", "q=a"] {
        let answer = app.bearer(Method::GET, &format!("{ALL}?{query}"), &token).await;
        assert_eq!(said(&answer), (StatusCode::BAD_REQUEST, "malformed_request".to_owned()), "{query}");
    }
    for id in ["invented", "%00", "%ff", "'"] {
        let answer = app.bearer(Method::DELETE, &format!("{ALL}/{id}"), &token).await;
        assert_eq!(said(&answer), (StatusCode::BAD_REQUEST, "malformed_request".to_owned()), "{id}");
    }
    let unknown = app.bearer(Method::POST, &format!("{ALL}/{ID}/resend"), &token).await;
    assert_eq!(said(&unknown), (StatusCode::NOT_FOUND, "not_found".to_owned()));
}
