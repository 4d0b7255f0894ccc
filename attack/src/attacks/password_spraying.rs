//! Password spraying: one likely password, one account after the other, each too seldom to be noticed by itself.

use serde_json::json;

use super::{Attack, Control};
use crate::Outcome;
use crate::target::Target;

pub const ATTACK: Attack = Attack {
    name: "password_spraying",
    settings: &[("KEYWRIGHT_LIMITS", "on")],
    control: Control::With(("KEYWRIGHT_LIMITS", "off")),
};

/// How many are tried, and how many may be looked at: thirty of a client, and one more when the first wait is over.
const GUESSES: u32 = 120;
const MOST: u32 = 31;

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    target.create_account("alice@example.com").await?;
    let mut looked_at = 0;
    for guess in 0..GUESSES {
        let (email, password) = (format!("person{guess}@example.com"), "correct horse battery".to_owned());
        let answer = target.json("/api/v1/sign-in", &json!({"email": email, "password": password})).await?;
        if answer.json()["code"] == "invalid_credentials" {
            looked_at += 1;
        }
    }
    Ok(Outcome::of((looked_at > MOST).then(|| format!("{looked_at} of {GUESSES} were looked at"))))
}
