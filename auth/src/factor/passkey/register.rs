//! A new passkey, verified (WebAuthn Level 3, 7.1). What the library does not look at is looked at here first.

use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;
use webauthn_rs::prelude::PasskeyRegistration;

use super::answer::{Registration, base64url};
use super::authenticator_data::AuthenticatorData;
use super::authenticators::model_name;
use super::client_data::Expected;
use super::options::ALGORITHMS;
use super::refused;
use super::relying_party::RelyingParty;
use crate::text::text;
use crate::{Locale, Result, TokenName};

/// A passkey that nobody has yet, as the store keeps it.
#[derive(Serialize, Deserialize)]
pub(crate) struct FreshPasskey {
    /// In base64url.
    pub credential_id: String,
    /// The public key and its counter, as the library writes it.
    pub credential: String,
    /// The model of the authenticator, as a UUID.
    pub aaguid: String,
    /// Ways to it, separated by blanks.
    pub transports: String,
    /// Whether it may leave its device.
    pub is_synced: bool,
}

impl FreshPasskey {
    /// What it is called until its owner calls it something else: as its authenticator.
    pub fn name(&self, locale: Locale) -> TokenName {
        TokenName::from(model_name(&self.aaguid).map_or_else(|| text(locale, "passkey_name.unknown"), str::to_owned))
    }
}

/// Verifies the answer to a challenge.
///
/// # Errors
/// [`crate::ErrorCode::PasskeyRefused`], whatever is wrong.
pub(super) fn register(party: &RelyingParty, challenge: &str, credential: &serde_json::Value) -> Result<FreshPasskey> {
    let Some(answer) = Registration::read(credential) else { return refused("it is no new passkey") };
    let expected = Expected { kind: "webauthn.create", challenge, origin: &party.origin };
    if let Some(fault) = expected.fault(&answer.client_data) {
        return refused(fault);
    }
    let Some(data) = AuthenticatorData::of_attestation(&answer.attestation_object) else {
        return refused("it has no attestation that is read here");
    };
    if let Some(fault) = data.fault(&party.id) {
        return refused(fault);
    }
    let Some(attested) = data.attested.as_ref().filter(|attested| attested.credential_id == answer.id) else {
        return refused("it is not the passkey that was attested");
    };
    let state: PasskeyRegistration = serde_json::from_value(json!({"rs": {
        "policy": "required",
        "exclude_credentials": [],
        "challenge": challenge,
        "credential_algorithms": ALGORITHMS.map(|(name, _)| name),
        "require_resident_key": true,
        "authenticator_attachment": null,
        "extensions": {},
        "allow_synchronised_authenticators": true,
    }}))
    .map_err(anyhow::Error::from)?;
    let Some(for_library) = answer.for_library() else { return refused("the library cannot read it") };
    let passkey = match party.webauthn.finish_passkey_registration(&for_library, &state) {
        Ok(passkey) => passkey,
        Err(error) => return refused(&error.to_string()),
    };
    Ok(FreshPasskey {
        credential_id: base64url(attested.credential_id),
        credential: serde_json::to_string(&passkey).map_err(anyhow::Error::from)?,
        aaguid: Uuid::from_bytes(attested.aaguid).to_string(),
        transports: answer.transports,
        is_synced: data.is_backup_eligible(),
    })
}
