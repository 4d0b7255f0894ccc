//! `ReDoS`: a short text on which a pattern takes for ever. Keywright reads what is typed byte by byte, without patterns
//! that go back.

use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

use super::{Attack, Control};
use crate::Outcome;
use crate::target::{PASSWORD, Target};

pub const ATTACK: Attack = Attack { name: "redos", settings: &[], control: Control::Service };

/// Longer than three sign-ups take here.
const MOST: Duration = Duration::from_secs(3);

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    // Each letter more doubles what a pattern that goes back tries: a few seconds are reached on every machine.
    let growing = (18..32).map(|letters| "a".repeat(letters) + "!");
    for text in
        growing.chain(["a@".repeat(120), "a.".repeat(120) + "@", "@".to_owned() + &"a-".repeat(120), " ".repeat(4000)])
    {
        let started = Instant::now();
        for body in [
            json!({"email": text, "password": PASSWORD, "name": "Sam"}),
            json!({"email": "alice@example.com", "password": PASSWORD, "name": text}),
            json!({"email": "alice@example.com", "password": text, "name": "Sam"}),
        ] {
            target.json("/api/v1/sign-up", &body).await?;
        }
        if started.elapsed() > MOST {
            return Ok(Outcome::Succeeded(format!("{} bytes take {} ms", text.len(), started.elapsed().as_millis())));
        }
    }
    Ok(Outcome::Stopped)
}

pub async fn service() -> anyhow::Result<Target> {
    Target::service(Router::new().route("/api/v1/sign-up", post(sign_up))).await
}

async fn sign_up(Json(body): Json<Value>) -> String {
    let bytes = body["email"].as_str().unwrap_or_default().as_bytes().to_owned();
    let is_match = tokio::task::spawn_blocking(move || is_only_of_groups(&bytes, 0)).await;
    format!("{is_match:?}")
}

/// `^(a+)+$`, as a pattern that goes back tries it: every way to part the text into groups.
fn is_only_of_groups(text: &[u8], from: usize) -> bool {
    let mut end = from;
    while text.get(end) == Some(&b'a') {
        end += 1;
        if end == text.len() || is_only_of_groups(text, end) {
            return true;
        }
    }
    false
}
