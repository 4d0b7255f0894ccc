//! What a provider answers: its discovery document, its keys, and ID tokens, of which the fuzzer writes header or payload and
//! our key signs both.

use std::sync::LazyLock;

use auth::Timestamp;
use auth::federation::fuzzed::{CLIENT, ISSUER, NONCE, discovery, has_keys, subject};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use url::{Host, Url};

const NOW: i64 = 1_800_000_000;
const HEADER: &str = r#"{"alg":"EdDSA","kid":"k","typ":"JWT"}"#;
const CLAIMS: &str =
    r#"{"iss":"https://id.example.com","sub":"s","aud":"client","nonce":"n","exp":1800000300,"iat":1800000000}"#;

static PAIR: LazyLock<Ed25519KeyPair> =
    LazyLock::new(|| Ed25519KeyPair::from_seed_unchecked(&[7; 32]).expect("32 bytes are a seed"));
static KEYS: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let x = BASE64_URL_SAFE_NO_PAD.encode(PAIR.public_key());
    json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": x, "kid": "k", "alg": "EdDSA"}]}).to_string().into_bytes()
});

pub fn fuzz(data: &[u8]) {
    let Some((part, data)) = data.split_first() else { return };
    match part % 5 {
        0 => {
            for address in discovery(data).unwrap_or_default() {
                asked(&address);
            }
        }
        1 => {
            if has_keys(data) {
                let other: Value = serde_json::from_slice(data).expect("what we read, others read");
                assert!(other["keys"].as_array().is_some_and(|keys| !keys.is_empty()));
            }
        }
        2 => {
            if let Ok(token) = std::str::from_utf8(data) {
                assert_eq!(judged(token), None, "a token that nobody signed");
            }
        }
        3 => {
            if judged(&signed(data, CLAIMS.as_bytes())).is_some() {
                let other: Value = serde_json::from_slice(data).expect("what we read, others read");
                assert_eq!(other["alg"], "EdDSA");
                for refused in ["crit", "b64", "zip", "enc"] {
                    assert!(other.get(refused).is_none(), "{refused}");
                }
            }
        }
        _ => {
            let Some(subject) = judged(&signed(HEADER.as_bytes(), data)) else { return };
            let other: Value = serde_json::from_slice(data).expect("what we read, others read");
            assert_eq!(
                (&other["iss"], &other["nonce"], &other["sub"]),
                (&json!(ISSUER), &json!(NONCE), &json!(subject))
            );
            let is_us = |audience: &Value| *audience == CLIENT;
            assert!(is_us(&other["aud"]) || other["aud"].as_array().is_some_and(|all| all.iter().any(is_us)));
            assert!(other["exp"].as_i64().is_some_and(|end| end > NOW - 60));
        }
    }
}

fn judged(token: &str) -> Option<String> {
    subject(token, &KEYS, Timestamp(NOW * 1000))
}

fn signed(header: &[u8], payload: &[u8]) -> String {
    let encode = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let message = format!("{}.{}", encode(header), encode(payload));
    let signature = encode(PAIR.sign(message.as_bytes()).as_ref());
    format!("{message}.{signature}")
}

/// Over TLS, with a name, and of no machine that stands beside us.
fn asked(address: &str) {
    let url = Url::parse(address).expect("it was read before");
    assert_eq!(url.scheme(), "https");
    match url.host().expect("it names a machine") {
        Host::Domain(name) => assert!(name != "localhost" && !name.ends_with(".localhost")),
        Host::Ipv4(address) => assert!(!address.is_loopback() && !address.is_private() && !address.is_link_local()),
        Host::Ipv6(address) => assert!(!address.is_loopback() && !address.is_unspecified()),
    }
}
