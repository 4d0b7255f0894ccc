//! What the program's own log says: faults with their cause, no secret, what was refused, and nothing that a stranger wrote
//! as a line (ASVS 5.0, 16.2.5, 16.3.2 to 16.3.4, 16.4.1, 16.5.1, 16.5.4). Each test runs on one thread, and listens to that.

use crate::support::log::Kept;
use crate::support::vault::{Mood, SECRET_ID, VaultServer};
use crate::support::{PASSWORD, TestApp, token_of};
use auth::clock::SystemClock;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::routing::get;
use serde_json::{Value, json};
use server::Settings;
use server::layer::panic;
use server::settings::source::{Given, from_toml};
use server::vault::Patience;
use std::sync::Arc;
use tower::ServiceExt;

const EMAIL: &str = "alice@example.com";
const WRONG: &str = "a password that is wrong";

#[tokio::test(flavor = "current_thread")]
async fn no_secret_is_written() {
    let (kept, _guard) = Kept::listen();
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (cookie, token) = app.sign_in(EMAIL).await;
    app.json("/api/v1/sign-in", &json!({"email": EMAIL, "password": WRONG})).await;
    app.bearer(Method::GET, "/api/v1/me", &token).await;
    app.json("/api/v1/forgot-password", &json!({"email": EMAIL})).await;
    let link = token_of(&app.mail(EMAIL, "password_reset").await);
    app.get(&format!("/reset-password?token={link}"), &cookie).await;

    let lines = kept.lines();
    assert!(lines.iter().any(|line| line["path"] == "/reset-password"), "{lines:?}");
    let session = cookie.split_once('=').unwrap().1;
    for line in lines.iter().map(ToString::to_string) {
        for secret in [PASSWORD, WRONG, session, token.as_str(), link.as_str()] {
            assert!(!line.contains(secret), "{line}");
        }
    }
}

#[tokio::test(flavor = "current_thread")]
async fn nobody_writes_a_line_of_their_own() {
    let (kept, _guard) = Kept::listen();
    let app = TestApp::start().await;
    let line = "\n{\"level\":\"ERROR\",\"message\":\"mine\"}";
    app.json("/api/v1/sign-in", &json!({"email": format!("{EMAIL}{line}"), "password": line})).await;
    for path in ["/nothing%0A%7B%22level%22:%22ERROR%22%7D", "/nothing/\"level\":\"ERROR\""] {
        let request = Request::get(path).header("user-agent", "\",\"level\":\"ERROR\"").header("x-request-id", "mine");
        assert_eq!(app.send(request.body(Body::empty()).unwrap()).await.status, StatusCode::NOT_FOUND);
    }
    let lines = kept.lines();
    assert!(lines.len() >= 3, "{lines:?}");
    for line in lines {
        assert!(line["level"] != "ERROR" && line["message"] != "mine", "{line}");
        assert!(line["span"]["id"] != "mine", "{line}");
    }
}

#[tokio::test(flavor = "current_thread")]
async fn the_id_of_a_request_is_drawn_and_never_taken_over() {
    const MINE: &str = "00000000000000000000000000000001";
    let app = TestApp::start().await;
    let mut drawn = Vec::new();
    for _ in 0..3 {
        let request = Request::get("/health/live").header("x-request-id", MINE).body(Body::empty()).unwrap();
        let answer = app.send(request).await;
        let id = answer.header("x-request-id");
        assert!(id.len() == MINE.len() && id != MINE, "{id}");
        drawn.push(u128::from_str_radix(id, 16).unwrap());
    }
    let steps = [drawn[1].wrapping_sub(drawn[0]), drawn[2].wrapping_sub(drawn[1])];
    assert!(steps[0] != steps[1] && drawn[0] != drawn[2], "the control: a counter has one step: {drawn:x?}");
}

