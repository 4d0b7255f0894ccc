//! Bodies that are larger than anything means: each is read before anybody asks who sent it.

use auth::weakened::Defence;

use super::{Attack, Control};
use crate::Outcome;
use crate::target::Target;

pub const ATTACK: Attack =
    Attack { name: "oversized_body", settings: &[], control: Control::Without(Defence::BodyLimit) };

/// Four times the most, and less than what the framework refuses by itself.
const SIZE: usize = 256 * 1024;

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    let name = "a".repeat(SIZE);
    for (path, kind, body) in [
        ("/api/v1/sign-in", "application/json", format!(r#"{{"email":"{name}","password":"x"}}"#)),
        ("/rpc/sign_in", "application/x-www-form-urlencoded", format!("email={name}")),
    ] {
        let headers = format!("content-type: {kind}\r\nsec-fetch-site: same-origin\r\n");
        let answer = target.send("POST", path, &headers, &body).await?;
        if answer.status != 413 {
            return Ok(Outcome::Succeeded(format!("{path} read it, and answered {}", answer.status)));
        }
    }
    Ok(Outcome::Stopped)
}
