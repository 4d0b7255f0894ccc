//! What somebody sends who recovers their account by mail.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::refusal;
use crate::{Field, FieldIssue, Refusal, password};

/// The end of a recovery, as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompleteRecoveryForm {
    /// The token of the mailed link.
    #[serde(default)]
    pub token: SecretString,
    /// The password; empty for an account without one.
    #[serde(default)]
    pub password: SecretString,
}

impl CompleteRecoveryForm {
    /// Gives token and password. Whether there must be one is known by the account.
    ///
    /// # Errors
    /// One [`Refusal`] that names every field at fault.
    pub fn parse(self) -> Result<(SecretString, SecretString), Refusal> {
        let token = self.token.expose_secret().is_empty().then_some(FieldIssue::Required);
        let is_long = self.password.expose_secret().chars().count() > password::MAX_LENGTH;
        let password = is_long.then_some(FieldIssue::TooLong);
        if token.is_some() || password.is_some() {
            return Err(refusal([(Field::Token, token), (Field::Password, password)]));
        }
        Ok((self.token, self.password))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_may_be_missing_and_a_token_may_not() {
        let form = |token: &str, password: &str| {
            CompleteRecoveryForm { token: token.into(), password: password.into() }.parse()
        };
        assert!(form("t", "").is_ok() && form("t", "older").is_ok());
        assert_eq!(
            form("", &"x".repeat(257)).err().unwrap().fields,
            [(Field::Token, FieldIssue::Required), (Field::Password, FieldIssue::TooLong)]
        );
    }
}
