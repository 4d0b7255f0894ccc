//! Cross-site scripting, reflected and stored: markup that somebody typed, or that stands in an address, comes back as
//! markup. Escaping is done by the type of what is shown, so the control is a page that puts its HTML together. What a
//! browser makes of it is in `end2end/tests/script/attacks_scripts.spec.js`.

use anyhow::{Context, ensure};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::{Json, Router};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, PoisonError};

use super::{Attack, Control};
use crate::Outcome;
use crate::http::{Answer, NAVIGATION, encoded};
use crate::target::{PASSWORD, SignedIn, Target};

pub const ATTACK: Attack = Attack { name: "xss", settings: &[], control: Control::Service };

const PAYLOADS: [&str; 4] = [
    "<script>window.pwned=1</script>",
    "\"><img src=x onerror=window.pwned=1>",
    "'><svg onload=window.pwned=1>",
    "</title><script>window.pwned=1</script>",
];
const REFLECTING: [&str; 6] = [
    "/sign-in?next=",
    "/sign-in?note=",
    "/sign-up?email=",
    "/verify-email?token=",
    "/reset-password?token=",
    "/nowhere/",
];
/// Beginnings of what is stored: names have no `/`. A number for each place and `>` follow.
const BEGINNINGS: [&str; 2] = ["\"><img src=x onerror=window.pwned=", "'><svg onload=window.pwned="];

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    let mut ways = Vec::new();
    for payload in PAYLOADS {
        for path in REFLECTING {
            let page = target.get(&format!("{path}{}", encoded(payload)), NAVIGATION).await?;
            ways.push((format!("{path} reflects {payload}"), page.body.contains(payload)));
        }
    }
    for (number, beginning) in BEGINNINGS.iter().enumerate() {
        let email = format!("mallory{number}@example.com");
        let mallory = target.newcomer(&email).await?;
        for (place, pages) in store(target, &mallory, beginning).await? {
            for page in pages {
                ways.push((format!("{page} shows {place}"), is_markup(target, &mallory, &page, &place).await?));
            }
        }
        let mail = target.mail(&email, "token_created").await?;
        let html = mail["html"].as_str().unwrap_or_default();
        let token = format!("{beginning}5>");
        ensure!(html.contains(script(&token)), "the mail does not name the token: {html}");
        ways.push((format!("a mail shows {token}"), html.contains(markup(&token))));
        let device = format!("{beginning}6>");
        let headers = format!("content-type: application/json\r\nuser-agent: {device}\r\n");
        let body = json!({"email": email, "password": PASSWORD}).to_string();
        target.send("POST", "/api/v1/sign-in", &headers, &body).await?;
        for path in ["/account/sessions", "/account/activity", "/what-just-happened"] {
            // Of a device some words are kept, and none of these.
            let page = target.get(path, &as_browser(&mallory)).await?;
            ways.push((format!("{path} shows {device}"), page.body.contains(markup(&device))));
        }
    }
    Ok(Outcome::of_ways(&ways))
}

/// Stores markup wherever a text is kept; each with the pages that show it.
async fn store(target: &Target, mallory: &SignedIn, beginning: &str) -> anyhow::Result<Vec<(String, Vec<String>)>> {
    let [name, organization, title, body, token] = [1, 2, 3, 4, 5].map(|place| format!("{beginning}{place}>"));
    post(target, mallory, "PATCH", "/api/v1/me", &json!({"name": name})).await?;
    let made = post(target, mallory, "POST", "/api/v1/organizations", &json!({"name": organization})).await?.json();
    let [id, slug] = ["id", "slug"].map(|member| made[member].as_str().unwrap_or_default().to_owned());
    let documents = format!("/api/v1/organizations/{id}/documents");
    let text = format!("</textarea>{body}");
    let made = post(target, mallory, "POST", &documents, &json!({"title": title, "body": text})).await?.json();
    let document = format!("/orgs/{slug}/documents/{}", made["id"].as_str().context("a document")?);
    let scopes = auth::Scope::ALL.map(auth::Scope::as_str);
    post(target, mallory, "POST", "/api/v1/tokens", &json!({"name": token, "scopes": scopes})).await?;
    Ok(vec![
        (name, vec!["/dashboard".to_owned(), "/account".to_owned()]),
        (organization, vec!["/orgs".to_owned(), format!("/orgs/{slug}")]),
        (title, vec![format!("/orgs/{slug}/documents"), document.clone(), format!("{document}/edit")]),
        (body, vec![document.clone(), format!("{document}/edit")]),
        (token, vec!["/account/tokens".to_owned()]),
    ])
}

/// Stores something. What is refused would prove nothing.
async fn post(target: &Target, mallory: &SignedIn, method: &str, path: &str, body: &Value) -> anyhow::Result<Answer> {
    let answer = target.bearer(method, path, &mallory.token, body).await?;
    ensure!(answer.is_done(), "{method} {path} with {body}: {} {}", answer.status, answer.body);
    Ok(answer)
}

/// Whether a page shows a text as markup. It must show it somehow.
async fn is_markup(target: &Target, mallory: &SignedIn, path: &str, text: &str) -> anyhow::Result<bool> {
    let page = target.get(path, &as_browser(mallory)).await?;
    let is_markup = page.body.contains(markup(text));
    ensure!(is_markup || page.body.contains(script(text)), "{path} does not show {text}: {}", page.status);
    Ok(is_markup)
}

fn as_browser(mallory: &SignedIn) -> String {
    format!("{NAVIGATION}cookie: {}\r\n", mallory.cookie)
}

/// What a browser would take for an element.
fn markup(text: &str) -> &str {
    text.find('<').map_or(text, |at| &text[at..])
}

/// What stays the same however the rest is escaped.
fn script(text: &str) -> &str {
    text.find("window").map_or(text, |at| text[at..].trim_end_matches('>'))
}

type Stored = Arc<Mutex<String>>;

pub async fn service() -> anyhow::Result<Target> {
    Target::service(Router::new().fallback(careless).with_state(Stored::default())).await
}

/// Keeps every text that is sent, and shows all of them, and its own address, on every page.
async fn careless(State(stored): State<Stored>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 4096).await.unwrap_or_default();
    let mut stored = stored.lock().unwrap_or_else(PoisonError::into_inner);
    if parts.uri.path() == "/dev/inbox.json" {
        return Json(json!([{"kind": "token_created", "html": *stored}])).into_response();
    }
    if parts.method == Method::GET {
        return Html(format!("<p>{}</p>{}", decoded(&parts.uri.to_string()), *stored)).into_response();
    }
    let sent: Value = serde_json::from_slice(&body).unwrap_or_default();
    for text in sent.as_object().into_iter().flatten().filter_map(|(_, member)| member.as_str()) {
        stored.push_str(text);
    }
    if let Some(device) = parts.headers.get("user-agent") {
        stored.push_str(&String::from_utf8_lossy(device.as_bytes()));
    }
    let made = Json(json!({"id": "x", "slug": "x", "access_token": "x"}));
    (StatusCode::CREATED, [("set-cookie", "__Host-refresh=x")], made).into_response()
}

fn decoded(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let [first, tail @ ..] = rest {
        let code = tail.get(..2).filter(|_| *first == b'%').and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
