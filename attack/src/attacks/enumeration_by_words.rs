//! Account enumeration by what is said: status, words, headers or size of an answer differ between an address with an
//! account and one without.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::{Attack, Control};
use crate::Outcome;
use crate::http::Answer;
use crate::target::Target;

pub const ATTACK: Attack = Attack { name: "enumeration_by_words", settings: &[], control: Control::Service };

const PASSWORD: &str = "a password that is wrong";

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    target.create_account("alice@example.com").await?;
    for path in [
        "/api/v1/sign-in",
        "/api/v1/forgot-password",
        "/api/v1/sign-up",
        "/api/v1/reset-password",
        "/api/v1/verify-email",
    ] {
        let known = ask(target, path, "alice@example.com").await?;
        let other = ask(target, path, "nobody@example.com").await?;
        if told(&known) != told(&other) {
            return Ok(Outcome::Succeeded(format!("{path} tells them apart")));
        }
    }
    Ok(Outcome::Stopped)
}

async fn ask(target: &Target, path: &str, email: &str) -> anyhow::Result<Answer> {
    let body = match path {
        "/api/v1/sign-in" => json!({"email": email, "password": PASSWORD}),
        "/api/v1/sign-up" => json!({"email": email, "password": PASSWORD, "name": "Sam"}),
        "/api/v1/reset-password" => json!({"email": email, "code": "123456", "new_password": PASSWORD}),
        "/api/v1/verify-email" => json!({"email": email, "code": "123456"}),
        _ => json!({"email": email}),
    };
    target.json(path, &body).await
}

/// What can be compared: everything but what is drawn for each answer, and the time.
fn told(answer: &Answer) -> (u16, String, usize) {
    let same = |line: &&str| !line.starts_with("x-request-id:") && !line.starts_with("date:");
    let head: Vec<&str> = answer.head.lines().filter(same).map(|line| line.split('=').next().unwrap_or(line)).collect();
    (answer.status, head.join("\n"), answer.body.len())
}

pub async fn service() -> anyhow::Result<Target> {
    Target::service(Router::new().route("/api/v1/sign-in", post(helpful))).await
}

async fn helpful(Json(body): Json<Value>) -> Response {
    if body["email"] == "alice@example.com" {
        (StatusCode::UNAUTHORIZED, "This password is wrong.").into_response()
    } else {
        (StatusCode::NOT_FOUND, "Nobody has this address.").into_response()
    }
}
