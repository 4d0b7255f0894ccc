//! Personal access tokens over REST: made, listed, used within their scopes, refused everywhere else, revoked.

use crate::support::{Answer, PASSWORD, TestApp};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;

const EMAIL: &str = "alice@example.com";
const PATH: &str = "/api/v1/tokens";
const UNKNOWN: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
const SCOPES: [&str; 7] = [
    "profile:read",
    "profile:write",
    "sessions:read",
    "sessions:write",
    "activity:read",
    "documents:read",
    "documents:write",
];
/// Calls that a token may make: with its scope they get so far, without it nowhere.
const GRANTED: [(Method, &str, &str, u16); 16] = [
    (Method::GET, "/api/v1/me", "profile:read", 200),
    (Method::PATCH, "/api/v1/me", "profile:write", 200),
    // This request is JSON, which is no picture.
    (Method::PUT, "/api/v1/me/avatar", "profile:write", 415),
    (Method::DELETE, "/api/v1/me/avatar", "profile:write", 204),
    (Method::GET, "/api/v1/sessions", "sessions:read", 200),
    (Method::DELETE, "/api/v1/sessions/{id}", "sessions:write", 404),
    (Method::POST, "/api/v1/sessions/end-others", "sessions:write", 200),
    (Method::GET, "/api/v1/activity", "activity:read", 200),
    // Of an organization that is none of theirs. This request is none for a document.
    (Method::GET, "/api/v1/organizations/{organization}/documents", "documents:read", 404),
    (Method::POST, "/api/v1/organizations/{organization}/documents", "documents:write", 400),
    (Method::GET, "/api/v1/organizations/{organization}/documents/{document}", "documents:read", 404),
    (Method::PATCH, "/api/v1/organizations/{organization}/documents/{document}", "documents:write", 400),
    (Method::DELETE, "/api/v1/organizations/{organization}/documents/{document}", "documents:write", 404),
    (Method::PUT, "/api/v1/organizations/{organization}/documents/{document}/state", "documents:write", 400),
    (Method::PUT, "/api/v1/organizations/{organization}/documents/{document}/sensitivity", "documents:write", 400),
    (Method::PUT, "/api/v1/organizations/{organization}/documents/{document}/owner", "documents:write", 400),
];
/// Calls that ask nobody who they are.
const PUBLIC: [&str; 24] = [
    "/api/v1/sign-up",
    "/api/v1/verify-email",
    "/api/v1/sign-in",
    "/api/v1/second-factor",
    "/api/v1/second-factor/send",
    "/api/v1/second-factor/passkey",
    "/api/v1/forgot-password",
    "/api/v1/reset-password",
    "/api/v1/not-me",
    "/api/v1/undo-email-change",
    "/api/v1/keep-account",
    "/api/v1/sign-in/passkey/options",
    "/api/v1/sign-in/passkey",
    "/api/v1/sign-up/passkey/options",
    "/api/v1/sign-up/passkey",
    "/api/v1/providers",
    "/api/v1/providers/{id}/start",
    "/api/v1/providers/finish",
    "/api/v1/providers/sign-up",
    // To start one; to call one off asks, and is tried by itself.
    "/api/v1/account-recovery",
    "/api/v1/account-recovery/cancel",
    "/api/v1/account-recovery/complete",
    "/api/v1/invitations/show",
    "/api/v1/invitations/decline",
];

/// An address in which each place is taken by an id that names nothing.
fn with_ids(path: &str) -> String {
    let pieces = path.split('/').map(|piece| if piece.starts_with('{') { UNKNOWN } else { piece });
    pieces.collect::<Vec<_>>().join("/")
}

async fn signed_in() -> (TestApp, String) {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (_, session) = app.sign_in(EMAIL).await;
    (app, session)
}

async fn post(app: &TestApp, session: &str, body: &Value) -> Answer {
    app.bearer_body(Method::POST, PATH, session, body.to_string().into()).await
}

/// Makes a token; gives its id and the token itself.
async fn make(app: &TestApp, session: &str, scopes: &[&str]) -> (String, String) {
    let made = post(app, session, &json!({"name": "Backup", "scopes": scopes})).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let text = |member: &str| made.value()[member].as_str().unwrap().to_owned();
    (text("id"), text("token"))
}

fn assert_refused(answer: &Answer, status: StatusCode, code: &str) {
    assert_eq!((answer.status, answer.code().as_str()), (status, code), "{}", answer.body);
}

