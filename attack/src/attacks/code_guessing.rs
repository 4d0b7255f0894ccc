//! Brute force on codes: a mailed code has six digits, so whoever may guess a million times is in.

use anyhow::Context;
use auth::weakened::Defence;
use serde_json::json;

use super::{Attack, Control};
use crate::Outcome;
use crate::http::Answer;
use crate::target::Target;

pub const ATTACK: Attack = Attack { name: "code_guessing", settings: &[], control: Control::Without(Defence::Tries) };

/// More than it may be wrong.
const GUESSES: u32 = 8;

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    target.create_account("alice@example.com").await?;
    target.json("/api/v1/forgot-password", &json!({"email": "alice@example.com"})).await?;
    let mail = target.mail("alice@example.com", "password_reset").await?;
    let code = mail["code"].as_str().context("a code")?.to_owned();
    let right: u32 = code.parse()?;
    for guess in 1..=GUESSES {
        reset(target, &format!("{:06}", (right + guess) % 1_000_000)).await?;
    }
    let answer = reset(target, &code).await?;
    Ok(Outcome::of(answer.is_done().then(|| format!("the right code counts after {GUESSES} wrong ones"))))
}

async fn reset(target: &Target, code: &str) -> anyhow::Result<Answer> {
    let body = json!({"email": "alice@example.com", "code": code, "new_password": "another horse battery staple"});
    target.json("/api/v1/reset-password", &body).await
}
