//! The ticket of a sign-in that waits opens its second half (or a recovery, of which its owner hears) and nothing else: it
//! is presented at every route of the router, as whatever a route may take, and answered like one that was made up.

use crate::support::factors::{WAITING, given};
use crate::support::{Answer, PASSWORD, TestApp};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use leptos::server_fn::axum::server_fn_paths;
use serde_json::{Value, json};
use server::router::page_paths;

const EMAIL: &str = "alice@example.com";
const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

/// The second half itself, which the ticket is for, and the recovery that begins where none of the factors is left.
const OWN: [&str; 9] = [
    "/two-step",
    "/api/v1/second-factor",
    "/api/v1/second-factor/send",
    "/api/v1/second-factor/passkey",
    "/rpc/second_factor",
    "/rpc/send_second_factor_code",
    "/recover-account",
    "/rpc/start_account_recovery",
    "/api/v1/account-recovery",
];

/// Cookies that a route may read.
const COOKIES: [&str; 12] = [
    "__Host-refresh",
    "__Host-sign-up",
    "__Host-reset",
    "__Host-code",
    "__Host-made-token",
    "__Host-made-codes",
    "__Host-made-webhook",
    "__Host-trusted-device",
    "__Host-unknown-passkey",
    "__Host-federation",
    "__Host-pending-connection",
    "__Host-setup",
];

/// What a call is made of.
struct Call {
    method: Method,
    path: String,
    /// JSON for programs, a form for server functions, nothing for pages.
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Rest,
    Form,
    Page,
}

/// Every route but those of the second half.
async fn calls(app: &TestApp) -> Vec<Call> {
    let mut calls = Vec::new();
    let document = app.get("/api/v1/openapi.json", "").await.value();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let Ok(method) = Method::from_bytes(method.to_uppercase().as_bytes()) else { continue };
            calls.push(Call { method, path: path.replace("{id}", ID).replace("{factor}", "totp"), kind: Kind::Rest });
        }
    }
    assert!(calls.len() >= 40, "the document names {} calls", calls.len());
    let functions = server_fn_paths().map(|(path, method)| Call { method, path: path.to_owned(), kind: Kind::Form });
    calls.extend(functions);
    calls.extend(page_paths().map(|page| Call {
        method: Method::GET,
        path: page.replace("{id}", ID).replace("{slug}", "acme"),
        kind: Kind::Page,
    }));
    for (method, path, kind) in [
        (Method::GET, "/account/data/export?format=json", Kind::Page),
        (Method::GET, "/admin/audit/export?format=csv", Kind::Page),
        (Method::GET, "/orgs/acme/audit/export?format=csv", Kind::Page),
        (Method::POST, app::page::CHANGE_AVATAR, Kind::Form),
        (Method::POST, app::page::CHANGE_LOGO, Kind::Form),
    ] {
        calls.push(Call { method, path: path.to_owned(), kind });
    }
    calls.retain(|call| !OWN.contains(&&*call.path));
    calls
}

/// Bodies that carry a ticket in each member that may hold one.
fn bodies(kind: Kind, ticket: &str) -> Vec<String> {
    match kind {
        Kind::Page => vec![String::new()],
        Kind::Form => vec![format!(
            "token={ticket}&ticket={ticket}&act={ticket}&ceremony={ticket}&code={ticket}&id={ticket}&session={ticket}\
             &password={0}&new_password=trombone+lamp+yes+please&current_password={0}&format=json&name=Sam",
            PASSWORD.replace(' ', "+")
        )],
        Kind::Rest => [
            json!({"token": ticket}),
            json!({"token": ticket, "new_password": "trombone lamp yes please"}),
            json!({"ticket": ticket}),
            json!({"ticket": ticket, "code": "123456"}),
            json!({"email": EMAIL, "code": ticket}),
            json!({"code": ticket}),
            json!({"current_password": ticket}),
            json!({"ceremony": ticket, "credential": {}}),
            json!({"method": "totp", "code": ticket}),
        ]
        .map(|body| body.to_string())
        .into(),
    }
}