async fn list(app: &TestApp, session: &str) -> Vec<Value> {
    let answer = app.bearer(Method::GET, PATH, session).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.value()["items"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_is_made_listed_and_revoked() {
    let (app, session) = signed_in().await;
    let wanted = json!({"name": " Nightly report ", "scopes": ["activity:read", "profile:read"], "expires_in_days": 7});
    let made = post(&app, &session, &wanted).await;
    assert_eq!((made.status, made.header("cache-control")), (StatusCode::CREATED, "no-store"), "{}", made.body);
    let made = made.value();
    let token = made["token"].as_str().unwrap();
    assert!(token.starts_with("kw_pat_") && token.len() == 56, "{token}");
    assert_eq!(made["expires_at"].as_i64().unwrap() - made["created_at"].as_i64().unwrap(), 7 * 24 * 60 * 60 * 1000);

    let listed = app.bearer(Method::GET, PATH, &session).await;
    assert!(!listed.body.contains(&token[7..]) && !listed.body.contains("digest"), "{}", listed.body);
    let item = &listed.value()["items"][0];
    assert_eq!((&item["name"], &item["scopes"]), (&json!("Nightly report"), &json!(["profile:read", "activity:read"])));
    assert_eq!((&item["id"], &item["last_used_at"]), (&made["id"], &Value::Null));

    let me = app.bearer(Method::GET, "/api/v1/me", token).await;
    assert_eq!((me.status, me.header("cache-control")), (StatusCode::OK, "no-store"));
    assert_eq!((&me.value()["email"], &me.value()["session"]), (&json!(EMAIL), &Value::Null));
    let mut tries = 0;
    while list(&app, &session).await[0]["last_used_at"].is_null() {
        tries += 1;
        assert!(tries < 500, "the use is noted");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let mail = app.mail(EMAIL, "token_created").await;
    assert!(mail["text"].as_str().unwrap().contains("Nightly report") && !mail.to_string().contains(&token[7..]));

    let path = format!("{PATH}/{}", made["id"].as_str().unwrap());
    for _ in 0..2 {
        assert_eq!(app.bearer(Method::DELETE, &path, &session).await.status, StatusCode::NO_CONTENT, "twice is once");
    }
    assert_refused(&app.bearer(Method::GET, "/api/v1/me", token).await, StatusCode::UNAUTHORIZED, "invalid_token");
    assert!(list(&app, &session).await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_of_somebody_else_is_not_found() {
    let (app, alice) = signed_in().await;
    app.create_account("bob@example.com").await;
    let (_, bob) = app.sign_in("bob@example.com").await;
    let (id, token) = make(&app, &alice, &["profile:read"]).await;
    let foreign = app.bearer(Method::DELETE, &format!("{PATH}/{id}"), &bob).await;
    let unknown = app.bearer(Method::DELETE, &format!("{PATH}/{UNKNOWN}"), &bob).await;
    assert_refused(&foreign, StatusCode::NOT_FOUND, "not_found");
    assert_eq!((foreign.status, &foreign.body), (unknown.status, &unknown.body));
    assert_eq!(app.bearer(Method::DELETE, PATH, &bob).await.status, StatusCode::NO_CONTENT, "none is no failure");
    assert_eq!(app.bearer(Method::GET, "/api/v1/me", &token).await.status, StatusCode::OK);

    let other = make(&app, &alice, &["profile:read"]).await.1;
    assert_eq!(app.bearer(Method::DELETE, PATH, &alice).await.status, StatusCode::NO_CONTENT);
    for token in [token, other] {
        assert_refused(&app.bearer(Method::GET, "/api/v1/me", &token).await, StatusCode::UNAUTHORIZED, "invalid_token");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_scope_allows_its_calls_and_no_others() {
    let (app, session) = signed_in().await;
    let mut tokens = Vec::new();
    for scope in SCOPES {
        tokens.push((scope, make(&app, &session, &[scope]).await.1));
    }
    for (scope, token) in tokens {
        for (method, path, needed, status) in GRANTED {
            let path = with_ids(path);
            let answer =
                app.bearer_body(method.clone(), &path, &token, json!({"name": "Sam"}).to_string().into()).await;
            let what = format!("{method} {path} with {scope}: {}", answer.body);
            if needed == scope {
                assert_eq!(answer.status.as_u16(), status, "{what}");
            } else {
                assert_eq!((answer.status.as_u16(), answer.code().as_str()), (403, "insufficient_scope"), "{what}");
                let challenge = format!("Bearer error=\"insufficient_scope\", scope=\"{needed}\"");
                assert_eq!(answer.header("www-authenticate"), challenge, "{what}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_other_call_refuses_a_token_whatever_its_scopes() {
    let (app, session) = signed_in().await;
    let (_, token) = make(&app, &session, &SCOPES).await;
    let document = app.get("/api/v1/openapi.json", "").await.value();
    let mut refused = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let method: Method = method.to_uppercase().parse().unwrap();
            let is_granted = GRANTED.iter().any(|(known, of, ..)| *known == method && of == path);
            if is_granted || PUBLIC.contains(&path.as_str()) {
                continue;
            }
            let answer = app.bearer_body(method.clone(), &with_ids(path), &token, "{}".into()).await;
            let what = format!("{method} {path}: {}", answer.body);
            assert_eq!((answer.status.as_u16(), answer.code().as_str()), (403, "insufficient_scope"), "{what}");
            assert_eq!(answer.header("www-authenticate"), "Bearer error=\"insufficient_scope\"", "{what}");
            refused += 1;
        }
    }
    assert!(refused >= 16, "the calls were found: {refused}");
    let cancel = app.bearer(Method::DELETE, "/api/v1/account-recovery", &token).await;
    assert_refused(&cancel, StatusCode::FORBIDDEN, "insufficient_scope");
    for path in ["/rpc/me", "/rpc/change_name", "/rpc/create_token", "/rpc/revoke_all_tokens", "/rpc/delete_account"] {
        let call = axum::http::Request::post(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "application/json")
            .header("authorization", format!("Bearer {token}"));
        let answer = app.send(call.body("name=Sam".into()).unwrap()).await;
        assert_refused(&answer, StatusCode::FORBIDDEN, "insufficient_scope");
    }
    for path in ["/account", "/account/tokens", "/account/data/export?format=json"] {
        let page = axum::http::Request::get(path)
            .header("accept", "text/html")
            .header("authorization", format!("Bearer {token}"));
        let answer = app.send(page.body(axum::body::Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert!(!answer.body.contains(EMAIL), "{path}");
    }
    assert_eq!(app.bearer(Method::GET, "/api/v1/me", &session).await.status, StatusCode::OK, "nobody was signed out");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bad_token_is_refused_without_a_word_about_why() {
    let (app, session) = signed_in().await;
    let (id, revoked) = make(&app, &session, &SCOPES).await;
    app.bearer(Method::DELETE, &format!("{PATH}/{id}"), &session).await;
    let (_, live) = make(&app, &session, &SCOPES).await;
    let unknown = "kw_pat_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg37cCQ0";
    let long = format!("kw_pat_{}", "0".repeat(60_000));
    for bad in [&*revoked, unknown, &live[..55], &live.replace("kw_pat_", "kw_pat_0"), "kw_pat_", &long] {
        for path in ["/api/v1/me", "/api/v1/sessions", PATH] {
            let answer = app.bearer(Method::GET, path, bad).await;
            assert_refused(&answer, StatusCode::UNAUTHORIZED, "invalid_token");
            assert_eq!(answer.header("www-authenticate"), "Bearer error=\"invalid_token\"", "{bad:.60}");
            assert!(answer.value()["errors"].is_null(), "{}", answer.body);
        }
    }
    for scheme in ["bearer", "BEARER", "Bearer  "] {
        let request = axum::http::Request::get("/api/v1/me").header("authorization", format!("{scheme} {live}"));
        assert_eq!(app.send(request.body(axum::body::Body::empty()).unwrap()).await.status, StatusCode::OK, "{scheme}");
    }
    for elsewhere in [format!("/api/v1/me?access_token={live}"), format!("/api/v1/me?token={live}")] {
        assert_refused(&app.get(&elsewhere, "").await, StatusCode::UNAUTHORIZED, "signed_out");
    }
    let in_cookie = app.get("/account", &format!("__Host-refresh={live}")).await;
    assert_eq!(in_cookie.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_a_token_is_refused_with_its_fields() {
    let (app, session) = signed_in().await;
    for (field, value, issue) in [
        ("name", json!("  "), "required"),
        ("name", json!("x".repeat(81)), "too_long"),
        ("name", json!("a\u{202e}b"), "invalid_character"),
        ("scopes", json!([]), "required"),
        ("scopes", json!(["profile:read", "everything"]), "unknown"),
        ("scopes", json!(["Profile:Read"]), "unknown"),
        ("expires_in_days", json!(0), "out_of_range"),
        ("expires_in_days", json!(-1), "out_of_range"),
        ("expires_in_days", json!(366), "out_of_range"),
        ("expires_in_days", json!(i64::MAX), "out_of_range"),
        ("expires_in_days", json!(i64::MIN), "out_of_range"),
    ] {
        let mut wanted = json!({"name": "Backup", "scopes": ["profile:read"], "expires_in_days": 30});
        wanted[field] = value.clone();
        let answer = post(&app, &session, &wanted).await;
        assert_refused(&answer, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields");
        assert_eq!(answer.value()["errors"].as_array().unwrap().len(), 1, "{field} {value:.40}");
        let error = &answer.value()["errors"][0];
        assert_eq!((&error["field"], &error["code"]), (&json!(field), &json!(issue)), "{field} {value:.40}");
    }
    for body in [
        json!({"name": "Backup", "scopes": "profile:read"}),
        json!({"name": "Backup", "scopes": ["profile:read"], "expires_in_days": "30"}),
        json!({"name": "Backup", "scopes": ["profile:read"], "expires_in_days": 30.5}),
        json!({"name": "Backup", "scopes": ["profile:read"], "digest": "x"}),
        json!({"name": "Backup", "scopes": [["profile:read"]]}),
    ] {
        assert_refused(&post(&app, &session, &body).await, StatusCode::BAD_REQUEST, "malformed_request");
    }
    assert!(list(&app, &session).await.is_empty());
    for (days, expected) in [(Value::Null, None), (json!(365), Some(365)), (json!(1), Some(1))] {
        let wanted = json!({"name": "Backup", "scopes": ["profile:read"], "expires_in_days": days});
        let made = post(&app, &session, &wanted).await.value();
        let end = made["expires_at"].as_i64().map(|at| (at - made["created_at"].as_i64().unwrap()) / 86_400_000);
        assert_eq!(end, expected);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn making_one_asks_for_a_fresh_proof_and_listing_and_revoking_do_not() {
    let (app, session) = signed_in().await;
    let (id, _) = make(&app, &session, &["profile:read"]).await;
    app.forget_proofs().await;
    let wanted = json!({"name": "Backup", "scopes": ["profile:read"]});
    assert_refused(&post(&app, &session, &wanted).await, StatusCode::FORBIDDEN, "reauthentication_required");
    assert_eq!(list(&app, &session).await.len(), 1);
    let revoked = app.bearer(Method::DELETE, &format!("{PATH}/{id}"), &session).await;
    assert_eq!(revoked.status, StatusCode::NO_CONTENT);
    let body = json!({"current_password": PASSWORD}).to_string();
    app.bearer_body(Method::POST, "/api/v1/reauthenticate", &session, body.into()).await;
    assert_eq!(post(&app, &session, &wanted).await.status, StatusCode::CREATED);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_fifty_first_is_refused() {
    let (app, session) = signed_in().await;
    for _ in 0..50 {
        make(&app, &session, &["profile:read"]).await;
    }
    let wanted = json!({"name": "One more", "scopes": ["profile:read"]});
    assert_refused(&post(&app, &session, &wanted).await, StatusCode::CONFLICT, "too_many_tokens");
    assert_eq!(list(&app, &session).await.len(), 50);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_of_the_activity_names_the_token_that_did_it() {
    let (app, session) = signed_in().await;
    let (_, token) = make(&app, &session, &["profile:write"]).await;
    let body = json!({"name": "Sam at Night"}).to_string();
    let changed = app.bearer_body(Method::PATCH, "/api/v1/me", &token, body.into()).await;
    assert_eq!((changed.status, &changed.value()["session"]), (StatusCode::OK, &Value::Null));
    let lines = app.bearer(Method::GET, "/api/v1/activity?filter=profile", &session).await.value();
    assert_eq!(lines["items"][0]["kind"], "user.name_changed");
    assert_eq!(lines["items"][0]["device"], "Token “Backup”");
    assert_eq!(lines["items"][0]["session_id"], Value::Null);
    let file = app.bearer(Method::GET, "/api/v1/me/export", &session).await;
    assert_eq!(file.value()["personal_access_tokens"][0]["name"], "Backup");
    assert!(!file.body.contains(&token[7..50]));
}
