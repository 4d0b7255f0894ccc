//! What somebody gives to prove a factor, and where each kind is judged.

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::sent_code::DIGITS as SENT_DIGITS;
use super::{Bound, FactorMethod, TypedCode};
use crate::store::{Transaction, UserRow};
use crate::{Auth, Context, ErrorCode, Field, FieldIssue, Refusal, Result};

pub(crate) use super::passkey::{
    PasskeyAnswer, PasskeyRequest, begin_passkey_proof, note_passkey_use, verify_passkey_proof,
};
pub(crate) use super::recovery_codes::recovery_codes_left;
pub(crate) use super::sent_code::send_code;

/// Digits of a code of an authenticator app (RFC 6238).
const TOTP_DIGITS: usize = 6;

/// A proof of a factor. No `Debug`: a code is a secret until it is used.
pub enum FactorProof {
    /// A typed code.
    Code {
        /// The kind of factor it is of.
        method: FactorMethod,
        /// As it was typed.
        code: TypedCode,
    },
    /// The answer of a passkey.
    Passkey(PasskeyAnswer),
}

impl FactorProof {
    /// The kind of factor that it proves.
    pub fn method(&self) -> FactorMethod {
        match self {
            Self::Code { method, .. } => *method,
            Self::Passkey(_) => FactorMethod::Passkey,
        }
    }

    /// Reads what a form or a program sent: `method`, and with it a `code`, or the `ceremony` and the `credential` of
    /// a passkey (`PublicKeyCredential.toJSON()`).
    ///
    /// # Errors
    /// A [`Refusal`] that names [`Field::Method`] or [`Field::Code`]; [`ErrorCode::PasskeyRefused`] when a half of
    /// the answer of a passkey is missing.
    pub fn parse(
        method: &str,
        code: &str,
        ceremony: SecretString,
        credential: Option<Value>,
    ) -> std::result::Result<Self, Refusal> {
        let issue = if method.is_empty() { FieldIssue::Required } else { FieldIssue::Unknown };
        let of_method = || Refusal::invalid(vec![(Field::Method, issue)]);
        let method = FactorMethod::parse(method).ok_or_else(of_method)?;
        if method == FactorMethod::Passkey {
            return match credential {
                Some(credential) if credential.is_object() && !ceremony.expose_secret().is_empty() => {
                    Ok(Self::Passkey(PasskeyAnswer { ceremony, credential }))
                }
                _ => Err(ErrorCode::PasskeyRefused.into()),
            };
        }
        let of_code = |issue| Refusal::invalid(vec![(Field::Code, issue)]);
        let code = TypedCode::parse(code).map_err(of_code)?;
        let digits = match method {
            FactorMethod::Totp => Some(TOTP_DIGITS),
            FactorMethod::SmsCode | FactorMethod::EmailCode => Some(SENT_DIGITS),
            FactorMethod::RecoveryCode | FactorMethod::Passkey => None,
        };
        if digits.is_some_and(|digits| code.digits(digits).is_none()) {
            return Err(of_code(FieldIssue::InvalidCode));
        }
        Ok(Self::Code { method, code })
    }
}

/// Judges a typed code and consumes it as part of a transaction; `false` when it is wrong, too old or was used.
pub(crate) async fn consume_code(
    auth: &Auth,
    tx: &mut Transaction,
    user: &UserRow,
    bound: &Bound<'_>,
    (method, code): (FactorMethod, &TypedCode),
    context: &Context,
) -> Result<bool> {
    match method {
        FactorMethod::Totp => super::totp::consume_totp(auth, tx, user, code).await,
        FactorMethod::SmsCode | FactorMethod::EmailCode => {
            super::sent_code::consume_sent_code(auth, tx, user, method, bound, code).await
        }
        FactorMethod::RecoveryCode => super::recovery_codes::consume_recovery_code(auth, tx, user, code, context).await,
        FactorMethod::Passkey => Ok(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(method: &str, code: &str) -> Refusal {
        FactorProof::parse(method, code, SecretString::from(""), None).err().unwrap()
    }

    #[test]
    fn what_is_no_code_of_its_kind_is_refused_before_it_costs_a_try() {
        for (code, issue) in [
            ("", FieldIssue::Required),
            ("12345", FieldIssue::InvalidCode),
            ("1234567", FieldIssue::InvalidCode),
            ("１２３４５６", FieldIssue::InvalidCode),
            ("-123456", FieldIssue::InvalidCode),
            ("abcdef", FieldIssue::InvalidCode),
        ] {
            assert_eq!(refused("totp", code).issue(Field::Code), Some(issue), "{code:?}");
        }
        let proof = FactorProof::parse("totp", "123 456", SecretString::from(""), None).ok().unwrap();
        assert_eq!(proof.method(), FactorMethod::Totp);
    }

    #[test]
    fn a_kind_must_be_named_and_known() {
        assert_eq!(refused("", "123456").issue(Field::Method), Some(FieldIssue::Required));
        for unknown in ["TOTP", "pwd", "totp\0"] {
            assert_eq!(refused(unknown, "123456").issue(Field::Method), Some(FieldIssue::Unknown), "{unknown:?}");
        }
    }

    #[test]
    fn half_an_answer_of_a_passkey_is_none() {
        assert_eq!(refused("passkey", "123456").code, ErrorCode::PasskeyRefused);
        let array = FactorProof::parse("passkey", "", SecretString::from("c"), Some(serde_json::json!([])));
        assert_eq!(array.err().unwrap().code, ErrorCode::PasskeyRefused);
        let whole = FactorProof::parse("passkey", "", SecretString::from("c"), Some(serde_json::json!({})));
        assert_eq!(whole.ok().unwrap().method(), FactorMethod::Passkey);
    }
}
