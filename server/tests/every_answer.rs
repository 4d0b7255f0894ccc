//! What every route of the router answers with, to nobody and to an administrator: no other origin may read it, and a body
//! says what it is (ASVS 5.0, 3.4.2 and 4.1.1).

use crate::isolation::{filled, templates};
use crate::support::{Answer, TestApp};
use axum::body::Body;
use axum::http::Method;
use serde_json::Value;
use std::collections::BTreeSet;

/// Who would like to read what is not theirs, and the site itself, which needs no permission.
const ORIGINS: [&str; 5] = [
    "https://evil.example",
    "null",
    "http://localhost:3000.evil.example",
    "https://other.localhost:3000",
    "http://localhost:3000",
];

/// Who asks: nobody, or an administrator with cookie and access token.
struct Asking {
    cookie: String,
    authorization: String,
}

async fn who_ask(app: &TestApp) -> [Option<Asking>; 2] {
    app.create_account("ada@example.com").await;
    app.make_admin("ada@example.com").await;
    let (cookie, token) = app.sign_in("ada@example.com").await;
    [None, Some(Asking { cookie, authorization: format!("Bearer {token}") })]
}

/// Every route, with something in place of its parameters.
async fn routes(app: &TestApp) -> BTreeSet<(String, String)> {
    templates(app).await.into_iter().map(|(method, path)| (method, filled(&path))).collect()
}

/// Asks as our own page would, with these headers as well.
async fn ask(app: &TestApp, method: &str, path: &str, who: Option<&Asking>, more: &[(&str, &str)]) -> Answer {
    let is_call = path.starts_with("/api/");
    let (kind, body) = if is_call { ("application/json", "{}") } else { ("application/x-www-form-urlencoded", "") };
    let mut headers = vec![("accept", if is_call { "*/*" } else { "text/html,*/*;q=0.8" }), ("content-type", kind)];
    if let Some(who) = who {
        let credential = if is_call { ("authorization", &*who.authorization) } else { ("cookie", &*who.cookie) };
        headers.push(credential);
    }
    if !is_call {
        // Else a cookie is nobody's.
        headers.push(("sec-fetch-mode", "navigate"));
    }
    headers.extend(more);
    let body = if matches!(method, "GET" | "OPTIONS") { Body::empty() } else { Body::from(body) };
    app.request(Method::from_bytes(method.as_bytes()).unwrap(), path, &headers, body).await
}

/// What is wrong with what a body says of itself.
fn fault(answer: &Answer) -> Option<String> {
    if answer.body.is_empty() {
        return None;
    }
    let kind = answer.header("content-type");
    let is_json = |text: &str| serde_json::from_str::<Value>(text).is_ok();
    let is_what_it_says = match kind.split(';').next().unwrap_or_default() {
        "" => return Some("says nothing of its kind".to_owned()),
        "application/json" | "application/problem+json" => is_json(&answer.body),
        "application/jsonl" => answer.body.lines().all(is_json),
        "text/html" => answer.body.trim_start().to_ascii_lowercase().starts_with("<!doctype html"),
        "text/csv" => answer.body.lines().next().is_some_and(|line| line.contains(',')),
        "text/plain" => !answer.body.trim_start().starts_with(['<', '{', '[']),
        "image/svg+xml" => answer.body.starts_with("<svg"),
        _ => false,
    };
    if !is_what_it_says {
        return Some(format!("is no {kind}"));
    }
    let is_text = kind.starts_with("text/") || kind.contains("xml");
    (is_text && !kind.contains("charset=utf-8")).then(|| format!("{kind} says nothing of its encoding"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_other_origin_may_read_what_any_route_answers() {
    let app = TestApp::start().await;
    let who_ask = who_ask(&app).await;
    let routes = routes(&app).await;
    assert!(routes.len() > 300, "the routes were found: {}", routes.len());
    for (method, path) in &routes {
        for origin in ORIGINS {
            let mut answers = Vec::new();
            for who in &who_ask {
                answers.push(ask(&app, method, path, who.as_ref(), &[("origin", origin)]).await);
            }
            // What a browser asks before it sends what is not simple.
            let first = [
                ("origin", origin),
                ("access-control-request-method", method.as_str()),
                ("access-control-request-headers", "authorization"),
            ];
            answers.push(ask(&app, "OPTIONS", path, None, &first).await);
            for answer in answers {
                let grants = answer.headers.keys().find(|name| name.as_str().starts_with("access-control-"));
                assert_eq!(grants, None, "{method} {path} from {origin}");
                // The control: these are all headers of the answer.
                let guarded = answer.header("cross-origin-resource-policy");
                assert_eq!(guarded, "same-origin", "{method} {path} from {origin}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_body_of_every_route_is_what_it_says() {
    let app = TestApp::start().await;
    let who_ask = who_ask(&app).await;
    let (mut bodies, mut faults) = (0, Vec::new());
    for (method, path) in &routes(&app).await {
        for who in &who_ask {
            let answer = ask(&app, method, path, who.as_ref(), &[("sec-fetch-site", "same-origin")]).await;
            bodies += usize::from(!answer.body.is_empty());
            faults.extend(fault(&answer).map(|fault| format!("{method} {path} {}: {fault}", answer.status)));
        }
    }
    assert!(bodies > 300, "there were bodies: {bodies}");
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn a_body_that_is_something_else_is_found() {
    let answer = |kind: &str, body: &str| {
        let mut headers = axum::http::HeaderMap::new();
        if !kind.is_empty() {
            headers.insert("content-type", kind.parse().unwrap());
        }
        Answer { status: axum::http::StatusCode::OK, headers, body: body.to_owned() }
    };
    for (kind, body) in [
        ("", "{}"),
        ("application/json", "<!DOCTYPE html>"),
        ("application/problem+json", "not found"),
        ("text/html; charset=utf-8", "{}"),
        ("text/html", "<!DOCTYPE html><p>"),
        ("text/plain; charset=utf-8", "<p>"),
        ("application/octet-stream", "x"),
    ] {
        assert!(fault(&answer(kind, body)).is_some(), "{kind}: {body}");
    }
    for (kind, body) in [("", ""), ("application/json", "[]"), ("text/html; charset=utf-8", "<!DOCTYPE html><p>")] {
        assert_eq!(fault(&answer(kind, body)), None, "{kind}: {body}");
    }
}
