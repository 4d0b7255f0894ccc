//! Insecure direct object reference: somebody who is signed in names a thing of somebody else, whose id they know.

use anyhow::Context;
use auth::weakened::Defence;
use serde_json::{Value, json};

use super::{Attack, Control};
use crate::Outcome;
use crate::target::Target;

pub const ATTACK: Attack = Attack { name: "idor", settings: &[], control: Control::Without(Defence::Owner) };

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    let alice = target.newcomer("alice@example.com").await?;
    let mallory = target.newcomer("mallory@example.com").await?;
    let made = target.bearer("POST", "/api/v1/organizations", &alice.token, &json!({"name": "Acme"})).await?;
    let organization = made.json()["id"].as_str().context("an organization")?.to_owned();
    for path in ["", "/members", "/documents", "/invitations", "/audit", "/webhooks"] {
        let path = format!("/api/v1/organizations/{organization}{path}");
        if target.bearer("GET", &path, &mallory.token, &Value::Null).await?.is_done() {
            return Ok(Outcome::Succeeded(format!("read {path}")));
        }
    }
    let session = target.me(&alice.token).await?["session"]["id"].as_str().context("a session")?.to_owned();
    let path = format!("/api/v1/sessions/{session}");
    target.bearer("DELETE", &path, &mallory.token, &Value::Null).await?;
    let is_ended = target.me(&alice.token).await?["email"].is_null();
    Ok(Outcome::of(is_ended.then(|| "ended a session of somebody else".to_owned())))
}
