//! Somebody who is signed in and nobody special calls what is for administrators.

use auth::weakened::Defence;
use serde_json::Value;

use super::{Attack, Control};
use crate::Outcome;
use crate::target::Target;

pub const ATTACK: Attack = Attack { name: "escalation", settings: &[], control: Control::Without(Defence::Permission) };

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    let mallory = target.newcomer("mallory@example.com").await?;
    target.create_account("alice@example.com").await?;
    for path in ["/api/v1/admin/users", "/api/v1/admin/audit", "/api/v1/admin/keys", "/api/v1/admin/settings"] {
        let answer = target.bearer("GET", path, &mallory.token, &Value::Null).await?;
        if answer.is_done() {
            return Ok(Outcome::Succeeded(format!("{path} answered {}", answer.status)));
        }
    }
    Ok(Outcome::Stopped)
}
