//! Account enumeration by time: an address without an account is answered sooner, because nothing is hashed for it or
//! nothing is written. Known and unknown addresses take turns, and the quickest of each are compared: what else this machine
//! does makes an answer slower and never quicker. `bin/bench known_address` measures it closely.

use auth::weakened::Defence;
use serde_json::{Value, json};
use std::time::Instant;

use super::{Attack, Control};
use crate::Outcome;
use crate::target::Target;

pub const ATTACK: Attack = Attack {
    name: "enumeration_by_time",
    settings: &[("KEYWRIGHT_HASH_MEMORY_KIB", "65536"), ("KEYWRIGHT_HASH_PASSES", "2")],
    control: Control::Without(Defence::Decoy),
};

const PASSWORD: &str = "a password that is wrong";
const ROUNDS: usize = 15;
/// Without a hash it is some four times as quick: only the moment of even answers is waited for.
const MOST: f64 = 2.0;
/// Seconds that are the network's and the database's.
const NOISE: f64 = 0.003;
/// What is asked about an address. Each costs the same for every one; the control is quicker with the first.
const PATHS: [&str; 4] = ["/api/v1/sign-in", "/api/v1/forgot-password", "/api/v1/verify-email", "/api/v1/sign-up"];

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    target.create_account("alice@example.com").await?;
    for path in PATHS {
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for round in 0..ROUNDS {
            known.push(time(target, path, "alice@example.com").await?);
            unknown.push(time(target, path, &format!("nobody{round}@example.com")).await?);
        }
        let (known, unknown) = (quickest(&known), quickest(&unknown));
        let ratio = known.max(unknown) / known.min(unknown);
        if ratio > MOST && (known - unknown).abs() > NOISE {
            return Ok(Outcome::Succeeded(format!("{path}: a known address takes {ratio:.1} times as long")));
        }
    }
    Ok(Outcome::Stopped)
}

async fn time(target: &Target, path: &str, email: &str) -> anyhow::Result<f64> {
    let body = question(path, email);
    let started = Instant::now();
    target.json(path, &body).await?;
    Ok(started.elapsed().as_secs_f64())
}

fn question(path: &str, email: &str) -> Value {
    match path {
        "/api/v1/sign-in" => json!({"email": email, "password": PASSWORD}),
        "/api/v1/sign-up" => json!({"email": email, "password": PASSWORD, "name": "Sam"}),
        "/api/v1/verify-email" => json!({"email": email, "code": "123456"}),
        _ => json!({"email": email}),
    }
}

fn quickest(times: &[f64]) -> f64 {
    times.iter().copied().fold(f64::INFINITY, f64::min)
}
