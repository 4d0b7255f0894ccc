//! The verifier of access tokens: a text as it comes, and a payload and a header that our key signed.
//!
//! Whatever is accepted must be a token of ours, and say to another JSON reader what it says to us.

use std::sync::LazyLock;

use auth::Timestamp;
use auth::token::{Algorithm, Claims, Expected, Fault, VerifyingKey, strict_json, verify};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::DecodingKey;
use serde_json::Value;

const ISSUER: &str = "https://id.example.com";
const NOW: i64 = 1_800_000_000;
const HEADER: &str = r#"{"typ":"at+jwt","alg":"EdDSA","kid":"k"}"#;
const CLAIMS: &str = r#"{"sub":"u","sid":"s","iss":"https://id.example.com","aud":"https://id.example.com","client_id":"keywright","iat":1800000000,"nbf":1800000000,"exp":1800000300,"jti":"j","ver":0,"scope":"","roles":["user"],"amr":["pwd"],"acr":"aal1","auth_time":1800000000}"#;

static PAIR: LazyLock<Ed25519KeyPair> =
    LazyLock::new(|| Ed25519KeyPair::from_seed_unchecked(&[7; 32]).expect("32 bytes are a seed"));
static KEY: LazyLock<DecodingKey> = LazyLock::new(|| {
    DecodingKey::from_ed_components(&BASE64_URL_SAFE_NO_PAD.encode(PAIR.public_key())).expect("it is base64url")
});

fn judge(token: &str) -> Result<Claims, Fault> {
    let expected = Expected { typ: "at+jwt", issuer: ISSUER, audience: ISSUER };
    let key = VerifyingKey { algorithm: Algorithm::EdDsa, key: &KEY };
    verify(token, &expected, |kid| (kid == "k").then_some(key), Timestamp(NOW * 1000))
}

fn signed(header: &[u8], payload: &[u8]) -> String {
    let encode = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let message = format!("{}.{}", encode(header), encode(payload));
    let signature = encode(PAIR.sign(message.as_bytes()).as_ref());
    format!("{message}.{signature}")
}

pub fn fuzz(data: &[u8]) {
    // The first byte says which part of a token the rest is.
    let Some((part, data)) = data.split_first() else { return };
    match part % 4 {
        0 => {
            if let Ok(token) = std::str::from_utf8(data) {
                assert!(judge(token).is_err(), "a token that nobody signed");
            }
        }
        1 => {
            let Ok(said) = judge(&signed(HEADER.as_bytes(), data)) else { return };
            assert_eq!((said.iss.as_str(), said.aud.as_str()), (ISSUER, ISSUER));
            assert!(said.exp > NOW && said.iat <= NOW + 30 && said.nbf <= NOW + 30 && said.exp - said.iat <= 3600);
            let other: Value = serde_json::from_slice(data).expect("what we read, others read");
            let own = serde_json::to_value(&said).expect("claims are JSON");
            let same = |(name, value): (&String, &Value)| match other.get(name) {
                Some(said) => said == value,
                // A token of before `acr` was said: the lowest.
                None => name == "acr" && value == "aal1",
            };
            assert!(own.as_object().is_some_and(|own| own.iter().all(same)));
        }
        2 => {
            if judge(&signed(data, CLAIMS.as_bytes())).is_ok() {
                let other: Value = serde_json::from_slice(data).expect("what we read, others read");
                let own: Value = serde_json::from_str(HEADER).expect("it is JSON");
                assert_eq!(other, own);
            }
        }
        _ => {
            if let Some(read) = strict_json::parse(data) {
                let other: Value = serde_json::from_slice(data).expect("what we read, others read");
                assert_eq!(other.as_object().map(serde_json::Map::len), Some(read.members().len()));
            }
        }
    }
}
