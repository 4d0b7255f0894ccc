//! Markup got into a page somehow, and with it a script: whether browsers would run it. They do without a policy, with
//! one that allows what is inline, and with a nonce that can be known before.

use auth::weakened::Defence;

use super::{Attack, Control};
use crate::Outcome;
use crate::http::NAVIGATION;
use crate::target::Target;

pub const ATTACK: Attack =
    Attack { name: "injected_script", settings: &[], control: Control::Without(Defence::Policies) };

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    let mut nonces = Vec::new();
    for path in ["/sign-in", "/sign-in", "/sign-up"] {
        let answer = target.get(path, NAVIGATION).await?;
        let policy = answer.header("content-security-policy").to_owned();
        let scripts = policy.split(';').find_map(|rule| rule.trim().strip_prefix("script-src ")).unwrap_or("*");
        let nonce = scripts.split_once("'nonce-").and_then(|(_, rest)| rest.split('\'').next()).unwrap_or_default();
        if nonce.len() < 16 || scripts.contains("'unsafe-inline'") || scripts.contains('*') {
            return Ok(Outcome::Succeeded(format!("{path} runs what is inline")));
        }
        nonces.push(nonce.to_owned());
    }
    nonces.sort();
    nonces.dedup();
    Ok(Outcome::of((nonces.len() < 3).then(|| "a nonce comes twice".to_owned())))
}
