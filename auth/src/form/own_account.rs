//! What somebody sends about their address, their person and the end of their account.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::refusal;
use crate::{Email, ErrorCode, Field, FieldIssue, Refusal, VerificationCode, password};

/// Another address for the signed-in person, as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmailChangeForm {
    /// The wanted address.
    #[serde(default)]
    pub email: String,
}

impl EmailChangeForm {
    /// Parses the address.
    ///
    /// # Errors
    /// A [`Refusal`] that names the field.
    pub fn parse(&self) -> Result<Email, Refusal> {
        Email::parse(&self.email).map_err(|issue| refusal([(Field::Email, Some(issue))]))
    }
}

/// What was mailed to the new address, as sent: the token of the link or the code.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfirmEmailForm {
    /// The token of the link.
    #[serde(default)]
    pub token: SecretString,
    /// The code from the mail.
    #[serde(default)]
    pub code: String,
}

/// What proves a new address.
pub enum ConfirmedBy {
    /// The token of the link.
    Link(SecretString),
    /// The code.
    Code(VerificationCode),
}

impl ConfirmEmailForm {
    /// Parses it.
    ///
    /// # Errors
    /// A [`Refusal`] that names the field, or [`ErrorCode::MalformedRequest`] for both at once: they
    /// may be of two changes.
    pub fn parse(self) -> Result<ConfirmedBy, Refusal> {
        match (self.token.expose_secret().is_empty(), self.code.is_empty()) {
            (false, false) => Err(ErrorCode::MalformedRequest.into()),
            (false, true) => Ok(ConfirmedBy::Link(self.token)),
            (true, _) => match VerificationCode::parse(&self.code) {
                Ok(code) => Ok(ConfirmedBy::Code(code)),
                Err(issue) => Err(refusal([(Field::Code, Some(issue))])),
            },
        }
    }
}

/// The token of a mailed link, as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkForm {
    /// The token of the link.
    #[serde(default)]
    pub token: SecretString,
}

impl LinkForm {
    /// Gives the token.
    ///
    /// # Errors
    /// A [`Refusal`] that names the field when it is empty.
    pub fn parse(self) -> Result<SecretString, Refusal> {
        if self.token.expose_secret().is_empty() {
            return Err(refusal([(Field::Token, Some(FieldIssue::Required))]));
        }
        Ok(self.token)
    }
}

/// The password of the signed-in person once more, as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReauthenticateForm {
    /// The password of today.
    #[serde(default)]
    pub current_password: SecretString,
}

impl ReauthenticateForm {
    /// Gives the password. It is not held to the rule for new ones: it may be older.
    ///
    /// # Errors
    /// A [`Refusal`] that names the field.
    pub fn parse(self) -> Result<SecretString, Refusal> {
        let issue = match self.current_password.expose_secret().chars().count() {
            0 => FieldIssue::Required,
            1..=password::MAX_LENGTH => return Ok(self.current_password),
            _ => FieldIssue::TooLong,
        };
        Err(refusal([(Field::CurrentPassword, Some(issue))]))
    }
}

/// How somebody's data are handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// For programs.
    Json,
    /// For people.
    Html,
}

impl ExportFormat {
    /// The name in addresses and forms, and the ending of the file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Html => "html",
        }
    }

    /// The format of a name.
    ///
    /// # Errors
    /// A [`Refusal`] that names the field.
    pub fn parse(name: &str) -> Result<Self, Refusal> {
        let found = [Self::Json, Self::Html].into_iter().find(|format| format.as_str() == name);
        found.ok_or_else(|| refusal([(Field::Format, Some(FieldIssue::Unknown))]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_address_is_proved_by_link_or_code_and_not_by_both() {
        let form = |token: &str, code: &str| ConfirmEmailForm { token: token.into(), code: code.into() }.parse();
        assert!(matches!(form("t", ""), Ok(ConfirmedBy::Link(_))));
        assert!(matches!(form("", "123 456"), Ok(ConfirmedBy::Code(_))));
        assert_eq!(form("t", "123456").err().unwrap().code, ErrorCode::MalformedRequest);
        assert_eq!(form("", "").err().unwrap().issue(Field::Code), Some(FieldIssue::Required));
    }

    #[test]
    fn a_password_of_today_may_be_short_but_not_endless() {
        let form = |password: &str| ReauthenticateForm { current_password: password.into() }.parse();
        assert!(form("older").is_ok());
        assert_eq!(form("").err().unwrap().issue(Field::CurrentPassword), Some(FieldIssue::Required));
        assert_eq!(form(&"x".repeat(257)).err().unwrap().issue(Field::CurrentPassword), Some(FieldIssue::TooLong));
    }
}
