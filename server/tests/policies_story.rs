//! Policies for programs: writing, checking, activating, asking.

use crate::support::{Answer, TestApp};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

const ADMIN: &str = "ada@example.com";
const USER: &str = "alice@example.com";
const POLICIES: &str = "/api/v1/admin/policies";
const CLOSED: &str = "@id(\"closed\")\nforbid (principal, action == Action::\"documents:read\", resource);\n";

async fn start() -> (TestApp, String) {
    let app = TestApp::start().await;
    app.create_account(ADMIN).await;
    app.make_admin(ADMIN).await;
    let (_, token) = app.sign_in(ADMIN).await;
    (app, token)
}

async fn post(app: &TestApp, token: &str, path: &str, body: &Value) -> Answer {
    app.bearer_body(Method::POST, path, token, body.to_string().into()).await
}

async fn get(app: &TestApp, token: &str, path: &str) -> Value {
    let answer = app.bearer(Method::GET, path, token).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
    answer.value()
}

/// Saves a version; gives the path of its activation.
async fn save(app: &TestApp, token: &str, text: &str) -> String {
    let saved = post(app, token, POLICIES, &json!({"text": text, "note": "A try"})).await;
    assert_eq!(saved.status, StatusCode::CREATED, "{}", saved.body);
    format!("{POLICIES}/{}/activate", saved.value()["number"])
}

