//! Mail injection: a line break in an address or a name makes another recipient, or another mail, of it; and what a
//! stranger typed comes to a mailbox in our name.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Attack, Control};
use crate::Outcome;
use crate::target::{PASSWORD, Target};

pub const ATTACK: Attack = Attack { name: "mail_injection", settings: &[], control: Control::Service };

const ADDRESSES: [&str; 6] = [
    "alice@example.com\r\nBcc: evil@example.com",
    "alice@example.com\nTo: evil@example.com",
    "alice@example.com, evil@example.com",
    "alice@example.com%0d%0aBcc: evil@example.com",
    "\"alice\r\nBcc: evil@example.com\"@example.com",
    "alice <evil@example.com>",
];
/// Without an address: what is refused is the line break.
const NAMES: [&str; 2] = ["Sam\r\nBcc: evil", "Sam\nTo: evil"];
/// One that somebody may have.
const WORDS: &str = "Sam, Bcc: evil.example";

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    let mut ways = Vec::new();
    for address in ADDRESSES {
        for (path, body) in [
            ("/api/v1/sign-up", json!({"email": address, "password": PASSWORD, "name": "Sam"})),
            ("/api/v1/forgot-password", json!({"email": address})),
        ] {
            let answer = target.json(path, &body).await?;
            ways.push((format!("{path} takes {address:?}"), answer.status != 422));
        }
    }
    for (number, name) in NAMES.iter().enumerate() {
        let answer = sign_up(target, &format!("person{number}@example.com"), name).await?;
        ways.push((format!("a name is {name:?}"), answer != 422));
    }
    // The mail of somebody else's sign-up leaves, without what a stranger typed.
    anyhow::ensure!(sign_up(target, "sam@example.com", WORDS).await? == 202, "{WORDS} is refused");
    let mail = target.mail("sam@example.com", "verify_email").await?;
    ways.push(("a stranger's words are mailed".to_owned(), mail.to_string().contains("evil.example")));
    // Mails leave within a moment; one of the sender's own, by which it is known that they did.
    target.json("/api/v1/forgot-password", &json!({"email": "last@example.com"})).await?;
    target.mail("last@example.com", "no_account").await?;
    let mails = target.get("/dev/inbox.json", "").await?.json();
    let mut recipients = mails.as_array().into_iter().flatten().filter_map(|mail| mail["to"].as_str());
    ways.push(("a mail goes to somebody else".to_owned(), recipients.any(|to| to.contains("evil"))));
    Ok(Outcome::of_ways(&ways))
}

async fn sign_up(target: &Target, email: &str, name: &str) -> anyhow::Result<u16> {
    let body = json!({"email": email, "password": PASSWORD, "name": name});
    Ok(target.json("/api/v1/sign-up", &body).await?.status)
}

type Mails = Arc<Mutex<Vec<Value>>>;

pub async fn service() -> anyhow::Result<Target> {
    let router = Router::new()
        .route("/api/v1/sign-up", post(welcome))
        .route("/api/v1/forgot-password", post(remind))
        .route("/dev/inbox.json", get(inbox))
        .with_state(Mails::default());
    Target::service(router).await
}

async fn welcome(State(mails): State<Mails>, Json(body): Json<Value>) -> StatusCode {
    send(&mails, &body, "verify_email")
}

async fn remind(State(mails): State<Mails>, Json(body): Json<Value>) -> StatusCode {
    send(&mails, &body, "no_account")
}

/// Writes the mail as text, and sends it to whom that text names.
fn send(mails: &Mails, body: &Value, kind: &str) -> StatusCode {
    let [email, name] = ["email", "name"].map(|field| body[field].as_str().unwrap_or_default());
    let mail = format!("To: {email}\r\nSubject: Hello {name}\r\n");
    let recipients = mail.lines().filter_map(|line| line.strip_prefix("To: ").or_else(|| line.strip_prefix("Bcc: ")));
    let sent = recipients.map(|to| json!({"to": to, "kind": kind, "text": mail}));
    mails.lock().unwrap_or_else(PoisonError::into_inner).extend(sent);
    StatusCode::ACCEPTED
}

async fn inbox(State(mails): State<Mails>, Query(filter): Query<HashMap<String, String>>) -> Json<Value> {
    let mut mails = mails.lock().unwrap_or_else(PoisonError::into_inner).clone();
    mails.retain(|mail| filter.get("to").is_none_or(|to| mail["to"] == to.as_str()));
    Json(mails.into())
}
