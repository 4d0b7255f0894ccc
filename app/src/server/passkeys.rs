//! What forms and cookies carry of passkeys.

use auth::flow::UnknownPasskey;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use secrecy::ExposeSecret;
use serde_json::Value;

use super::{UNKNOWN_PASSKEY_COOKIE, clear_cookie, cookie, set_cookie};

/// The answer of a browser as a form brings it; what is no JSON is none.
pub fn passkey_credential(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_default()
}

/// Keeps a passkey that nobody has for the page that the refused form leads to.
pub fn keep_unknown_passkey(unknown: &UnknownPasskey) {
    let json = serde_json::json!([unknown.rp_id, unknown.credential_id]).to_string();
    set_cookie(UNKNOWN_PASSKEY_COOKIE, &BASE64_URL_SAFE_NO_PAD.encode(json), 120);
}

/// What the keeper of passkeys is told of it, once: the name of the signal, and its details in JSON.
pub fn take_unknown_passkey() -> Option<(String, String)> {
    let kept = cookie(UNKNOWN_PASSKEY_COOKIE)?;
    clear_cookie(UNKNOWN_PASSKEY_COOKIE);
    let json = BASE64_URL_SAFE_NO_PAD.decode(kept.expose_secret()).ok()?;
    let (rp_id, credential_id): (String, String) = serde_json::from_slice(&json).ok()?;
    let details = serde_json::json!({"rpId": rp_id, "credentialId": credential_id});
    Some(("signalUnknownCredential".to_owned(), details.to_string()))
}
