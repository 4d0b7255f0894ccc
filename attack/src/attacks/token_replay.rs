//! Token replay: an access token and a cookie that were copied are used after their owner signed out.

use auth::weakened::Defence;
use serde_json::Value;

use super::{Attack, Control};
use crate::Outcome;
use crate::target::Target;

pub const ATTACK: Attack = Attack { name: "token_replay", settings: &[], control: Control::Without(Defence::SignOut) };

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    let alice = target.newcomer("alice@example.com").await?;
    // Seen once while it was good: what the program keeps of it must not help.
    target.me(&alice.token).await?;
    let headers = format!("cookie: {}\r\nsec-fetch-site: same-origin\r\n", alice.cookie);
    target.send("POST", "/api/v1/sign-out", &headers, "").await?;
    for path in ["/api/v1/me", "/api/v1/sessions", "/api/v1/activity"] {
        if target.bearer("GET", path, &alice.token, &Value::Null).await?.is_done() {
            return Ok(Outcome::Succeeded(format!("the access token reads {path}")));
        }
    }
    let refreshed = target.send("POST", "/api/v1/refresh", &headers, "").await?.is_done();
    Ok(Outcome::of(refreshed.then(|| "the cookie works".to_owned())))
}
