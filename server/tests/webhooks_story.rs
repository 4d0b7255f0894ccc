//! Webhooks for programs: the platform's, and what of an organization's is the same.

use crate::support::{Answer, TestApp};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

const ADMIN: &str = "ada@example.com";
const USER: &str = "alice@example.com";
const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
const ALL: &str = "/api/v1/admin/webhooks";

/// An administrator's access token, and somebody's.
async fn start() -> (TestApp, String, String) {
    start_with("").await
}

/// The same with more settings.
async fn start_with(settings: &str) -> (TestApp, String, String) {
    let app = TestApp::start_with(settings).await;
    app.create_account(ADMIN).await;
    app.make_admin(ADMIN).await;
    app.create_account(USER).await;
    let (_, admin) = app.sign_in(ADMIN).await;
    let (_, user) = app.sign_in(USER).await;
    (app, admin, user)
}

async fn call(app: &TestApp, method: Method, path: &str, token: &str, body: &Value) -> Answer {
    app.bearer_body(method, path, token, body.to_string().into()).await
}

fn said(answer: &Answer) -> (StatusCode, String) {
    (answer.status, answer.code())
}

fn wanted() -> Value {
    json!({"url": "https://127.0.0.1:8443/in", "kinds": ["user.created", "organization.*", "user.created"]})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_makes_changes_tests_and_removes_a_webhook() {
    let (app, admin, _) = start().await;
    let made = call(&app, Method::POST, ALL, &admin, &wanted()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let made = made.value();
    assert!(made["secret"].as_str().unwrap().starts_with("whsec_"));
    assert_eq!((&made["kinds"], &made["enabled"]), (&json!(["organization.*", "user.created"]), &json!(true)));
    let one = format!("{ALL}/{}", made["id"].as_str().unwrap());

    let shown = app.bearer(Method::GET, &one, &admin).await.value();
    let members = [
        "id",
        "url",
        "kinds",
        "enabled",
        "disabled_at",
        "disabled_reason",
        "failing_since",
        "old_secret_until",
        "created_at",
    ];
    assert_eq!(shown.as_object().unwrap().len(), members.len(), "{shown}");
    assert!(members.iter().all(|member| shown.get(member).is_some()), "{shown}");
    let list = app.bearer(Method::GET, ALL, &admin).await;
    assert_eq!(list.value()["items"], json!([shown]));
    assert!(!list.body.contains("whsec_"));

    let changed = call(&app, Method::PATCH, &one, &admin, &json!({"kinds": ["*"], "enabled": false})).await;
    let changed = changed.value();
    assert_eq!((&changed["kinds"], &changed["url"]), (&json!(["*"]), &made["url"]));
    assert_eq!((&changed["enabled"], &changed["disabled_reason"]), (&json!(false), &json!("manual")));
    let test = format!("{one}/test");
    let off = app.bearer(Method::POST, &test, &admin).await;
    assert_eq!(said(&off), (StatusCode::CONFLICT, "wrong_state".to_owned()));
    call(&app, Method::PATCH, &one, &admin, &json!({"enabled": true})).await;

    let tested = app.bearer(Method::POST, &test, &admin).await;
    assert_eq!(tested.status, StatusCode::ACCEPTED, "{}", tested.body);
    let delivery = format!("{one}/deliveries/{}", tested.value()["id"].as_str().unwrap());
    let listed = app.bearer(Method::GET, &format!("{one}/deliveries?state=pending"), &admin).await.value();
    assert_eq!((&listed["items"][0]["kind"], &listed["next"]), (&json!("webhook.test"), &Value::Null));
    let view = app.bearer(Method::GET, &delivery, &admin).await.value();
    assert_eq!((&view["state"], &view["tries"]), (&json!("pending"), &json!([])));
    assert!(view["payload"].as_str().unwrap().contains("webhook.test"));
    let replayed = app.bearer(Method::POST, &format!("{delivery}/replay"), &admin).await;
    assert_eq!(said(&replayed), (StatusCode::CONFLICT, "wrong_state".to_owned()), "it waits anyway");

    let rotated = app.bearer(Method::POST, &format!("{one}/rotate-secret"), &admin).await.value();
    assert_ne!(rotated["secret"], made["secret"]);
    assert!(rotated["old_secret_until"].as_i64().unwrap() > made["created_at"].as_i64().unwrap());
    assert_eq!(app.bearer(Method::DELETE, &one, &admin).await.status, StatusCode::NO_CONTENT);
    assert_eq!(said(&app.bearer(Method::GET, &one, &admin).await), (StatusCode::NOT_FOUND, "not_found".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn secrets_are_handed_out_after_a_fresh_proof_only() {
    let (app, admin, _) = start().await;
    let made = call(&app, Method::POST, ALL, &admin, &wanted()).await.value();
    app.forget_proofs().await;
    let again = call(&app, Method::POST, ALL, &admin, &wanted()).await;
    let rotate = format!("{ALL}/{}/rotate-secret", made["id"].as_str().unwrap());
    let rotated = app.bearer(Method::POST, &rotate, &admin).await;
    for answer in [again, rotated] {
        assert_eq!(said(&answer), (StatusCode::FORBIDDEN, "reauthentication_required".to_owned()));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_body_query_and_id_is_refused_clearly() {
    let (app, admin, user) = start().await;
    let one = format!("{ALL}/{ID}");
    for (body, field, code) in [
        (json!({"kinds": ["*"]}), "url", "required"),
        (json!({"url": "http://hooks.example.com/", "kinds": ["*"]}), "url", "invalid_url"),
        (json!({"url": "https://a:b@hooks.example.com/", "kinds": ["*"]}), "url", "invalid_url"),
        (json!({"url": format!("https://127.0.0.1/{}", "x".repeat(600)), "kinds": ["*"]}), "url", "too_long"),
        (json!({"url": "https://127.0.0.1/"}), "kinds", "required"),
        (json!({"url": "https://127.0.0.1/", "kinds": ["nothing.happened"]}), "kinds", "unknown"),
    ] {
        let answer = call(&app, Method::POST, ALL, &admin, &body).await;
        assert_eq!(said(&answer), (StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields".to_owned()), "{body}");
        let error = &answer.value()["errors"][0];
        assert_eq!((&error["field"], &error["code"]), (&json!(field), &json!(code)), "{body}");
    }
    // What is nobody's to set is refused, and so is what is of another type.
    for (name, value) in [
        ("id", json!(ID)),
        ("organization_id", json!(ID)),
        ("secret", json!("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")),
        ("disabled_reason", json!("gone")),
        ("kinds", json!("*")),
        ("url", json!(7)),
    ] {
        let mut body = wanted();
        body[name] = value;
        let made = call(&app, Method::POST, ALL, &admin, &body).await;
        assert_eq!(said(&made), (StatusCode::BAD_REQUEST, "malformed_request".to_owned()), "{body}");
    }
    for query in ["state=lost", "after=", "after=x", "after=%00", "state=dead&state=dead", "before=x"] {
        let answer = app.bearer(Method::GET, &format!("{one}/deliveries?{query}"), &admin).await;
        assert_eq!(said(&answer), (StatusCode::BAD_REQUEST, "malformed_request".to_owned()), "{query}");
    }
    for id in ["invented", "%00", "%ff", "'", &"x".repeat(30_000)] {
        let answer = app.bearer(Method::GET, &format!("{ALL}/{id}"), &admin).await;
        assert_eq!(said(&answer), (StatusCode::BAD_REQUEST, "malformed_request".to_owned()), "{id:.40}");
        // Who may not learns nothing of it.
        let stranger = app.bearer(Method::GET, &format!("{ALL}/{id}"), &user).await;
        assert!(id == "%ff" || stranger.status == StatusCode::NOT_FOUND, "{id:.40}: {}", stranger.status);
        let organization = app.bearer(Method::GET, &format!("/api/v1/organizations/{id}/webhooks"), &user).await;
        assert_eq!(said(&organization), (StatusCode::BAD_REQUEST, "malformed_request".to_owned()), "{id:.40}");
    }
    for (method, path) in [(Method::GET, ""), (Method::PATCH, ""), (Method::DELETE, ""), (Method::POST, "/test")] {
        let answer = call(&app, method.clone(), &format!("{one}{path}"), &admin, &json!({})).await;
        assert_eq!(said(&answer), (StatusCode::NOT_FOUND, "not_found".to_owned()), "{method} {path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_that_the_operator_does_not_allow_is_refused_by_its_code() {
    let (app, admin, _) = start_with("webhook_hosts = '127.0.0.1:8443'\n").await;
    let made = call(&app, Method::POST, ALL, &admin, &wanted()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let one = format!("{ALL}/{}", made.value()["id"].as_str().unwrap());
    let elsewhere = json!({"url": "https://127.0.0.1/in", "kinds": ["*"]});
    for (method, path) in [(Method::POST, ALL), (Method::PATCH, &*one)] {
        let answer = call(&app, method, path, &admin, &elsewhere).await;
        assert_eq!(said(&answer), (StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields".to_owned()), "{path}");
        let error = &answer.value()["errors"][0];
        assert_eq!((&error["field"], &error["code"]), (&json!("url"), &json!("host_not_allowed")), "{path}");
    }
    // As it is once its host is taken off the list.
    app.execute("UPDATE webhooks SET url = 'https://127.0.0.1/in'").await;
    let tested = app.bearer(Method::POST, &format!("{one}/test"), &admin).await.value();
    app.application.auth.deliver_webhooks().await.unwrap();
    let delivery = format!("{one}/deliveries/{}", tested["id"].as_str().unwrap());
    let view = app.bearer(Method::GET, &delivery, &admin).await.value();
    assert_eq!((&view["state"], &view["last_error"]), (&json!("dead"), &json!("host_not_allowed")));
    assert_eq!(view["tries"][0]["error"], "host_not_allowed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn webhooks_of_an_organization_are_its_members_business() {
    let (app, admin, user) = start().await;
    let all = format!("/api/v1/organizations/{ID}/webhooks");
    for token in [&admin, &user] {
        for (method, path) in [
            (Method::GET, all.clone()),
            (Method::POST, all.clone()),
            (Method::GET, format!("{all}/{ID}")),
            (Method::PATCH, format!("{all}/{ID}")),
            (Method::DELETE, format!("{all}/{ID}")),
            (Method::POST, format!("{all}/{ID}/rotate-secret")),
            (Method::POST, format!("{all}/{ID}/test")),
            (Method::GET, format!("{all}/{ID}/deliveries?state=lost")),
            (Method::GET, format!("{all}/{ID}/deliveries/{ID}")),
            (Method::POST, format!("{all}/{ID}/deliveries/{ID}/replay")),
        ] {
            let answer = call(&app, method.clone(), &path, token, &json!({})).await;
            assert_eq!(said(&answer), (StatusCode::NOT_FOUND, "not_found".to_owned()), "{method} {path}");
        }
    }
}
