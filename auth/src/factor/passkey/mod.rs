//! Passkeys (WebAuthn Level 3) with `webauthn-rs`: as a second factor, as a fresh proof, and as the whole sign-in.
//!
//! The library verifies signatures and repeats every check. Checked here before it: one exact origin, no frames of
//! other pages, a verified person, sizes and shapes of everything that is sent, and that each challenge works once. An
//! answer that is not accepted is refused in one way, whatever is wrong with it; the log says why.

mod answer;
mod assert;
mod authenticator_data;
mod authenticators;
mod cbor;
mod ceremony;
mod client_data;
mod counter;
#[cfg(fuzzing)]
pub mod fuzzed;
mod options;
mod proof;
mod register;
mod relying_party;
mod sign_in;
mod sign_up;
mod yours;

use secrecy::SecretString;
use serde_json::Value;

use crate::engine::Engine;
use crate::{ErrorCode, Result};

pub(crate) use authenticators::model_name;
pub(crate) use options::user_handle;
pub use proof::ProvedPasskey;
pub(crate) use proof::{begin_passkey_proof, note_passkey_use, verify_passkey_proof};
pub(crate) use register::FreshPasskey;
pub use relying_party::RelyingParty;
pub(crate) use sign_in::{Found, begin_sign_in, find};
pub(crate) use sign_up::{begin_sign_up, finish_sign_up};
pub(crate) use yours::{begin_new_passkey, finish_new_passkey};

/// What a browser is to be asked, and the ticket to send back with its answer.
pub struct PasskeyRequest {
    /// The ticket: good for five minutes, once, and in the hands of whoever asked.
    pub ceremony: SecretString,
    /// For `PublicKeyCredential.parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON`.
    pub options: Value,
}

/// The answer of a browser. Nothing of it is believed before it is verified.
pub struct PasskeyAnswer {
    /// The ticket of the question.
    pub ceremony: SecretString,
    /// What `PublicKeyCredential.toJSON()` gives.
    pub credential: Value,
}

impl Engine {
    /// Who asks for passkeys.
    ///
    /// # Errors
    /// [`ErrorCode::FactorUnavailable`] where the public URL has an address instead of a name.
    pub(crate) fn relying_party(&self) -> Result<&RelyingParty> {
        Ok(self.relying_party.as_ref().ok_or(ErrorCode::FactorUnavailable)?)
    }
}

/// Refuses an answer. Why is for the log: whoever sent it learns nothing from it.
fn refused<T>(why: &str) -> Result<T> {
    tracing::info!(why, "the answer of a passkey was refused");
    Err(ErrorCode::PasskeyRefused.into())
}
