//! Credential stuffing: pairs of addresses and passwords that leaked elsewhere, each tried once. One of them is right.

use serde_json::json;

use super::{Attack, Control};
use crate::Outcome;
use crate::target::{PASSWORD, Target};

pub const ATTACK: Attack = Attack {
    name: "credential_stuffing",
    settings: &[("KEYWRIGHT_LIMITS", "on")],
    control: Control::With(("KEYWRIGHT_LIMITS", "off")),
};

/// How many are tried, and how many may be looked at: thirty of a client, and one more when the first wait is over.
const GUESSES: u32 = 120;
const MOST: u32 = 31;
/// Where in the list alice stands, who has one password for everything. Whoever comes so far has no device that her account
/// knows, and is not heard, whether the pair is right or not.
const RIGHT: u32 = 100;

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    target.create_account("alice@example.com").await?;
    let (mut looked_at, mut is_opened) = (0, false);
    for guess in 0..GUESSES {
        let (email, password) = if guess == RIGHT {
            ("alice@example.com".to_owned(), PASSWORD.to_owned())
        } else {
            (format!("person{guess}@example.com"), format!("leaked password number {guess}"))
        };
        let answer = target.json("/api/v1/sign-in", &json!({"email": email, "password": password})).await?;
        if answer.json()["code"] == "invalid_credentials" {
            looked_at += 1;
        }
        is_opened |= guess == RIGHT && answer.is_done();
    }
    Ok(Outcome::of_ways(&[
        (format!("{looked_at} of {GUESSES} were looked at"), looked_at > MOST),
        ("the right pair opens".to_owned(), is_opened),
    ]))
}
