//! What a browser is asked, as `PublicKeyCredential.parseCreationOptionsFromJSON` and `parseRequestOptionsFromJSON`
//! read it (WebAuthn Level 3, 5.1.8 and 5.1.9).

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use uuid::Uuid;

use super::relying_party::{NAME, RelyingParty};
use crate::id::UserId;
use crate::store::PasskeyRow;
use crate::{Email, PersonName};

/// Milliseconds that a browser waits: the life of a challenge.
const TIMEOUT: i64 = 5 * 60 * 1000;

/// The algorithms of keys: by the names of the library, and of COSE (RFC 9053, 2.1; RFC 8812, 2). Every authenticator
/// knows one of them.
pub(super) const ALGORITHMS: [(&str, i64); 2] = [("ES256", -7), ("RS256", -257)];

/// A passkey that a browser may use, or must not make again.
pub(super) struct Known<'a> {
    pub credential_id: &'a str,
    /// Separated by blanks.
    pub transports: &'a str,
}

/// For whom a passkey is made.
pub(super) struct Person<'a> {
    pub id: &'a UserId,
    pub email: &'a Email,
    pub name: &'a PersonName,
}

impl RelyingParty {
    /// Asks for a new passkey that is found by the browser, after the person was verified. Attestation is not asked
    /// for: which authenticators somebody may use is not ours to say.
    pub(super) fn creation_options(&self, challenge: &str, person: &Person<'_>, known: &[Known<'_>]) -> Value {
        let algorithms = ALGORITHMS.map(|(_, alg)| json!({"type": "public-key", "alg": alg}));
        json!({
            "rp": {"id": self.id, "name": NAME},
            "user": {
                "id": user_handle(person.id),
                "name": person.email.as_str(),
                "displayName": person.name.as_str(),
            },
            "challenge": challenge,
            "pubKeyCredParams": algorithms,
            "timeout": TIMEOUT,
            "excludeCredentials": descriptors(known),
            "authenticatorSelection": {
                "residentKey": "required",
                "requireResidentKey": true,
                "userVerification": "required",
            },
            "attestation": "none",
            "extensions": {"credProps": true},
        })
    }

    /// Asks for a passkey of these; for any that the browser finds when there are none.
    pub(super) fn request_options(&self, challenge: &str, known: &[Known<'_>]) -> Value {
        json!({
            "challenge": challenge,
            "timeout": TIMEOUT,
            "rpId": self.id,
            "allowCredentials": descriptors(known),
            "userVerification": "required",
        })
    }
}

impl PasskeyRow {
    /// As a browser is told of it.
    pub(super) fn known(&self) -> Known<'_> {
        Known { credential_id: &self.credential_id, transports: &self.transports }
    }
}

/// By what authenticators know an account: the sixteen bytes of its id, in base64url.
pub(crate) fn user_handle(id: &UserId) -> String {
    let uuid = Uuid::try_parse(id.as_str()).unwrap_or_default();
    BASE64_URL_SAFE_NO_PAD.encode(uuid.as_bytes())
}

fn descriptors(known: &[Known<'_>]) -> Vec<Value> {
    let one = |known: &Known<'_>| {
        let mut descriptor = json!({"type": "public-key", "id": known.credential_id});
        let transports: Vec<&str> = known.transports.split_ascii_whitespace().collect();
        // Without any, a browser looks everywhere.
        if !transports.is_empty() {
            descriptor["transports"] = transports.into();
        }
        descriptor
    };
    known.iter().map(one).collect()
}
