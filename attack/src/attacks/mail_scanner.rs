//! Mail scanners and prefetching browsers open every link of a mail before its reader does: what a link does, it must not
//! do by being opened. Every other link of a mail is opened in `mailed_links`.

use anyhow::{Context, ensure};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Attack, Control, everybody_signs_in};
use crate::Outcome;
use crate::http::NAVIGATION;
use crate::target::{PASSWORD, Target};

pub const ATTACK: Attack = Attack { name: "mail_scanner", settings: &[], control: Control::Service };

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    Ok(Outcome::of_ways(&[
        ("an address is proved".to_owned(), is_address_proved(target).await?),
        ("a reset is used".to_owned(), is_reset_used(target).await?),
        ("an address is changed".to_owned(), is_address_changed(target).await?),
    ]))
}

/// Opens a link as whatever does so before its reader.
async fn open(target: &Target, mail: &Value) -> anyhow::Result<String> {
    let link = mail["link"].as_str().context("a link")?;
    let path = link.splitn(4, '/').nth(3).map(|path| format!("/{path}")).context("a path")?;
    for headers in
        [NAVIGATION, "sec-purpose: prefetch\r\n", "purpose: prefetch;prerender\r\n", "user-agent: scanner\r\n"]
    {
        for method in ["GET", "HEAD", "OPTIONS"] {
            target.send(method, &path, headers, "").await?;
        }
    }
    Ok(path)
}

/// Whether an account is there whose owner pressed nothing, or the code of the same mail is spent.
async fn is_address_proved(target: &Target) -> anyhow::Result<bool> {
    let email = "bob@example.com";
    let new = json!({"email": email, "password": PASSWORD, "name": "Bob"});
    let answer = target.json("/api/v1/sign-up", &new).await?;
    ensure!(answer.is_done(), "sign-up: {}", answer.body);
    let mail = target.mail(email, "verify_email").await?;
    open(target, &mail).await?;
    let is_in = target.json("/api/v1/sign-in", &json!({"email": email, "password": PASSWORD})).await?.is_done();
    let by_code = target.json("/api/v1/verify-email", &json!({"email": email, "code": mail["code"]})).await?;
    Ok(is_in || !by_code.is_done())
}

async fn is_reset_used(target: &Target) -> anyhow::Result<bool> {
    target.create_account("alice@example.com").await?;
    target.json("/api/v1/forgot-password", &json!({"email": "alice@example.com"})).await?;
    let path = open(target, &target.mail("alice@example.com", "password_reset").await?).await?;
    let (_, token) = path.split_once("token=").context("a token")?;
    let body = json!({"token": token, "new_password": "another horse battery staple"});
    Ok(!target.json("/api/v1/reset-password", &body).await?.is_done())
}

async fn is_address_changed(target: &Target) -> anyhow::Result<bool> {
    let carol = target.newcomer("carol@example.com").await?;
    let wanted = json!({"email": "carol.new@example.com"});
    let answer = target.bearer("POST", "/api/v1/me/email", &carol.token, &wanted).await?;
    ensure!(answer.is_done(), "a change of address: {}", answer.body);
    open(target, &target.mail("carol.new@example.com", "confirm_email").await?).await?;
    Ok(target.me(&carol.token).await?["email"] != "carol@example.com")
}

type Used = Arc<AtomicBool>;

pub async fn service() -> anyhow::Result<Target> {
    let router = Router::new()
        .route("/opened", get(opened))
        .route("/dev/inbox.json", get(inbox))
        .route("/api/v1/sign-up", post(accept))
        .route("/api/v1/sign-in", post(sign_in))
        .route("/api/v1/verify-email", post(take))
        .route("/api/v1/reset-password", post(take))
        .route("/api/v1/me/email", post(accept))
        .route("/api/v1/me", get(me))
        .with_state(Used::default());
    Target::service(router).await
}

/// The page takes what its address brings.
async fn opened(State(used): State<Used>) {
    used.store(true, Ordering::SeqCst);
}

async fn accept() -> StatusCode {
    StatusCode::ACCEPTED
}

/// There is no account before a link was used.
async fn sign_in(State(used): State<Used>) -> Response {
    if used.load(Ordering::SeqCst) {
        everybody_signs_in().await.into_response()
    } else {
        StatusCode::UNAUTHORIZED.into_response()
    }
}

async fn take(State(used): State<Used>) -> StatusCode {
    if used.load(Ordering::SeqCst) { StatusCode::GONE } else { StatusCode::NO_CONTENT }
}

async fn me(State(used): State<Used>) -> Json<Value> {
    let email = if used.load(Ordering::SeqCst) { "carol.new@example.com" } else { "carol@example.com" };
    Json(json!({"email": email}))
}

async fn inbox() -> Json<Value> {
    let mail = |kind: &str| json!({"kind": kind, "code": "123456", "link": "https://id.example.com/opened?token=x"});
    Json(["verify_email", "password_reset", "confirm_email"].map(mail).to_vec().into())
}
