//! What `bin/fuzz` asks of the readers of what browsers and authenticators say. Compiled for it alone.

use serde_json::Value;

use super::answer::{Assertion, Registration};
use super::authenticator_data::AuthenticatorData;
use super::client_data::Expected;

/// The host that asks.
pub const RP_ID: &str = "id.example.com";
/// Its one origin.
pub const ORIGIN: &str = "https://id.example.com";
/// The challenge.
pub const CHALLENGE: &str = "q83v";

/// Whether client data of a sign-in is accepted.
pub fn is_client_data(bytes: &[u8]) -> bool {
    Expected { kind: "webauthn.get", challenge: CHALLENGE, origin: ORIGIN }.fault(bytes).is_none()
}

/// Whether the data of an authenticator is accepted.
pub fn is_authenticator_data(bytes: &[u8]) -> bool {
    AuthenticatorData::read(bytes).is_some_and(|data| data.fault(RP_ID).is_none())
}

/// The id of the passkey that an attestation object tells of.
pub fn attested_id(object: &[u8]) -> Option<Vec<u8>> {
    let attested = AuthenticatorData::of_attestation(object)?.attested?;
    Some(attested.credential_id.to_vec())
}

/// The ids of the passkeys that an answer tells of, made or used, where the library reads it as well.
pub fn answered(credential: &Value) -> [Option<Vec<u8>>; 2] {
    let made = Registration::read(credential).filter(|answer| answer.for_library().is_some());
    let used = Assertion::read(credential).filter(|answer| answer.for_library().is_some());
    [made.map(|answer| answer.id), used.map(|answer| answer.id)]
}
