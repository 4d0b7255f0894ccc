//! What browsers and authenticators say of passkeys: client data, data of an authenticator, attestation objects, and whole
//! answers.

use auth::factor::fuzzed_passkey::{CHALLENGE, ORIGIN, answered, attested_id, is_authenticator_data, is_client_data};
use serde_json::Value;

/// The digest of the host, flags, and the counter (WebAuthn Level 3, 6.1).
const SHORTEST_DATA: usize = 37;
const PRESENT_AND_VERIFIED: u8 = 0b101;
const LONGEST_ID: usize = 1023;

pub fn fuzz(data: &[u8]) {
    let Some((part, data)) = data.split_first() else { return };
    match part % 4 {
        0 => {
            if is_client_data(data) {
                let text = data.strip_prefix(b"\xef\xbb\xbf").unwrap_or(data);
                let other: Value = serde_json::from_slice(text).expect("what we read, others read");
                assert_eq!(other["type"], "webauthn.get");
                assert_eq!((&other["challenge"], &other["origin"]), (&Value::from(CHALLENGE), &Value::from(ORIGIN)));
                assert!(other.get("topOrigin").is_none(), "it was asked for in a frame");
            }
        }
        1 => {
            if is_authenticator_data(data) {
                assert!(data.len() >= SHORTEST_DATA);
                assert_eq!(data[32] & PRESENT_AND_VERIFIED, PRESENT_AND_VERIFIED);
                assert!(!is_authenticator_data(&data[..data.len() - 1]), "every byte is accounted for");
            }
        }
        2 => {
            if let Some(id) = attested_id(data) {
                assert!((1..=LONGEST_ID).contains(&id.len()));
                assert!(data.windows(id.len()).any(|part| part == id), "an id that nobody told");
            }
        }
        _ => {
            let Ok(credential) = serde_json::from_slice::<Value>(data) else { return };
            for id in answered(&credential).into_iter().flatten() {
                assert!((1..=LONGEST_ID).contains(&id.len()));
                assert_eq!(credential["id"], credential["rawId"]);
                assert_eq!(credential["type"], "public-key");
            }
        }
    }
}
