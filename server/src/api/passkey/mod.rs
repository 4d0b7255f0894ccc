//! Passkeys over REST (WebAuthn Level 3). A question is what `PublicKeyCredential.parseCreationOptionsFromJSON` and
//! `parseRequestOptionsFromJSON` read; an answer is what `toJSON()` gives.

use auth::factor::PasskeyRequest;
use secrecy::ExposeSecret;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

pub mod add;
pub mod list;
pub mod options;
pub mod remove;
pub mod rename;
pub mod sign_in;
pub mod sign_in_options;
pub mod sign_up;
pub mod sign_up_options;

/// What a browser is to be asked. No `Debug`: the ticket is a secret until it is used.
#[derive(Serialize, ToSchema)]
pub struct PasskeyOptions {
    /// The ticket to send back with the answer: once, within five minutes.
    ceremony: String,
    /// Options in JSON, for `parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON`.
    #[schema(value_type = Object)]
    options: Value,
}

impl From<PasskeyRequest> for PasskeyOptions {
    fn from(request: PasskeyRequest) -> Self {
        Self { ceremony: request.ceremony.expose_secret().to_owned(), options: request.options }
    }
}

/// An answer of a passkey.
#[derive(ToSchema)]
#[schema(as = PasskeyAnswer)]
#[expect(dead_code, reason = "the shape of `auth::form::PasskeyForm` for the document")]
pub struct PasskeyAnswerShape {
    /// The ticket of the question.
    ceremony: String,
    /// What `PublicKeyCredential.toJSON()` gives.
    #[schema(value_type = Object)]
    credential: Value,
}

/// A passkey. Moments are milliseconds since 1970.
#[derive(ToSchema)]
#[schema(as = PasskeyItem)]
#[expect(dead_code, reason = "the shape of `auth::view::PasskeyItem` for the document")]
pub struct PasskeyItemShape {
    /// Its id.
    id: String,
    /// Its id in the authenticator, in base64url.
    credential_id: String,
    /// What its owner calls it.
    #[schema(example = "iCloud Keychain")]
    name: String,
    /// What made it; null when that is not known. Nobody proves it.
    authenticator: Option<String>,
    /// When it was made.
    created_at: i64,
    /// When it was last used; null: never.
    last_used_at: Option<i64>,
    /// Whether it may leave its device.
    is_synced: bool,
    /// When its counter last did not go on: a copy may exist.
    counter_regressed_at: Option<i64>,
}
