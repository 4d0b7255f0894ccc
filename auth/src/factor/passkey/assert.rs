//! A passkey that was used, verified (WebAuthn Level 3, 7.2). Whose it is, its caller knows.

use serde_json::json;
use webauthn_rs::prelude::{DiscoverableAuthentication, Passkey, WebauthnError};

use super::answer::Assertion;
use super::authenticator_data::AuthenticatorData;
use super::client_data::Expected;
use super::refused;
use super::relying_party::RelyingParty;
use crate::Result;

/// What a good signature says.
pub(super) enum Asserted {
    /// The passkey as it is to be stored from now on.
    Good { credential: String },
    /// Its counter did not go on: a copy of the passkey may exist (6.1.1).
    CounterRegressed,
}

/// What can be said of an answer without knowing the passkey.
///
/// # Errors
/// [`crate::ErrorCode::PasskeyRefused`], whatever is wrong.
pub(super) fn check(party: &RelyingParty, challenge: &str, answer: &Assertion) -> Result<()> {
    let expected = Expected { kind: "webauthn.get", challenge, origin: &party.origin };
    if let Some(fault) = expected.fault(&answer.client_data) {
        return refused(fault);
    }
    let Some(data) = AuthenticatorData::read(&answer.authenticator_data) else {
        return refused("it has no data of an authenticator");
    };
    if data.attested.is_some() {
        return refused("it tells of a new passkey");
    }
    data.fault(&party.id).map_or(Ok(()), refused)
}

/// Verifies the signature with a stored passkey.
///
/// # Errors
/// [`crate::ErrorCode::PasskeyRefused`], whatever is wrong.
pub(super) fn verify(party: &RelyingParty, challenge: &str, answer: &Assertion, stored: &str) -> Result<Asserted> {
    check(party, challenge, answer)?;
    let mut passkey: Passkey = serde_json::from_str(stored).map_err(anyhow::Error::from)?;
    let state: DiscoverableAuthentication = serde_json::from_value(json!({"ast": {
        "credentials": [],
        "policy": "required",
        "challenge": challenge,
        "appid": null,
        "allow_backup_eligible_upgrade": false,
    }}))
    .map_err(anyhow::Error::from)?;
    let Some(for_library) = answer.for_library() else { return refused("the library cannot read it") };
    match party.webauthn.finish_discoverable_authentication_v2(&for_library, state, &passkey) {
        Ok(result) => {
            passkey.update_credential(&result);
            let credential = serde_json::to_string(&passkey).map_err(anyhow::Error::from)?;
            Ok(Asserted::Good { credential })
        }
        // The library compares the counters last, after the signature.
        Err(WebauthnError::CredentialPossibleCompromise) => Ok(Asserted::CounterRegressed),
        Err(error) => refused(&error.to_string()),
    }
}