fn said(answer: &Answer) -> (StatusCode, String) {
    (answer.status, answer.code())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_version_is_saved_activated_seen_and_taken_back() {
    let (app, token) = start().await;
    let activate = save(&app, &token, CLOSED).await;
    let question = json!({"question": {"action": "documents:read", "role": "member"}});
    let explain = || post(&app, &token, "/api/v1/admin/policies/explain", &question);
    assert_eq!(explain().await.value()["allowed"], true);
    let done = app.bearer(Method::POST, &activate, &token).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.body);
    let denied = explain().await.value();
    assert_eq!((&denied["allowed"], &denied["verdicts"][0]["id"]), (&json!(false), &json!("closed")));
    assert_eq!(denied["verdicts"][0]["outcome"], "decided");
    let before = json!({"question": {"action": "documents:read", "role": "member"}, "version": 0});
    assert_eq!(post(&app, &token, "/api/v1/admin/policies/explain", &before).await.value()["allowed"], true);

    let listed = get(&app, &token, POLICIES).await;
    assert_eq!(
        (&listed["active"], &listed["items"][0]["number"], &listed["next"]),
        (&json!(1), &json!(1), &Value::Null)
    );
    let shown = get(&app, &token, &format!("{POLICIES}/1")).await;
    assert_eq!((&shown["text"], &shown["note"], &shown["is_active"]), (&json!(CLOSED), &json!("A try"), &json!(true)));
    let matrix = get(&app, &token, "/api/v1/admin/policies/matrix").await;
    let row =
        matrix["organization"]["rows"].as_array().unwrap().iter().find(|row| row["permission"] == "documents:read");
    assert_eq!(row.unwrap()["allowed"], json!([false, false, false, false]));

    app.forget_proofs().await;
    let refused = app.bearer(Method::POST, &format!("{POLICIES}/0/activate"), &token).await;
    assert_eq!(said(&refused), (StatusCode::FORBIDDEN, "reauthentication_required".into()));
    let proof = json!({"current_password": crate::support::PASSWORD});
    assert_eq!(post(&app, &token, "/api/v1/reauthenticate", &proof).await.status, StatusCode::NO_CONTENT);
    let back = app.bearer(Method::POST, &format!("{POLICIES}/0/activate"), &token).await;
    assert_eq!(back.status, StatusCode::NO_CONTENT, "{}", back.body);
    assert_eq!(explain().await.value()["allowed"], true);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_with_a_text_is_told_by_line_and_column() {
    let (app, token) = start().await;
    let text = "permit (principal, action, resource);\npermit (principal, action, resource) when { principal.x };";
    let refused = post(&app, &token, POLICIES, &json!({ "text": text })).await;
    assert_eq!(said(&refused), (StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields".into()));
    assert_eq!(refused.header("content-type"), "application/problem+json");
    let fault = &refused.value()["faults"][0];
    assert_eq!(fault["line"], 2, "{fault}");
    assert!(fault["column"].as_u64().unwrap() > 1 && fault["message"].as_str().unwrap().contains('x'), "{fault}");
    assert!(!refused.body.contains(".rs:"), "{}", refused.body);

    let large = post(&app, &token, POLICIES, &json!({"text": "x".repeat(100_000)})).await;
    assert_eq!(said(&large), (StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields".into()));
    let huge = post(&app, &token, POLICIES, &json!({"text": "x".repeat(1_000_000)})).await;
    assert_eq!(said(&huge), (StatusCode::PAYLOAD_TOO_LARGE, "too_large".into()));
    let deep = post(
        &app,
        &token,
        POLICIES,
        &json!({"text": format!("permit (principal, action, resource) when {{ {}", "(".repeat(60_000))}),
    )
    .await;
    assert_eq!(deep.value()["faults"][0]["message"], "this nests too deeply");
    assert_eq!(get(&app, &token, POLICIES).await["active"], 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cases_and_the_guard_stand_before_an_activation() {
    let (app, token) = start().await;
    let cases = "/api/v1/admin/policies/cases";
    let case =
        json!({"name": "Members read", "allowed": true, "question": {"action": "documents:read", "role": "member"}});
    let saved = post(&app, &token, cases, &case).await;
    assert_eq!(saved.status, StatusCode::CREATED, "{}", saved.body);
    let id = saved.value()["id"].as_str().unwrap().to_owned();
    assert_eq!(get(&app, &token, cases).await["items"][0]["question"]["hour"], 12);

    let activate = save(&app, &token, CLOSED).await;
    let refused = app.bearer(Method::POST, &activate, &token).await;
    assert_eq!(said(&refused), (StatusCode::CONFLICT, "policy_cases_failed".into()));
    assert_eq!(refused.value()["cases"][0]["case"]["name"], "Members read");
    let run = post(&app, &token, &format!("{cases}/run"), &json!({"version": 1})).await.value();
    assert_eq!((&run["passes"], &run["items"][0]["is_allowed"]), (&json!(false), &json!(false)));
    assert_eq!(post(&app, &token, &format!("{cases}/run"), &json!({})).await.value()["passes"], true);
    assert_eq!(app.bearer(Method::DELETE, &format!("{cases}/{id}"), &token).await.status, StatusCode::NO_CONTENT);
    assert_eq!(app.bearer(Method::POST, &activate, &token).await.status, StatusCode::NO_CONTENT);

    let trap = save(&app, &token, "@id(\"trap\") forbid (principal, action, resource);").await;
    let refused = app.bearer(Method::POST, &trap, &token).await;
    assert_eq!(said(&refused), (StatusCode::CONFLICT, "last_administrator".into()));
    assert_eq!(refused.value()["policies"], json!(["trap"]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_asks_about_themselves() {
    let (app, token) = start().await;
    app.create_account(USER).await;
    let (_, alice) = app.sign_in(USER).await;
    let authorize = async |body: Value| post(&app, &alice, "/api/v1/authorize", &body).await;
    let nowhere = "01890a5d-ac96-774b-bcce-b302099a8057";
    let one = authorize(json!({"action": "documents:read", "organization": nowhere})).await;
    assert_eq!((one.status, one.value()), (StatusCode::OK, json!({"allowed": false})));
    let batch = authorize(json!({"questions": [{"action": "users:read"}, {"action": "keys:read"}]})).await;
    assert_eq!(batch.value(), json!({"answers": [{"allowed": false}, {"allowed": false}]}));
    let own = post(&app, &token, "/api/v1/authorize", &json!({"action": "users:read"})).await;
    assert_eq!(own.value(), json!({"allowed": true, "reasons": ["role-grants"]}));

    let other = json!({"action": "users:read", "user": nowhere});
    assert_eq!(said(&authorize(other).await), (StatusCode::NOT_FOUND, "not_found".into()));
    for (body, status) in [
        (json!({"action": "documents:burn"}), 422),
        (json!({"action": "documents:read", "organization": "acme"}), 400),
        (json!({"action": "documents:read", "document": nowhere}), 400),
        (json!({"action": "users:read", "role": "platform_admin"}), 400),
        (json!({"action": "users:read", "questions": []}), 400),
        (json!({"action": ["users:read"]}), 400),
        (json!({"questions": [{}]}), 400),
        (json!({}), 400),
        (json!([]), 400),
        (json!({"questions": vec![json!({"action": "users:read"}); 101]}), 409),
    ] {
        let refused = authorize(body.clone()).await;
        assert_eq!(refused.status.as_u16(), status, "{body:.80}: {}", refused.body);
        assert!(!refused.code().is_empty(), "{body:.80}");
    }
    let program = app.personal_token(&alice).await;
    let refused = post(&app, &program, "/api/v1/authorize", &json!({"action": "users:read"})).await;
    assert_eq!(said(&refused), (StatusCode::FORBIDDEN, "insufficient_scope".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_body_and_path_is_refused_clearly() {
    let (app, token) = start().await;
    let save = |body: Vec<u8>| app.bearer_body(Method::POST, POLICIES, &token, Body::from(body));
    for body in [
        &b""[..],
        b"{",
        b"null",
        b"[]",
        b"{\"text\": 1}",
        b"{\"text\": \"\", \"number\": 7}",
        b"{\"text\": \"\", \"id\": \"x\"}",
        b"{\"text\": \"\", \"text\": \"\"}",
        b"\xff",
    ] {
        let refused = save(body.to_vec()).await;
        assert_eq!(said(&refused), (StatusCode::BAD_REQUEST, "malformed_request".into()), "{body:?}");
    }
    let long = json!({"text": "", "note": "x".repeat(201)}).to_string();
    assert_eq!(save(long.into_bytes()).await.value()["errors"][0]["field"], "note");
    for number in ["x", "-1", "1.5", "%00", "%ff", "99999999999999999999", "01890a5d-ac96-774b-bcce-b302099a8057"] {
        let shown = app.bearer(Method::GET, &format!("{POLICIES}/{number}"), &token).await;
        assert_eq!(said(&shown), (StatusCode::BAD_REQUEST, "malformed_request".into()), "{number}");
        let activated = app.bearer(Method::POST, &format!("{POLICIES}/{number}/activate"), &token).await;
        assert_eq!(said(&activated), (StatusCode::BAD_REQUEST, "malformed_request".into()), "{number}");
    }
    for missing in ["7", "4294967295"] {
        let shown = app.bearer(Method::GET, &format!("{POLICIES}/{missing}"), &token).await;
        assert_eq!(said(&shown), (StatusCode::NOT_FOUND, "not_found".into()), "{missing}");
    }
    for id in ["x", "%00", "%ff", "01890a5d-ac96-774b-bcce-b302099a8057"] {
        let removed = app.bearer(Method::DELETE, &format!("{POLICIES}/cases/{id}"), &token).await;
        assert_eq!(said(&removed), (StatusCode::NOT_FOUND, "not_found".into()), "{id}");
    }
    for query in ["after=x", "after=a&after=b", "before=x", "%"] {
        let listed = app.bearer(Method::GET, &format!("{POLICIES}?{query}"), &token).await;
        assert_eq!(said(&listed), (StatusCode::BAD_REQUEST, "malformed_request".into()), "{query}");
    }
    for question in [
        json!({"action": "x"}),
        json!({"action": "users:read", "on": "moon"}),
        json!({"hour": 24, "action": "users:read"}),
    ] {
        let body = json!({"name": "x", "allowed": true, "question": question});
        let refused = post(&app, &token, "/api/v1/admin/policies/cases", &body).await;
        assert_eq!(said(&refused), (StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields".into()), "{body}");
    }
}
