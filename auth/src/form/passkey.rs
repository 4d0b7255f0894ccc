//! What programs and pages send about passkeys.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;

use super::refusal;
use crate::factor::PasskeyAnswer;
use crate::{Email, Field, FieldIssue, PersonName, Refusal, TokenName};

/// The answer of a passkey as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasskeyForm {
    /// The ticket of the question.
    #[serde(default)]
    pub ceremony: SecretString,
    /// What `PublicKeyCredential.toJSON()` gives.
    #[serde(default)]
    pub credential: Value,
    /// What a new passkey is called; as its authenticator when nothing is said.
    #[serde(default)]
    pub name: Option<String>,
}

/// Another name for a passkey as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasskeyNameForm {
    /// What its owner calls it.
    #[serde(default)]
    pub name: String,
}

/// Whom a passkey is to be made for who has no account, as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasskeySignUpStart {
    /// The address to prove.
    #[serde(default)]
    pub email: String,
    /// What the person wants to be called.
    #[serde(default)]
    pub name: String,
}

/// The same with the passkey that was made.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasskeySignUpForm {
    /// The address to prove.
    #[serde(default)]
    pub email: String,
    /// What the person wants to be called.
    #[serde(default)]
    pub name: String,
    /// The ticket of the question.
    #[serde(default)]
    pub ceremony: SecretString,
    /// What `PublicKeyCredential.toJSON()` gives.
    #[serde(default)]
    pub credential: Value,
}

/// An account with a passkey and no password, to be made.
pub struct NewPasskeyAccount {
    /// The address to prove.
    pub email: Email,
    /// What the person wants to be called.
    pub name: PersonName,
}

impl PasskeyForm {
    /// Parses all fields. What the answer is worth is seen when its challenge was taken.
    ///
    /// # Errors
    /// One [`Refusal`] that names every field at fault.
    pub fn parse(self) -> Result<(PasskeyAnswer, Option<TokenName>), Refusal> {
        let name = self.name.as_deref().map(TokenName::parse).transpose();
        match (name, missing(&self.ceremony, &self.credential)) {
            (Ok(name), [None, None]) => {
                Ok((PasskeyAnswer { ceremony: self.ceremony, credential: self.credential }, name))
            }
            (name, [ceremony, credential]) => {
                Err(refusal([(Field::Name, name.err()), (Field::Ceremony, ceremony), (Field::Credential, credential)]))
            }
        }
    }
}

impl PasskeyNameForm {
    /// Parses the name.
    ///
    /// # Errors
    /// A [`Refusal`] that names the field.
    pub fn parse(&self) -> Result<TokenName, Refusal> {
        TokenName::parse(&self.name).map_err(|issue| refusal([(Field::Name, Some(issue))]))
    }
}

impl PasskeySignUpStart {
    /// Parses both fields.
    ///
    /// # Errors
    /// One [`Refusal`] that names every field at fault.
    pub fn parse(&self) -> Result<NewPasskeyAccount, Refusal> {
        match (PersonName::parse(&self.name), Email::parse(&self.email)) {
            (Ok(name), Ok(email)) => Ok(NewPasskeyAccount { email, name }),
            (name, email) => Err(refusal([(Field::Name, name.err()), (Field::Email, email.err())])),
        }
    }
}

impl PasskeySignUpForm {
    /// Parses all fields. What the answer is worth is seen when its challenge was taken.
    ///
    /// # Errors
    /// One [`Refusal`] that names every field at fault.
    pub fn parse(self) -> Result<(NewPasskeyAccount, PasskeyAnswer), Refusal> {
        let (name, email) = (PersonName::parse(&self.name), Email::parse(&self.email));
        match (name, email, missing(&self.ceremony, &self.credential)) {
            (Ok(name), Ok(email), [None, None]) => Ok((
                NewPasskeyAccount { email, name },
                PasskeyAnswer { ceremony: self.ceremony, credential: self.credential },
            )),
            (name, email, [ceremony, credential]) => Err(refusal([
                (Field::Name, name.err()),
                (Field::Email, email.err()),
                (Field::Ceremony, ceremony),
                (Field::Credential, credential),
            ])),
        }
    }
}

fn missing(ceremony: &SecretString, credential: &Value) -> [Option<FieldIssue>; 2] {
    let required = |is_missing: bool| is_missing.then_some(FieldIssue::Required);
    [required(ceremony.expose_secret().is_empty()), required(credential.is_null())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_at_fault_is_named_at_once() {
        let form: PasskeySignUpForm = serde_json::from_str("{}").unwrap();
        let refusal = form.parse().err().unwrap();
        for field in [Field::Name, Field::Email, Field::Ceremony, Field::Credential] {
            assert_eq!(refusal.issue(field), Some(FieldIssue::Required), "{field:?}");
        }
        let form: PasskeyForm = serde_json::from_str(r#"{"ceremony": "x", "credential": {}, "name": ""}"#).unwrap();
        assert_eq!(form.parse().err().unwrap().fields, [(Field::Name, FieldIssue::Required)]);
        let form: PasskeyForm = serde_json::from_str(r#"{"ceremony": "x", "credential": 1}"#).unwrap();
        assert!(form.parse().is_ok_and(|(_, name)| name.is_none()));
    }
}