/// Sends a call in each way that a credential travels; every answer with a name of how it was sent.
async fn present(app: &TestApp, call: &Call, ticket: &str) -> Vec<(String, Answer)> {
    let content = if call.kind == Kind::Rest { "application/json" } else { "application/x-www-form-urlencoded" };
    let browser = [
        ("content-type", content),
        ("accept", if call.kind == Kind::Rest { "application/json" } else { "text/html" }),
        ("sec-fetch-site", "same-origin"),
        ("sec-fetch-mode", if call.kind == Kind::Rest { "cors" } else { "navigate" }),
    ];
    let cookies = COOKIES.map(|name| format!("{name}={ticket}")).join("; ");
    let waiting = format!("{WAITING}={ticket}");
    let mut answers = Vec::new();
    for (how, header, value) in [
        ("bearer", "authorization", format!("Bearer {ticket}")),
        ("personal token", "authorization", format!("Bearer kw_pat_{ticket}")),
        ("cookies", "cookie", cookies),
        ("its own cookie", "cookie", waiting),
    ] {
        let mut headers = browser.to_vec();
        headers.push((header, value.as_str()));
        let body = bodies(call.kind, "nothing").remove(0);
        answers.push((how.to_owned(), app.request(call.method.clone(), &call.path, &headers, body.into()).await));
    }
    for body in bodies(call.kind, ticket) {
        let how = format!("body {body:.40}");
        answers.push((how, app.request(call.method.clone(), &call.path, &browser, body.into()).await));
    }
    let separator = if call.path.contains('?') { '&' } else { '?' };
    let path = format!("{}{separator}token={ticket}&ticket={ticket}&act={ticket}", call.path);
    let body = Body::from(bodies(call.kind, "nothing").remove(0));
    answers.push(("query".to_owned(), app.request(call.method.clone(), &path, &browser, body).await));
    answers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_is_no_credential_at_any_other_route() {
    let app = TestApp::start().await;
    let (mut holder, _) = app.create_holder(EMAIL).await;
    let (page_ticket, ticket) = (app.waiting_ticket(EMAIL).await, app.waiting_ticket(EMAIL).await);
    assert_ne!(ticket, page_ticket);
    let invented = "A".repeat(ticket.len());
    for call in calls(&app).await {
        let (real, made_up) = (present(&app, &call, &ticket).await, present(&app, &call, &invented).await);
        for ((how, answer), (_, other)) in real.iter().zip(&made_up) {
            let what = format!("{} {} as {how}: {}", call.method, call.path, answer.status);
            assert_eq!(answer.status, other.status, "{what}, and {} when it is made up", other.status);
            assert_eq!(place(answer), place(other), "{what}");
            assert_eq!(given(answer, "__Host-refresh"), None, "{what}");
            for secret in ["access_token\":\"", "Sam Doe", ">Hello, Sam"] {
                assert!(!answer.body.contains(secret), "{what}: {}", answer.body);
            }
            assert!(!answer.status.is_server_error(), "{what}: {}", answer.body);
        }
    }
    // Nothing of that used it up, or let the account be locked.
    let code = json!(holder.recovery_code());
    let done = app.second_half(&ticket, "recovery_code", &code).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    assert!(given(&done, "__Host-refresh").is_some() && done.value()["access_token"].is_string());

    // It is used up, and so is the code.
    let again = app.second_half(&ticket, "recovery_code", &json!(holder.recovery_code())).await;
    assert_eq!((again.status, again.code().as_str()), (StatusCode::GONE, "second_factor_expired"), "{}", again.body);
    let replayed = app.second_half(&page_ticket, "recovery_code", &code).await;
    assert_ne!(replayed.status, StatusCode::OK, "{}", replayed.body);
}

/// Where an answer leads, without what differs by chance.
fn place(answer: &Answer) -> String {
    let location = answer.location();
    location.split('?').next().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_factor_of_an_account_is_named_and_nothing_else_about_it() {
    let app = TestApp::start().await;
    app.create_holder(EMAIL).await;
    let answer = app.try_password(EMAIL, PASSWORD, "").await;
    let value = answer.value();
    let names: Vec<_> = value.as_object().unwrap().keys().cloned().collect();
    assert_eq!(names, ["second_factor"], "{value}");
    let inside = value["second_factor"].as_object().unwrap();
    assert_eq!(inside["methods"], json!(["totp", "recovery_code"]), "{value}");
    assert!(!answer.body.contains(EMAIL) && inside.values().all(|member| *member != Value::Null), "{value}");
}
