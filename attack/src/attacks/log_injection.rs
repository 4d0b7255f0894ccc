//! Log injection: a line break in what is logged makes a line that nobody wrote, with which an intruder hides.

use anyhow::ensure;
use axum::Router;
use axum::extract::{Request, State};
use serde_json::json;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Attack, Control};
use crate::Outcome;
use crate::http::encoded;
use crate::target::{PASSWORD, Target};

pub const ATTACK: Attack = Attack { name: "log_injection", settings: &[], control: Control::Service };

/// A line as ours begin. It is looked for at the beginning of lines.
const LINE: &str = "2030-01-01T00:00:00Z  INFO forged";

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    let text = format!("x\r\n{LINE}\n{LINE}\u{2028}{LINE}\u{1b}[2J");
    target.get(&format!("/{}", encoded(&text)), "").await?;
    target.get(&format!("/sign-in?next={}", encoded(&text)), &format!("user-agent: x%0d%0a{LINE}\r\n")).await?;
    target.json("/api/v1/sign-in", &json!({"email": text, "password": PASSWORD})).await?;
    target
        .json("/api/v1/sign-up", &json!({"email": "mallory@example.com", "password": PASSWORD, "name": text}))
        .await?;
    let said = target.said();
    let is_forged = said.lines().any(|line| line.starts_with(LINE)) || said.contains("\u{1b}[2J");
    // A log that says nothing is forged by nobody: it names the path as it came.
    ensure!(is_forged || said.contains(&encoded(&text)), "the log does not name the path: {said}");
    Ok(Outcome::of(is_forged.then(|| "the log has a line that nobody wrote".to_owned())))
}

/// What a service wrote.
type Log = Arc<Mutex<String>>;

pub async fn service() -> anyhow::Result<Target> {
    let said = Log::default();
    let router = Router::new().fallback(answer).with_state(Arc::clone(&said));
    Target::logging_service(router, said).await
}

/// Logs the path as people would read it.
async fn answer(State(said): State<Log>, request: Request) {
    let path = request.uri().path().replace("%0D", "\r").replace("%0A", "\n").replace("%20", " ");
    let path = path.replace("%2D", "-").replace("%3A", ":");
    said.lock().unwrap_or_else(PoisonError::into_inner).push_str(&format!("INFO answered {path}\n"));
}
