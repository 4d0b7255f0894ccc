//! The answer of a browser, as `PublicKeyCredential.toJSON()` writes it (WebAuthn Level 3, 5.1.4): what is needed of
//! it, each part decoded and bounded. Results of extensions are not asked for and not looked at.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use webauthn_rs::prelude::{PublicKeyCredential, RegisterPublicKeyCredential};

/// Longest parts, in bytes.
const LONGEST_ID: usize = 1023;
const LONGEST_CLIENT_DATA: usize = 4 * 1024;
const LONGEST_ATTESTATION: usize = 16 * 1024;
const LONGEST_AUTHENTICATOR_DATA: usize = 2 * 1024;
const LONGEST_SIGNATURE: usize = 1024;
const LONGEST_USER_HANDLE: usize = 64;

/// Ways to an authenticator that a browser may be told again (WebAuthn Level 3, 5.8.4).
const TRANSPORTS: [&str; 6] = ["usb", "nfc", "ble", "smart-card", "hybrid", "internal"];

/// A passkey that was made.
pub(super) struct Registration {
    pub id: Vec<u8>,
    pub client_data: Vec<u8>,
    pub attestation_object: Vec<u8>,
    /// Known ones, separated by blanks.
    pub transports: String,
}

/// A passkey that was used.
pub(super) struct Assertion {
    pub id: Vec<u8>,
    pub client_data: Vec<u8>,
    pub authenticator_data: Vec<u8>,
    pub signature: Vec<u8>,
    /// Of a passkey that was found by the browser.
    pub user_handle: Option<Vec<u8>>,
}

impl Registration {
    /// Reads the answer to `navigator.credentials.create`; none when it is not one.
    pub fn read(credential: &Value) -> Option<Self> {
        let (id, response) = read_both(credential)?;
        Some(Self {
            id,
            client_data: part(response, "clientDataJSON", LONGEST_CLIENT_DATA)?,
            attestation_object: part(response, "attestationObject", LONGEST_ATTESTATION)?,
            transports: transports(response.get("transports")),
        })
    }

    /// The same for the library. A byte order mark is stripped here: it does not look for one.
    pub fn for_library(&self) -> Option<RegisterPublicKeyCredential> {
        let client_data = super::client_data::without_bom(&self.client_data);
        serde_json::from_value(json!({
            "id": base64url(&self.id),
            "rawId": base64url(&self.id),
            "type": "public-key",
            "response": {
                "clientDataJSON": base64url(client_data),
                "attestationObject": base64url(&self.attestation_object),
            },
            "extensions": {},
        }))
        .ok()
    }
}

impl Assertion {
    /// Reads the answer to `navigator.credentials.get`; none when it is not one.
    pub fn read(credential: &Value) -> Option<Self> {
        let (id, response) = read_both(credential)?;
        let user_handle = match response.get("userHandle") {
            None | Some(Value::Null) => None,
            Some(_) => Some(part(response, "userHandle", LONGEST_USER_HANDLE)?),
        };
        Some(Self {
            id,
            client_data: part(response, "clientDataJSON", LONGEST_CLIENT_DATA)?,
            authenticator_data: part(response, "authenticatorData", LONGEST_AUTHENTICATOR_DATA)?,
            signature: part(response, "signature", LONGEST_SIGNATURE)?,
            user_handle,
        })
    }

    /// The id as the store keeps it.
    pub fn credential_id(&self) -> String {
        base64url(&self.id)
    }

    /// The same for the library.
    pub fn for_library(&self) -> Option<PublicKeyCredential> {
        serde_json::from_value(json!({
            "id": base64url(&self.id),
            "rawId": base64url(&self.id),
            "type": "public-key",
            "response": {
                "clientDataJSON": base64url(&self.client_data),
                "authenticatorData": base64url(&self.authenticator_data),
                "signature": base64url(&self.signature),
                "userHandle": self.user_handle.as_deref().map(base64url),
            },
            "extensions": {},
        }))
        .ok()
    }
}

/// Bytes as programs and the store see them.
pub(super) fn base64url(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// The id, and what the authenticator answered.
fn read_both(credential: &Value) -> Option<(Vec<u8>, &Value)> {
    let id = part(credential, "rawId", LONGEST_ID)?;
    let is_one = credential.get("type")? == "public-key" && credential.get("id")? == credential.get("rawId")?;
    (is_one && !id.is_empty()).then_some((id, credential.get("response")?))
}

fn part(of: &Value, name: &str, longest: usize) -> Option<Vec<u8>> {
    let text = of.get(name)?.as_str()?;
    if text.len() > longest.div_ceil(3) * 4 {
        return None;
    }
    BASE64_URL_SAFE_NO_PAD.decode(text).ok().filter(|bytes| bytes.len() <= longest)
}

fn transports(said: Option<&Value>) -> String {
    let said = said.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let is_said = |known: &&str| said.iter().take(20).any(|one| one == *known);
    TRANSPORTS.into_iter().filter(is_said).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used() -> Value {
        json!({
            "id": "AQID", "rawId": "AQID", "type": "public-key", "authenticatorAttachment": "platform",
            "clientExtensionResults": {"credProps": {"rk": true}},
            "response": {
                "clientDataJSON": "e30", "authenticatorData": "AAAA", "signature": "AAAA", "userHandle": "BBBB",
            },
        })
    }

    #[test]
    fn an_answer_is_read_and_handed_on_without_its_extensions() {
        let read = Assertion::read(&used()).unwrap();
        assert_eq!((read.credential_id().as_str(), read.user_handle.as_deref()), ("AQID", Some(&[4, 16, 65][..])));
        let library = read.for_library().unwrap();
        assert_eq!(
            (library.get_credential_id(), library.response.client_data_json.as_slice()),
            (&[1, 2, 3][..], &b"{}"[..])
        );
        let mut without = used();
        without["response"]["userHandle"] = Value::Null;
        assert!(Assertion::read(&without).unwrap().user_handle.is_none());
    }

    #[test]
    fn each_part_must_be_there_in_its_shape_and_size() {
        let bad = [Value::Null, json!(1), json!([]), json!({}), json!(""), json!("A"), json!("AQ=="), json!("A+/A")];
        for value in bad.iter().chain(&[json!("A".repeat(60_000))]) {
            for member in ["id", "rawId", "type", "response"] {
                let mut answer = used();
                answer[member] = value.clone();
                assert!(Assertion::read(&answer).is_none(), "{member}: {value:.40}");
            }
        }
        for member in ["clientDataJSON", "authenticatorData", "signature"] {
            for value in [Value::Null, json!(1), json!([]), json!("A"), json!("AQ=="), json!("A".repeat(60_000))] {
                let mut answer = used();
                answer["response"][member] = value.clone();
                assert!(Assertion::read(&answer).is_none(), "{member}: {value:.40}");
            }
        }
        let mut answer = used();
        answer["response"]["userHandle"] = json!("A".repeat(100));
        assert!(Assertion::read(&answer).is_none());
    }

    #[test]
    fn ways_that_are_not_known_are_forgotten() {
        assert_eq!(transports(Some(&json!(["internal", "telepathy", 1, "hybrid"]))), "hybrid internal");
        assert_eq!(transports(Some(&json!("usb"))), "");
        assert_eq!(transports(None), "");
    }
}
