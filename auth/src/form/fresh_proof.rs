//! What somebody sends to prove themselves once more: the password, a code, or the answer of a passkey.

use secrecy::SecretString;
use serde::Deserialize;

use super::ReauthenticateForm;
use crate::factor::FactorProof;
use crate::flow::FreshProof;
use crate::{ErrorCode, FactorMethod, Refusal};

/// A fresh proof of the signed-in person, as sent. One of three: `current_password`; `method` and `code`; `method` of a
/// passkey with `ceremony` and `credential`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FreshProofForm {
    /// The password of today.
    pub current_password: Option<SecretString>,
    /// The kind of factor.
    pub method: Option<String>,
    /// Its code.
    pub code: Option<String>,
    /// The ticket of a passkey's challenge.
    pub ceremony: Option<SecretString>,
    /// What the passkey answered: `PublicKeyCredential.toJSON()` (WebAuthn Level 3, 5.1).
    pub credential: Option<serde_json::Value>,
}

impl FreshProofForm {
    /// Reads the proof. The factor is not looked up: what the account has is the business of the flow.
    ///
    /// # Errors
    /// A [`Refusal`] that names the field, or that of [`FactorProof::parse`]; [`ErrorCode::MalformedRequest`] for what
    /// belongs to two shapes at once.
    pub fn parse(self) -> Result<FreshProof, Refusal> {
        let Self { current_password, method, code, ceremony, credential } = self;
        if method.is_none() && code.is_none() && ceremony.is_none() && credential.is_none() {
            let form = ReauthenticateForm { current_password: current_password.unwrap_or_default() };
            return form.parse().map(FreshProof::Password);
        }
        let method = method.unwrap_or_default();
        let is_passkey = FactorMethod::parse(&method) == Some(FactorMethod::Passkey);
        let is_other = if is_passkey { code.is_some() } else { ceremony.is_some() || credential.is_some() };
        if current_password.is_some() || is_other {
            return Err(ErrorCode::MalformedRequest.into());
        }
        let (code, ceremony) = (code.unwrap_or_default(), ceremony.unwrap_or_default());
        FactorProof::parse(&method, &code, ceremony, credential).map(FreshProof::Factor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Field, FieldIssue};

    fn parsed(json: &str) -> Result<FreshProof, Refusal> {
        serde_json::from_str::<FreshProofForm>(json).unwrap().parse()
    }

    #[test]
    fn there_are_three_shapes() {
        assert!(matches!(parsed(r#"{"current_password":"x"}"#), Ok(FreshProof::Password(_))));
        let code = parsed(r#"{"method":"totp","code":"123 456"}"#);
        assert!(matches!(code, Ok(FreshProof::Factor(FactorProof::Code { method: FactorMethod::Totp, .. }))));
        let passkey = parsed(r#"{"method":"passkey","ceremony":"t","credential":{}}"#);
        assert!(matches!(passkey, Ok(FreshProof::Factor(FactorProof::Passkey(_)))));
    }

    #[test]
    fn what_is_missing_is_named_and_what_is_mixed_is_refused() {
        assert_eq!(parsed("{}").err().unwrap().issue(Field::CurrentPassword), Some(FieldIssue::Required));
        for empty in [r#"{"method":"totp"}"#, r#"{"method":"totp","code":null}"#, r#"{"method":"totp","code":""}"#] {
            assert_eq!(parsed(empty).err().unwrap().issue(Field::Code), Some(FieldIssue::Required), "{empty}");
        }
        for mixed in [
            r#"{"ceremony":"t","credential":{}}"#,
            r#"{"current_password":"x","code":"123456"}"#,
            r#"{"current_password":"x","method":"totp","code":"123456"}"#,
            r#"{"method":"totp","code":"123456","ceremony":"t"}"#,
            r#"{"method":"totp","code":"123456","credential":{}}"#,
            r#"{"method":"passkey","code":"123456"}"#,
            r#"{"method":"passkey","ceremony":"t","credential":{},"code":"123456"}"#,
        ] {
            assert_eq!(parsed(mixed).err().unwrap().code, ErrorCode::MalformedRequest, "{mixed}");
        }
        let missing = parsed(r#"{"code":"123456"}"#).err().unwrap();
        assert_eq!(missing.issue(Field::Method), Some(FieldIssue::Required));
        let unknown = parsed(r#"{"method":"TOTP","code":"123456"}"#).err().unwrap();
        assert_eq!(unknown.issue(Field::Method), Some(FieldIssue::Unknown));
        for unreadable in [r#"{"method":["totp"]}"#, r#"{"code":123456}"#, r#"{"password":"x"}"#, "[]"] {
            assert!(serde_json::from_str::<FreshProofForm>(unreadable).is_err(), "{unreadable}");
        }
    }
}