#[tokio::test(flavor = "current_thread")]
async fn whatever_is_refused_leaves_a_line_with_who_asked() {
    let (kept, _guard) = Kept::listen();
    let app = TestApp::start_with("limits = true\n").await;
    app.create_account(EMAIL).await;
    let alice = app.read("SELECT id AS text FROM users WHERE email = $1", EMAIL).await;
    let (_, token) = app.sign_in(EMAIL).await;
    let foreign = Request::post("/api/v1/sign-out").header("sec-fetch-site", "cross-site");
    let mut answers = vec![
        (app.bearer(Method::GET, "/api/v1/me", &token).await, 200, json!(alice)),
        (app.bearer(Method::GET, "/api/v1/admin/users", &token).await, 404, json!(alice)),
        (app.bearer_body(Method::PATCH, "/api/v1/me", &token, "{\"name\":\"\"}".into()).await, 422, json!(alice)),
        (app.bearer(Method::GET, "/api/v1/me", "forged").await, 401, Value::Null),
        (app.send(foreign.body(Body::empty()).unwrap()).await, 403, Value::Null),
    ];
    let wrong = json!({"email": EMAIL, "password": WRONG});
    for _ in 0..5 {
        answers.push((app.json("/api/v1/sign-in", &wrong).await, 401, Value::Null));
    }
    answers.push((app.json("/api/v1/sign-in", &wrong).await, 429, Value::Null));
    let lines = kept.lines();
    for (answer, status, account) in answers {
        let of_it =
            |line: &&Value| line["message"] == "answered" && line["span"]["id"] == answer.header("x-request-id");
        let line = lines.iter().find(of_it).expect("it has a line");
        assert_eq!((&line["status"], &line["span"]["account"]), (&json!(status), &account), "{line}");
    }
}

#[tokio::test(flavor = "current_thread")]
async fn a_fault_is_written_with_its_cause_and_told_in_general_words() {
    let (kept, _guard) = Kept::listen();
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (_, token) = app.sign_in(EMAIL).await;
    app.execute("ALTER TABLE sessions RENAME TO lost").await;
    let answer = app.bearer(Method::GET, "/api/v1/sessions", &token).await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::INTERNAL_SERVER_ERROR, "internal"));
    app.application.auth.store().close().await;
    let later = app.bearer(Method::GET, "/api/v1/sessions", &token).await;
    assert_eq!((later.status, later.code().as_str()), (StatusCode::SERVICE_UNAVAILABLE, "unavailable"));
    assert_eq!(later.header("retry-after"), "5");
    for word in ["sql", "SELECT", "pool", "closed", "database", ".rs", "panicked", "table"] {
        assert!(!answer.body.contains(word), "{word}: {}", answer.body);
        assert!(!later.body.contains(word), "{word}: {}", later.body);
    }
    let lines = kept.lines();
    // What works beside requests fails in this moment, too, and names none.
    let told = answer.header("x-request-id");
    let is_it = |line: &&Value| line["message"] == "a request failed" && line["span"]["id"] == told;
    let fault = lines.iter().find(is_it).expect("it is logged, and found by what the caller was told");
    assert_eq!(fault["level"], "ERROR");
    assert!(fault["timestamp"].as_str().is_some_and(|at| at.ends_with('Z')), "moments are UTC: {fault}");
    assert!(fault["error"].as_str().is_some_and(|cause| cause.contains("the database failed")), "{fault}");
    let outage = lines.iter().find(|line| line["message"] == "the database cannot be used").expect("it is logged, too");
    assert_eq!((&outage["level"], &outage["span"]["id"]), (&json!("ERROR"), &json!(later.header("x-request-id"))));
}

#[tokio::test(flavor = "current_thread")]
async fn a_vault_that_fails_leaves_one_line_and_no_secret() {
    let (kept, _guard) = Kept::listen();
    let key = "q3Vw0mZ5sT8yLk2XbN7cRjH4fGdE9aPuOi6KvQzWtYs=";
    let server = VaultServer::start(json!({"master_key": key}), Arc::new(SystemClock)).await;
    let given = Given::in_file(from_toml(&server.with_role()).unwrap());
    let settings = Settings::load_from(given, Patience::default(), Arc::new(SystemClock)).await.unwrap();
    let vault = settings.vault.unwrap();
    for mood in [Mood::Sealed, Mood::Sealed, Mood::Strange, Mood::Elsewhere, Mood::Honest] {
        server.be(mood);
        vault.look_after().await;
    }
    let lines = kept.lines();
    let about = |words: &str| {
        let is_about = |line: &&Value| line["message"].as_str().is_some_and(|said| said.contains(words));
        lines.iter().filter(is_about).collect::<Vec<_>>()
    };
    let faults = about("the vault fails");
    assert_eq!(faults.len(), 2, "one when it was sealed, one when it could not be understood: {lines:?}");
    assert!(faults[0]["error"].as_str().is_some_and(|why| why.contains("unseal it")), "{faults:?}");
    assert_eq!(about("does again what it is asked").len(), 1, "{lines:?}");
    let tokens = server.asked().into_iter().filter_map(|asked| asked.token);
    for secret in tokens.chain([key.to_owned(), SECRET_ID.to_owned()]) {
        assert!(lines.iter().all(|line| !line.to_string().contains(&secret)), "{lines:?}");
    }
}

/// What a handler does that nobody thought of.
fn falls() -> StatusCode {
    panic!("a fault of this test")
}

