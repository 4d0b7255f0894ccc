//! The administration for programs.

use crate::support::{Answer, TestApp};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};

const ADMIN: &str = "ada@example.com";
const USER: &str = "alice@example.com";

/// An administrator's access token.
async fn start() -> (TestApp, String) {
    let app = TestApp::start().await;
    app.create_account(ADMIN).await;
    app.make_admin(ADMIN).await;
    app.create_account(USER).await;
    let (_, token) = app.sign_in(ADMIN).await;
    (app, token)
}

async fn get(app: &TestApp, token: &str, path: &str) -> Value {
    let answer = app.bearer(Method::GET, &format!("/api/v1{path}"), token).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
    answer.value()
}

/// Exchanges the refresh cookie for the next one.
async fn refresh(app: &TestApp, cookie: &str) -> String {
    let request = Request::post("/api/v1/refresh").header("cookie", cookie).header("sec-fetch-site", "same-origin");
    let answer = app.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.cookie("__Host-refresh").unwrap()
}

fn said(answer: &Answer) -> (StatusCode, String) {
    (answer.status, answer.code())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_finds_a_session_and_ends_it() {
    let (app, token) = start().await;
    let (cookie, access) = app.sign_in(USER).await;
    let newest = refresh(&app, &cookie).await;
    refresh(&app, &newest).await;

    let found = get(&app, &token, "/admin/users?q=alice").await;
    assert_eq!((found["items"].as_array().unwrap().len(), &found["next"]), (1, &Value::Null));
    let user = &found["items"][0];
    assert_eq!(
        (&user["email"], &user["role"], &user["live_sessions"], &user["name"]),
        (&json!(USER), &json!("user"), &json!(1), &json!("Sam"))
    );
    assert_eq!((user.as_object().unwrap().len(), &user["state"]), (8, &json!("active")), "no more than needed: {user}");
    let sessions = get(&app, &token, &format!("/admin/users/{}/sessions", user["id"].as_str().unwrap())).await;
    let session = sessions["items"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!((&sessions["items"][0]["end"], &sessions["items"][0]["method"]), (&Value::Null, &json!("pwd")));

    let path = format!("/admin/sessions/{session}");
    let family = get(&app, &token, &path).await;
    assert_eq!(
        (&family["tokens"], &family["slot_seconds"], &family["is_cut"]),
        (&json!(3), &Value::Null, &json!(false))
    );
    let generations: Vec<_> = family["steps"].as_array().unwrap().iter().map(|step| step["first"].as_i64()).collect();
    assert_eq!(generations, [Some(0), Some(1), Some(2)]);
    assert_eq!((&family["email"], &family["reuse"]), (&json!(USER), &Value::Null));
    assert!(!family.to_string().contains("digest"), "nothing of the tokens themselves");

    for _ in 0..2 {
        let ended = app.bearer(Method::DELETE, &format!("/api/v1{path}"), &token).await;
        assert_eq!(ended.status, StatusCode::NO_CONTENT, "{}", ended.body);
    }
    assert_eq!(app.bearer(Method::GET, "/api/v1/me", &access).await.status, StatusCode::UNAUTHORIZED);
    let family = get(&app, &token, &path).await;
    assert_eq!(family["session"]["end"]["reason"], "ended_by_admin");
    assert_eq!(family["ended_from"], Value::Null);
    let (_, again) = app.sign_in(USER).await;
    let told = app.bearer(Method::GET, "/api/v1/activity?filter=sign_in", &again).await.value();
    let line = told["items"].as_array().unwrap().iter().find(|item| item["kind"] == "session.ended_by_admin").unwrap();
    assert_eq!((&line["address"], &line["device"]), (&json!(""), &json!("")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_sees_replaces_and_revokes_keys() {
    let (app, token) = start().await;
    let keys = get(&app, &token, "/admin/keys").await;
    assert_eq!((keys["items"].as_array().unwrap().len(), &keys["items"][0]["state"]), (1, &json!("signing")));
    assert!(!keys.to_string().contains("private"), "{keys}");

    app.forget_proofs().await;
    let rotate = || app.bearer(Method::POST, "/api/v1/admin/keys/rotate", &token);
    assert_eq!(said(&rotate().await), (StatusCode::FORBIDDEN, "reauthentication_required".to_owned()));
    let proof = json!({"current_password": crate::support::PASSWORD}).to_string();
    let proved = app.bearer_body(Method::POST, "/api/v1/reauthenticate", &token, proof.into()).await;
    assert_eq!(proved.status, StatusCode::NO_CONTENT, "{}", proved.body);
    let next = rotate().await;
    assert_eq!((next.status, &next.value()["state"]), (StatusCode::CREATED, &json!("next")), "{}", next.body);
    let id = next.value()["id"].as_str().unwrap().to_owned();
    assert!(app.get("/.well-known/jwks.json", "").await.body.contains(&id), "it is published");

    let revoke = |id: &str| {
        let path = format!("/api/v1/admin/keys/{id}/revoke");
        let (app, token) = (&app, &token);
        async move { app.bearer(Method::POST, &path, token).await }
    };
    assert_eq!(revoke(&id).await.status, StatusCode::NO_CONTENT);
    assert!(!app.get("/.well-known/jwks.json", "").await.body.contains(&id), "it is published no more");
    let keys = get(&app, &token, "/admin/keys").await;
    let revoked = keys["items"].as_array().unwrap().iter().find(|key| key["id"] == *id).unwrap();
    assert_eq!(revoked["state"], "revoked");
    for unknown in ["invented", "%00", "%ff", "'", &"x".repeat(30_000)] {
        assert_eq!(said(&revoke(unknown).await), (StatusCode::NOT_FOUND, "not_found".to_owned()), "{unknown:.40}");
    }
    let told = get(&app, &token, "/activity?filter=administration").await;
    let kinds: Vec<_> = told["items"].as_array().unwrap().iter().map(|item| item["kind"].clone()).collect();
    assert_eq!(kinds, ["admin.signing_key_revoked", "admin.signing_key_rotated"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_query_and_id_is_refused_clearly() {
    let (app, token) = start().await;
    let long = "x".repeat(30_000);
    for query in ["after=", "after=x", "after=%00", "after=%ff%fe", "after=a&after=b", "before=x", "q=a&q=b", "%"] {
        let answer = app.bearer(Method::GET, &format!("/api/v1/admin/users?{query}"), &token).await;
        assert_eq!(said(&answer), (StatusCode::BAD_REQUEST, "malformed_request".to_owned()), "{query}");
    }
    for q in ["%00", "%ff%fe", "%25", "_", "%F0%9F%98%80", "%E2%80%AEx", "' OR 1=1 --", &long] {
        let path = format!("/api/v1/admin/users?q={}", q.replace(' ', "+"));
        let answer = app.bearer(Method::GET, &path, &token).await;
        assert!(
            answer.status == StatusCode::BAD_REQUEST || answer.value()["items"] == json!([]),
            "{q:.40}: {} {}",
            answer.status,
            answer.body
        );
    }
    for id in ["x", "%00", "%ff", "'", "01890a5d-ac96-774b-bcce-b302099a8057", &long] {
        for (method, path) in [
            (Method::GET, format!("/api/v1/admin/users/{id}/sessions")),
            (Method::GET, format!("/api/v1/admin/sessions/{id}")),
            (Method::DELETE, format!("/api/v1/admin/sessions/{id}")),
        ] {
            let answer = app.bearer(method, &path, &token).await;
            assert_eq!(said(&answer), (StatusCode::NOT_FOUND, "not_found".to_owned()), "{path:.60}");
        }
    }
}
