//! Tokens with exactly one thing wrong: each a line with its name, how it is made, and the check that is
//! there to refuse it. They are signed with the real key wherever the signature is not what is wrong, so a
//! check that is missing shows.
//!
//! The tests of the server use this file too: `server/tests/token_refusals.rs`.

#![allow(clippy::allow_attributes, dead_code, reason = "each crate of tests uses a part of it")]

use auth::token::{Fault, MAX_LENGTH};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};

mod claims;
mod encoding;
mod header;
mod json_text;
mod signature;

/// A token that must be refused.
pub struct Line {
    pub name: String,
    pub token: String,
    /// The check that refuses it.
    pub fault: Fault,
}

/// Every line.
pub fn lines(forge: &Forge) -> Vec<Line> {
    [
        header::lines(forge),
        claims::lines(forge),
        encoding::lines(forge),
        json_text::lines(forge),
        signature::lines(forge),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Tokens made the same way with nothing wrong: they must be accepted, or the lines above prove nothing.
pub fn controls(forge: &Forge) -> Vec<(&'static str, String)> {
    let header = forge.header.to_string();
    let now = forge.now();
    let mut late = forge.claims_with("iat", now + 30);
    late["nbf"] = json!(now + 30);
    vec![
        ("signed anew", forge.valid()),
        ("a claim that nobody knows", forge.sign(&forge.header, &forge.claims_with("email_verified", true))),
        (
            "a session that works in an organization",
            forge.sign(&forge.header, &forge.claims_with("org", "01890a5d-ac96-774b-bcce-b302099a805a")),
        ),
        ("an escaped name", forge.sign_text(header.replace("\"alg\"", "\"\\u0061lg\""), forge.claims.to_string())),
        ("blanks inside of the header", forge.sign_text(header.replacen('{', "{ \n", 1), forge.claims.to_string())),
        ("the clock of another node is ahead", forge.sign(&forge.header, &late)),
        ("the longest life", forge.sign(&forge.header, &forge.claims_with("exp", now + 3600))),
        ("as old as time", forge.sign(&forge.header, &forge.claims_with("nbf", 0))),
        ("the longest token", longest(forge, MAX_LENGTH).0),
    ]
}

/// Somebody who holds the key of a real token, and writes what they like.
pub struct Forge {
    pair: Ed25519KeyPair,
    header: Value,
    claims: Value,
}

impl Forge {
    /// With the key of a real token, and what stands in it.
    pub fn of(token: &str, seed: &[u8]) -> Self {
        let mut parts = token.split('.');
        let mut part = || -> Value { serde_json::from_slice(&decode(parts.next().unwrap())).unwrap() };
        let (header, claims) = (part(), part());
        Self { pair: Ed25519KeyPair::from_seed_unchecked(seed).unwrap(), header, claims }
    }

    /// With a key of its own, where there is no program.
    pub fn alone() -> Self {
        const NOW: i64 = 1_800_000_000;
        let kid = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";
        let issuer = "https://id.example.com";
        let claims = json!({
            "sub": "01890a5d-ac96-774b-bcce-b302099a8057", "sid": "01890a5d-ac96-774b-bcce-b302099a8058",
            "iss": issuer, "aud": issuer, "client_id": "keywright", "iat": NOW, "nbf": NOW, "exp": NOW + 300,
            "jti": "01890a5d-ac96-774b-bcce-b302099a8059", "ver": 0, "scope": "", "roles": ["user"],
            "amr": ["pwd"], "acr": "aal1", "auth_time": NOW - 60
        });
        let pair = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
        Self { pair, header: json!({"alg": "EdDSA", "typ": "at+jwt", "kid": kid}), claims }
    }

    pub fn kid(&self) -> &str {
        self.header["kid"].as_str().unwrap()
    }

    pub fn issuer(&self) -> &str {
        self.claims["iss"].as_str().unwrap()
    }

    /// When the real token was issued, in seconds.
    pub fn now(&self) -> i64 {
        self.claims["iat"].as_i64().unwrap()
    }

    /// The public key, as it is in a JWK.
    pub fn x(&self) -> String {
        encode(self.pair.public_key())
    }

    pub fn header_with(&self, name: &str, value: impl Into<Value>) -> Value {
        with(&self.header, name, value.into())
    }

    pub fn claims_with(&self, name: &str, value: impl Into<Value>) -> Value {
        with(&self.claims, name, value.into())
    }

    /// A token that is signed as it should be.
    pub fn valid(&self) -> String {
        self.sign(&self.header, &self.claims)
    }

    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        self.sign_text(header.to_string(), claims.to_string())
    }

    pub fn sign_text(&self, header: impl AsRef<[u8]>, payload: impl AsRef<[u8]>) -> String {
        self.sign_parts(&encode(header), &encode(payload))
    }

    /// Signs two parts as they stand there.
    pub fn sign_parts(&self, header: &str, payload: &str) -> String {
        let message = format!("{header}.{payload}");
        let signature = encode(self.pair.sign(message.as_bytes()));
        format!("{message}.{signature}")
    }

    fn line(&self, name: impl Into<String>, header: &Value, claims: &Value, fault: Fault) -> Line {
        Line { name: name.into(), token: self.sign(header, claims), fault }
    }
}

/// The longest token of at most so many bytes, and the shortest beyond; both have nothing wrong with them
/// but their length.
fn longest(forge: &Forge, limit: usize) -> (String, String) {
    let padded = |pad: usize| forge.sign(&forge.header, &forge.claims_with("pad", "x".repeat(pad)));
    let mut pad = (limit - forge.valid().len()) / 4 * 3 - 32;
    let mut within = padded(pad);
    loop {
        pad += 1;
        let next = padded(pad);
        if next.len() > limit {
            return (within, next);
        }
        within = next;
    }
}

fn with(object: &Value, name: &str, value: Value) -> Value {
    let mut object = object.clone();
    object[name] = value;
    object
}

fn without(object: &Value, name: &str) -> Value {
    let mut object = object.clone();
    object.as_object_mut().unwrap().remove(name).unwrap();
    object
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

fn decode(part: &str) -> Vec<u8> {
    BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()
}