#[tokio::test(flavor = "current_thread")]
async fn a_panic_costs_its_request_alone_and_is_written() {
    let router = include_str!("../src/router.rs");
    let (routes, every_request) = router.split_once("async fn every_request(").unwrap();
    let outermost = every_request.split("\n}\n").next().unwrap();
    assert!(routes.contains("routes.layer(from_fn_with_state(Arc::new(layers), every_request))"), "every route");
    assert!(outermost.contains("panic::caught(request, "), "stands behind it");
    let (kept, _guard) = Kept::listen();
    let routes = Router::new()
        .route("/falls", get(|| async { falls() }))
        .route("/stands", get(|| async { StatusCode::NO_CONTENT }))
        .layer(from_fn(|request: Request<Body>, next: Next| panic::caught(request, |request| next.run(request))));
    let to = |path: &str| Request::get(path).body(Body::empty()).unwrap();
    let answer = routes.clone().oneshot(to("/falls")).await.unwrap();
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    let body = String::from_utf8(body.to_vec()).unwrap();
    let problem: Value = serde_json::from_str(&body).unwrap();
    assert!(problem["code"] == "internal" && !body.contains("a fault of this test"), "{body}");
    let next = routes.oneshot(to("/stands")).await.unwrap();
    assert_eq!(next.status(), StatusCode::NO_CONTENT, "others are served as before");

    let lines = kept.lines();
    let fault = lines.iter().find(|line| line["message"] == "a request panicked").expect("it is logged");
    assert_eq!((&fault["level"], &fault["panic"]), (&json!("ERROR"), &json!("a fault of this test")));
}

/// The pages behind mailed links, and behind that of the setup (ASVS 5.0, 14.2.1: what stands in their addresses).
const LINKED: [&str; 10] = [
    "/verify-email",
    "/reset-password",
    "/not-me",
    "/undo-email-change",
    "/keep-account",
    "/cancel-recovery",
    "/recover-account",
    "/account/email",
    "/invitation",
    "/setup",
];

#[tokio::test(flavor = "current_thread")]
async fn the_token_of_a_link_is_in_no_line_and_goes_nowhere_else() {
    let (kept, _guard) = Kept::listen();
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (cookie, _) = app.sign_in(EMAIL).await;
    app.json("/api/v1/forgot-password", &json!({"email": EMAIL})).await;
    let live = token_of(&app.mail(EMAIL, "password_reset").await);
    let invented = "Zr0pV3cU-8mXw1T_kQe5nYbG7hJsL2aDfOiC9uR4tE6";
    for page in LINKED {
        for token in [live.as_str(), invented] {
            let opened = app.get(&format!("{page}?token={token}"), &cookie).await;
            assert!(!opened.status.is_server_error(), "{page}");
            // To no other site, and into no cache.
            let says = (opened.header("referrer-policy"), opened.header("cache-control"));
            assert_eq!(says, ("same-origin", "no-store"), "{page}");
            for loads in ["src=\"http", "src=\"//", "action=\"http", "action=\"//"] {
                assert!(!opened.body.contains(loads), "{page}: {loads}");
            }
        }
    }
    let lines: Vec<Value> = kept.lines();
    for page in LINKED {
        assert!(lines.iter().any(|line| line["path"] == page), "{page} left its line");
    }
    for line in lines.iter().map(ToString::to_string) {
        assert!(!line.contains(&live) && !line.contains(invented), "{line}");
    }
}

/// ASVS 5.0, 16.3.1: the audit log counts what repeats within a minute; here each try stands by itself, and so does one that
/// was told to wait.
#[tokio::test(flavor = "current_thread")]
async fn each_try_to_sign_in_leaves_a_line_of_its_own() {
    let (kept, _guard) = Kept::listen();
    let app = TestApp::start_with("limits = true\n").await;
    app.create_account(EMAIL).await;
    let mut tried = Vec::new();
    for password in [WRONG; 9].into_iter().chain([PASSWORD]) {
        let answer = app.json("/api/v1/sign-in", &json!({"email": EMAIL, "password": password})).await;
        tried.push((answer.header("x-request-id").to_owned(), answer.status.as_u16()));
    }
    assert!(tried.iter().any(|(_, status)| *status == 401) && tried.iter().any(|(_, status)| *status == 429));
    let lines = kept.lines();
    for (id, status) in tried {
        let own: Vec<&Value> =
            lines.iter().filter(|line| line["message"] == "answered" && line["span"]["id"] == id.as_str()).collect();
        assert_eq!(own.len(), 1, "{id}");
        assert_eq!((&own[0]["path"], &own[0]["status"]), (&json!("/api/v1/sign-in"), &json!(status)));
        assert!(own[0]["timestamp"].is_string(), "{}", own[0]);
    }
}
