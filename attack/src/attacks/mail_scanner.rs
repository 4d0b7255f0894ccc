//! Mail scanners and prefetching browsers open every link of a mail before its reader does: what a link does, it must not
//! do by being opened.

use anyhow::Context;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Attack, Control};
use crate::Outcome;
use crate::http::NAVIGATION;
use crate::target::Target;

pub const ATTACK: Attack = Attack { name: "mail_scanner", settings: &[], control: Control::Service };

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    target.create_account("alice@example.com").await?;
    target.json("/api/v1/forgot-password", &json!({"email": "alice@example.com"})).await?;
    let mail = target.mail("alice@example.com", "password_reset").await?;
    let link = mail["link"].as_str().context("a link")?;
    let path = link.find("/reset-password").map(|at| &link[at..]).context("a path")?;
    for headers in
        [NAVIGATION, "sec-purpose: prefetch\r\n", "purpose: prefetch;prerender\r\n", "user-agent: scanner\r\n"]
    {
        for method in ["GET", "HEAD", "OPTIONS"] {
            target.send(method, path, headers, "").await?;
        }
    }
    let (_, token) = path.split_once("token=").context("a token")?;
    let body = json!({"token": token, "new_password": "another horse battery staple"});
    let is_used = !target.json("/api/v1/reset-password", &body).await?.is_done();
    Ok(Outcome::of(is_used.then(|| "the link was used by being opened".to_owned())))
}

type Used = Arc<AtomicBool>;

pub async fn service() -> anyhow::Result<Target> {
    let router = Router::new()
        .route("/reset-password", get(opened))
        .route("/api/v1/reset-password", post(reset_password))
        .route("/dev/inbox.json", get(inbox))
        .with_state(Used::default());
    Target::service(router).await
}

/// The page takes what its address brings.
async fn opened(State(used): State<Used>) {
    used.store(true, Ordering::SeqCst);
}

async fn reset_password(State(used): State<Used>) -> StatusCode {
    if used.load(Ordering::SeqCst) { StatusCode::GONE } else { StatusCode::NO_CONTENT }
}

async fn inbox() -> Json<Value> {
    Json(json!([{"kind": "password_reset", "link": "https://id.example.com/reset-password?token=x"}]))
}
