//! One's own account over REST: its sessions, what happened to it, its name.

use crate::support::{Answer, PASSWORD, TestApp};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

const EMAIL: &str = "alice@example.com";

async fn sessions(app: &TestApp, token: &str) -> Vec<Value> {
    let answer = app.bearer(Method::GET, "/api/v1/sessions", token).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.value()["items"].as_array().unwrap().clone()
}

fn kinds(answer: &Answer) -> Vec<String> {
    let lines = answer.value()["items"].as_array().unwrap().clone();
    lines.iter().map(|line| line["kind"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_looks_after_its_sessions() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (_, token) = app.sign_in(EMAIL).await;
    let mut others = Vec::new();
    for _ in 0..3 {
        others.push(app.sign_in(EMAIL).await.1);
    }

    let list = sessions(&app, &token).await;
    assert_eq!(list.len(), 4);
    let own: Vec<_> = list.iter().filter(|session| session["is_current"] == json!(true)).collect();
    assert_eq!(own.len(), 1);
    assert_eq!((&own[0]["method"], &own[0]["device"]), (&json!("pwd"), &json!("")));

    let one = list.iter().find(|session| session["is_current"] == json!(false)).unwrap();
    let path = format!("/api/v1/sessions/{}", one["id"].as_str().unwrap());
    for _ in 0..2 {
        assert_eq!(app.bearer(Method::DELETE, &path, &token).await.status, StatusCode::NO_CONTENT, "twice is once");
    }
    assert_eq!(sessions(&app, &token).await.len(), 3);

    let ended = app.bearer(Method::POST, "/api/v1/sessions/end-others", &token).await;
    assert_eq!((ended.status, ended.value()), (StatusCode::OK, json!({"ended": 2})));
    assert_eq!(sessions(&app, &token).await.len(), 1);
    for other in others {
        assert_eq!(app.bearer(Method::GET, "/api/v1/me", &other).await.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_another_device_out_asks_for_a_fresh_proof() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let ((_, token), (_, other)) = (app.sign_in(EMAIL).await, app.sign_in(EMAIL).await);
    let list = sessions(&app, &token).await;
    let path = |is_current: bool| {
        let session = list.iter().find(|session| session["is_current"] == json!(is_current)).unwrap();
        format!("/api/v1/sessions/{}", session["id"].as_str().unwrap())
    };
    app.forget_proofs().await;
    for (method, path) in [(Method::DELETE, &*path(false)), (Method::POST, "/api/v1/sessions/end-others")] {
        let refused = app.bearer(method, path, &token).await;
        let code = refused.code();
        assert_eq!((refused.status, code.as_str()), (StatusCode::FORBIDDEN, "reauthentication_required"), "{path}");
        assert_eq!(refused.value()["methods"], json!(["password"]), "{path}");
    }
    assert_eq!(sessions(&app, &token).await.len(), 2, "nobody was signed out");

    let proof = json!({"current_password": PASSWORD}).to_string();
    let proved = app.bearer_body(Method::POST, "/api/v1/reauthenticate", &token, proof.into()).await;
    assert_eq!(proved.status, StatusCode::NO_CONTENT, "{}", proved.body);
    assert_eq!(app.bearer(Method::DELETE, &path(false), &token).await.status, StatusCode::NO_CONTENT);
    assert_eq!(app.bearer(Method::GET, "/api/v1/me", &other).await.status, StatusCode::UNAUTHORIZED);

    app.forget_proofs().await;
    assert_eq!(app.bearer(Method::DELETE, &path(true), &token).await.status, StatusCode::NO_CONTENT, "a sign-out");
    assert_eq!(app.bearer(Method::GET, "/api/v1/me", &token).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_of_somebody_else_is_not_found() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    app.create_account("bob@example.com").await;
    let ((_, alice), (_, bob)) = (app.sign_in(EMAIL).await, app.sign_in("bob@example.com").await);
    let id = sessions(&app, &alice).await[0]["id"].as_str().unwrap().to_owned();
    let foreign = app.bearer(Method::DELETE, &format!("/api/v1/sessions/{id}"), &bob).await;
    let unknown = "/api/v1/sessions/01890a5d-ac96-774b-bcce-b302099a8057";
    let unknown = app.bearer(Method::DELETE, unknown, &bob).await;
    assert_eq!((foreign.status, foreign.code().as_str()), (StatusCode::NOT_FOUND, "not_found"));
    assert_eq!((foreign.status, &foreign.body), (unknown.status, &unknown.body));
    assert_eq!(sessions(&app, &alice).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_happened_is_read_a_page_at_a_time() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (_, token) = app.sign_in(EMAIL).await;
    for number in 0..60 {
        let body = json!({"name": format!("Sam {number}")});
        let changed = app.bearer_body(Method::PATCH, "/api/v1/me", &token, body.to_string().into()).await;
        assert_eq!((changed.status, &changed.value()["name"]), (StatusCode::OK, &body["name"]));
    }

    let first = app.bearer(Method::GET, "/api/v1/activity?filter=profile", &token).await;
    assert_eq!(kinds(&first), ["user.name_changed"; 50]);
    let next = first.value()["next"].as_str().unwrap().to_owned();
    let second = app.bearer(Method::GET, &format!("/api/v1/activity?filter=profile&after={next}"), &token).await;
    let rest = kinds(&second);
    assert_eq!(rest.len(), 11);
    assert_eq!(rest.iter().filter(|kind| *kind == "user.created").count(), 1);
    assert_eq!(second.value()["next"], json!(null));
    let sign_ins = app.bearer(Method::GET, "/api/v1/activity?filter=sign_in", &token).await;
    assert_eq!(kinds(&sign_ins), ["session.started"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cookie_alone_reads_and_changes_nothing() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (cookie, _) = app.sign_in(EMAIL).await;
    for path in ["/api/v1/sessions", "/api/v1/activity"] {
        let answer = app.get(path, &cookie).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::UNAUTHORIZED, "signed_out"), "{path}");
    }
}
