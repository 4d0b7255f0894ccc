//! Account enumeration by time: an address without an account is answered sooner, because nothing is hashed for it.
//! Known and unknown addresses take turns, and the medians are compared. `bin/bench known_address` measures it closely.

use auth::weakened::Defence;
use serde_json::json;
use std::time::Instant;

use super::{Attack, Control};
use crate::Outcome;
use crate::target::Target;

pub const ATTACK: Attack = Attack {
    name: "enumeration_by_time",
    settings: &[("KEYWRIGHT_HASH_MEMORY_KIB", "19456"), ("KEYWRIGHT_HASH_PASSES", "2")],
    control: Control::Without(Defence::Decoy),
};

const ROUNDS: usize = 15;
/// Without a hash it is more than ten times as quick.
const MOST: f64 = 1.6;

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    target.create_account("alice@example.com").await?;
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        known.push(time(target, "alice@example.com").await?);
        unknown.push(time(target, &format!("nobody{round}@example.com")).await?);
    }
    let (known, unknown) = (median(known), median(unknown));
    let ratio = known.max(unknown) / known.min(unknown);
    Ok(Outcome::of((ratio > MOST).then(|| format!("a known address takes {ratio:.1} times as long"))))
}

async fn time(target: &Target, email: &str) -> anyhow::Result<f64> {
    let started = Instant::now();
    target.json("/api/v1/sign-in", &json!({"email": email, "password": "a password that is wrong"})).await?;
    Ok(started.elapsed().as_secs_f64())
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
