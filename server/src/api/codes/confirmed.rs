//! What a program hears when a number or mailbox has proved itself.

use auth::factor::RecoveryCodes;
use secrecy::ExposeSecret;
use serde::Serialize;
use utoipa::ToSchema;

/// The factor is on. No `Debug`: it may hold secrets.
#[derive(Serialize, ToSchema)]
pub struct CodesConfirmed {
    /// Ten recovery codes, this once, when it is the first factor; else null.
    recovery_codes: Option<Vec<String>>,
}

impl From<Option<RecoveryCodes>> for CodesConfirmed {
    fn from(made: Option<RecoveryCodes>) -> Self {
        let texts = |made: RecoveryCodes| made.codes().iter().map(|code| code.expose_secret().to_owned()).collect();
        Self { recovery_codes: made.map(texts) }
    }
}

/// What was sent.
#[derive(ToSchema)]
#[schema(as = SentCode)]
#[expect(dead_code, reason = "the shape of `auth::form::SentCodeForm` for the document")]
pub struct SentCodeShape {
    /// The code.
    #[schema(example = "12345678")]
    code: String,
}
