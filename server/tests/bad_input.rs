//! Every field of every form and call, with everything that can be wrong with it: always a clear
//! 4xx with a code, never a 500.

use crate::support::{Answer, PASSWORD, TestApp};
use axum::body::Body;
use axum::http::request::Builder;
use axum::http::{Method, Request, StatusCode};
use serde_json::{Map, Value, json};

/// A call with good values for all its fields.
pub fn calls() -> [(&'static str, Value); 41] {
    [
        ("/api/v1/sign-up", json!({"email": "alice@example.com", "password": PASSWORD, "name": "Alice"})),
        ("/api/v1/verify-email", json!({"email": "alice@example.com", "code": "123456"})),
        ("/api/v1/sign-in", json!({"email": "alice@example.com", "password": PASSWORD})),
        ("/api/v1/second-factor", json!({"ticket": "invented", "method": "totp", "code": "123456"})),
        ("/api/v1/second-factor/send", json!({"ticket": "invented", "method": "email_code"})),
        ("/api/v1/second-factor/passkey", json!({"ticket": "invented"})),
        ("/api/v1/forgot-password", json!({"email": "alice@example.com"})),
        ("/api/v1/reset-password", json!({"token": "invented", "new_password": PASSWORD})),
        ("/api/v1/reset-password", json!({"email": "alice@example.com", "code": "123456", "new_password": PASSWORD})),
        (
            "/api/v1/change-password",
            json!({"current_password": "that of alice, and so wrong", "new_password": PASSWORD}),
        ),
        ("/api/v1/reauthenticate", json!({"current_password": "that of alice, and so wrong"})),
        ("/api/v1/reauthenticate", json!({"method": "totp", "code": "123456"})),
        ("/api/v1/reauthenticate/send", json!({"method": "sms_code"})),
        ("/api/v1/me/email", json!({"email": "alice@example.org"})),
        ("/api/v1/me/email/confirm", json!({"code": "123456"})),
        ("/api/v1/me/email/confirm", json!({"token": "invented"})),
        ("/api/v1/factors/email-code/confirm", json!({"code": "12345678"})),
        // No number: one would be sent an SMS.
        ("/api/v1/factors/phone", json!({"phone_number": "that of alice"})),
        ("/api/v1/factors/phone/confirm", json!({"code": "12345678"})),
        ("/api/v1/not-me", json!({"token": "invented"})),
        ("/api/v1/undo-email-change", json!({"token": "invented"})),
        ("/api/v1/keep-account", json!({"token": "invented"})),
        ("/api/v1/passkeys", json!({"ceremony": "that of alice", "credential": {}})),
        ("/api/v1/sign-in/passkey", json!({"ceremony": "that of alice", "credential": {}})),
        ("/api/v1/sign-up/passkey/options", json!({"email": "alice@example.com", "name": "Alice"})),
        (
            "/api/v1/sign-up/passkey",
            json!({"email": "alice@example.com", "name": "Alice", "ceremony": "invented", "credential": {}}),
        ),
        (
            "/api/v1/providers/google/start",
            json!({
                "redirect_uri": "http://127.0.0.1:7000/alice",
                "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
                "code_challenge_method": "S256",
            }),
        ),
        ("/api/v1/providers/finish", json!({"code": "that of alice", "code_verifier": "x".repeat(43)})),
        ("/api/v1/providers/sign-up", json!({"ticket": "invented", "email": "alice@example.com", "name": "Alice"})),
        ("/api/v1/connections", json!({"ticket": "that of alice"})),
        ("/api/v1/account-recovery", json!({"ticket": "invented"})),
        ("/api/v1/account-recovery/cancel", json!({"token": "invented"})),
        // The password may be left out: an account without one has none.
        ("/api/v1/account-recovery/complete", json!({"token": "invented"})),
        ("/api/v1/invitations/show", json!({"token": "invented"})),
        ("/api/v1/invitations/accept", json!({"token": "invented"})),
        ("/api/v1/invitations/decline", json!({"token": "invented"})),
        ("/api/v1/tokens", json!({"name": "That of alice", "scopes": ["profile:read"]})),
        ("/api/v1/factors/totp/confirm", json!({"code": "123456"})),
        ("/api/v1/organizations", json!({"name": "Office of alice"})),
        ("/api/v1/organizations/01890a5d-ac96-774b-bcce-b302099a8057/documents", json!({"title": "That of alice"})),
        ("/api/v1/setup", json!({"token": "invented"})),
    ]
}

/// Calls that only somebody who is signed in may make.
const SIGNED_IN: [&str; 16] = [
    "/api/v1/change-password",
    "/api/v1/reauthenticate",
    "/api/v1/reauthenticate/send",
    "/api/v1/me/email",
    "/api/v1/me/email/confirm",
    "/api/v1/passkeys",
    "/api/v1/factors/email-code/confirm",
    "/api/v1/factors/phone",
    "/api/v1/factors/phone/confirm",
    "/api/v1/tokens",
    "/api/v1/factors/totp/confirm",
    "/api/v1/connections",
    "/api/v1/invitations/accept",
    "/api/v1/organizations",
    "/api/v1/organizations/01890a5d-ac96-774b-bcce-b302099a8057/documents",
    "/api/v1/setup",
];

/// A program that sends an access token where one is needed.
struct Program {
    app: TestApp,
    token: String,
}

impl Program {
    async fn start() -> Self {
        let app = TestApp::start().await;
        app.create_account("member@example.com").await;
        let (_, token) = app.sign_in("member@example.com").await;
        Self { app, token }
    }

    fn post(&self, path: &str, kind: &str) -> Builder {
        let request = Request::post(path).header("content-type", kind);
        if SIGNED_IN.contains(&path) {
            request.header("authorization", format!("Bearer {}", self.token))
        } else {
            request
        }
    }

    async fn raw_json(&self, path: &str, body: Body) -> Answer {
        self.app.send(self.post(path, "application/json").body(body).unwrap()).await
    }
}

fn deep_json() -> String {
    format!("{}1{}", "[".repeat(20_000), "]".repeat(20_000))
}

/// Values that are wrong for an address.
pub fn bad_emails() -> Vec<String> {
    [
        "",
        "a@evil@victim.com",
        "\"e@evil.com\"@victim.com",
        "a\u{ff20}example.com",
        "a\u{0131}@example.com",
        "\u{0430}lice@example.com",
        "a@example.com\u{0}",
        "a@example.com\r\nBcc: b@example.com",
        "\u{1f600}@example.com",
        "\u{202e}a@example.com",
        "a@b",
        "a@example.com,b@example.com",
    ]
    .map(String::from)
    .into()
}

/// Values that are wrong for everything that is not free text.
const HOSTILE: [&str; 7] =
    ["\u{0}", "\r\nX-Injected: yes", "\u{1f600}", "\u{202e}x", "\u{200f}\u{200b}", "../../etc/passwd", "' OR 1=1 --"];

pub fn assert_clear(answer: &Answer, what: &str) {
    assert!(answer.status.is_client_error(), "{what}: {} {}", answer.status, answer.body);
    assert!(!answer.code().is_empty(), "{what}: no code in {}", answer.body);
    assert!(!answer.body.contains("panicked") && !answer.body.contains(".rs:"), "{what}: {}", answer.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_json_field_is_refused_clearly() {
    let program = Program::start().await;
    for (path, good) in calls() {
        for field in good.as_object().unwrap().keys() {
            let mut bad = vec![
                Value::Null,
                json!(1),
                json!(1.5),
                json!(true),
                json!([]),
                json!(["a@b.co"]),
                json!({}),
                json!({"x": 1}),
                json!(""),
            ];
            bad.push(json!("x".repeat(30_000)));
            if ["email", "code", "token", "phone_number"].contains(&field.as_str()) {
                bad.extend(bad_emails().into_iter().map(Value::String));
                bad.extend(HOSTILE.map(Value::from));
            }
            for value in bad {
                let mut body = good.clone();
                body[field] = value.clone();
                let answer = program.raw_json(path, body.to_string().into()).await;
                assert_clear(&answer, &format!("{path} {field} {value:.60}"));
            }
            let mut missing: Map<String, Value> = good.as_object().unwrap().clone();
            missing.remove(field);
            let answer = program.raw_json(path, Value::Object(missing).to_string().into()).await;
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields"),
                "{path} without {field}"
            );
            assert_eq!(answer.value()["errors"][0]["code"], "required");
            let twice = format!("{{\"{field}\":\"x\",{}", &good.to_string()[1..]);
            assert_clear(&program.raw_json(path, twice.into()).await, &format!("{path} {field} twice"));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_json_body_that_is_none_is_refused_clearly() {
    let program = Program::start().await;
    for (path, good) in calls() {
        for body in [
            Vec::new(),
            b"{".to_vec(),
            b"null".to_vec(),
            b"[]".to_vec(),
            b"\"x\"".to_vec(),
            b"\xff\xfe".to_vec(),
            b"\0".to_vec(),
            deep_json().into_bytes(),
            good.to_string().replace("alice", "al\u{0}ice").into_bytes(),
            b"{\"email\":\"\xff\"}".to_vec(),
            good.to_string().replace('}', ",\"admin\":true}").into_bytes(),
        ] {
            let what = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
            assert_clear(&program.raw_json(path, body.into()).await, &format!("{path} {what}"));
        }
        let huge = program.raw_json(path, vec![b'x'; 1_000_000].into()).await;
        assert_eq!((huge.status, huge.code().as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "too_large"));
        for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""] {
            let answer = program.app.send(program.post(path, kind).body(Body::from(good.to_string())).unwrap()).await;
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type")
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_field_of_a_profile_is_refused_clearly() {
    let app = TestApp::start().await;
    app.create_account("alice@example.com").await;
    let (_, token) = app.sign_in("alice@example.com").await;
    let change = |body: Vec<u8>| app.bearer_body(Method::PATCH, "/api/v1/me", &token, body.into());
    for name in [
        Value::Null,
        json!(1),
        json!(true),
        json!(["Sam"]),
        json!({"x": 1}),
        json!(""),
        json!(" \t"),
        json!("a\u{0}b"),
        json!("a\r\nb"),
        json!("a\u{202e}b"),
        json!("\u{200b}"),
        json!("win at https://evil.example"),
        json!("x".repeat(101)),
        json!("x".repeat(30_000)),
    ] {
        for field in ["name", "time_zone", "locale"] {
            let body = json!({ field: name });
            assert_clear(&change(body.to_string().into_bytes()).await, &format!("{field} {name:.60}"));
        }
    }
    for body in [
        &b""[..],
        b"{",
        b"null",
        b"[]",
        b"\xff\xfe",
        b"{\"name\":\"a\",\"name\":\"b\"}",
        b"{\"name\":\"a\",\"email\":\"b\"}",
    ] {
        assert_clear(&change(body.to_vec()).await, &String::from_utf8_lossy(body));
    }
    let missing = change(b"{}".to_vec()).await;
    assert_eq!((missing.status, missing.code().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields"));
    assert_eq!(missing.value()["errors"][0]["code"], "required");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_query_and_id_is_refused_clearly() {
    let app = TestApp::start().await;
    app.create_account("alice@example.com").await;
    let (_, token) = app.sign_in("alice@example.com").await;
    let long = "x".repeat(30_000);
    for path in ["/api/v1/sessions", "/api/v1/activity", "/api/v1/tokens"] {
        for query in
            ["after=", "after=x", "after=MTIz", "after=%00", "after=%ff%fe", "after=a&after=b", "before=x", "=", "%"]
        {
            let answer = app.bearer(Method::GET, &format!("{path}?{query}"), &token).await;
            assert_clear(&answer, &format!("{path}?{query}"));
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (StatusCode::BAD_REQUEST, "malformed_request"),
                "{query}"
            );
        }
        let answer = app.bearer(Method::GET, &format!("{path}?after={long}"), &token).await;
        assert_clear(&answer, path);
    }
    for filter in ["x", "Profile", "%00", "%ff", "session.%25", "'", &long] {
        let answer = app.bearer(Method::GET, &format!("/api/v1/activity?filter={filter}"), &token).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields"),
            "{filter:.40}"
        );
        assert_eq!(answer.value()["errors"][0]["field"], "filter");
    }
    for id in ["x", "%00", "%ff", "%2e%2e", "'", "01890a5d-ac96-774b-bcce-b302099a8057", &long] {
        let answer = app.bearer(Method::DELETE, &format!("/api/v1/sessions/{id}"), &token).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::NOT_FOUND, "not_found"), "{id:.40}");
        let answer = app.bearer(Method::DELETE, &format!("/api/v1/trusted-devices/{id}"), &token).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::NOT_FOUND, "not_found"), "{id:.40}");
        let answer = app.bearer(Method::DELETE, &format!("/api/v1/tokens/{id}"), &token).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::NOT_FOUND, "not_found"), "{id:.40}");
        let answer = app.bearer(Method::DELETE, &format!("/api/v1/connections/{id}"), &token).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::NOT_FOUND, "not_found"), "{id:.40}");
        let answer = app.bearer(Method::POST, &format!("/api/v1/activity/{id}/not-me"), &token).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::NOT_FOUND, "not_found"), "{id:.40}");
    }
    assert_eq!(app.bearer(Method::GET, "/api/v1/me", &token).await.status, StatusCode::OK, "nobody was signed out");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_password_of_a_proof_is_refused_clearly() {
    let program = Program::start().await;
    for password in HOSTILE.into_iter().chain(["$argon2id$v=19$m=32,t=1,p=1$c2FsdA$aGFzaA", " "]) {
        let body = json!({ "current_password": password });
        let answer = program.raw_json("/api/v1/reauthenticate", body.to_string().into()).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields"),
            "{password:?}"
        );
        assert_eq!(answer.value()["errors"][0]["code"], "password_wrong", "{password:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_format_of_the_file_is_refused_clearly() {
    let app = TestApp::start().await;
    app.create_account("alice@example.com").await;
    let (cookie, _) = app.sign_in("alice@example.com").await;
    for query in [
        "",
        "format=",
        "format=pdf",
        "format=JSON",
        "format=json%00",
        "format=json%0d%0aX-Injected:%20yes",
        "format=%ff%fe",
        "format=%F0%9F%98%80",
        "format=%E2%80%AEjson",
        "format=json&format=html",
        "format[]=json",
        "format[x]=json",
        "format=json&admin=true",
        "%",
        &format!("format={}", "x".repeat(30_000)),
    ] {
        let answer = app.get(&format!("/account/data/export?{query}"), &cookie).await;
        assert_clear(&answer, &format!("{query:.60}"));
        assert!(answer.header("content-disposition").is_empty(), "{query:.60}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_half_written() {
    let program = Program::start().await;
    program.app.deliver().await;
    let before = program.app.get("/dev/inbox.json", "").await.body;
    for (path, good) in calls() {
        for cut in [1, 10, good.to_string().len() - 1] {
            assert_clear(&program.raw_json(path, good.to_string()[..cut].to_owned().into()).await, path);
        }
    }
    program.app.deliver().await;
    assert_eq!(program.app.get("/dev/inbox.json", "").await.body, before, "nobody got a mail");
}

pub fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
