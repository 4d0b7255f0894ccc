//! The forms that lead to a new password.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::refusal;
use crate::{Email, ErrorCode, Field, FieldIssue, NewPassword, Refusal, VerificationCode, password};

/// The question for a new password as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForgotPasswordForm {
    /// The address of the account.
    #[serde(default)]
    pub email: String,
}

impl ForgotPasswordForm {
    /// Parses the address.
    ///
    /// # Errors
    /// A [`Refusal`] that names the field.
    pub fn parse(&self) -> Result<Email, Refusal> {
        Email::parse(&self.email).map_err(|issue| refusal([(Field::Email, Some(issue))]))
    }
}

/// A new password as sent by a program: with the token of the mailed link, or with the address and
/// the mailed code.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResetPasswordForm {
    /// The token of the link.
    #[serde(default)]
    pub token: SecretString,
    /// The address the mail went to.
    #[serde(default)]
    pub email: String,
    /// The code from the mail.
    #[serde(default)]
    pub code: String,
    /// The wanted password.
    #[serde(default)]
    pub new_password: SecretString,
}

/// What a program proves itself with, and the password it wants.
pub struct PasswordReset {
    /// The mailed link or code.
    pub proof: MailedProof,
    /// As typed; the engine knows the account and judges it again.
    pub new_password: SecretString,
}

/// What came by mail.
pub enum MailedProof {
    /// The token of the link.
    Link(SecretString),
    /// The code, with the address it was mailed to.
    Code(Email, VerificationCode),
}

impl ResetPasswordForm {
    /// Parses all fields.
    ///
    /// # Errors
    /// One [`Refusal`] that names every field at fault, or [`ErrorCode::MalformedRequest`] when both
    /// a link and a code are given: they may belong to two accounts.
    pub fn parse(self) -> Result<PasswordReset, Refusal> {
        let by_link = self.email.is_empty() && self.code.is_empty();
        if !by_link && !self.token.expose_secret().is_empty() {
            return Err(ErrorCode::MalformedRequest.into());
        }
        let issue = issue_of_new(&self.new_password);
        if by_link {
            let missing = self.token.expose_secret().is_empty().then_some(FieldIssue::Required);
            return match (missing, issue) {
                (None, None) => {
                    Ok(PasswordReset { proof: MailedProof::Link(self.token), new_password: self.new_password })
                }
                (token, password) => Err(refusal([(Field::Token, token), (Field::NewPassword, password)])),
            };
        }
        match (Email::parse(&self.email), VerificationCode::parse(&self.code), issue) {
            (Ok(email), Ok(code), None) => {
                Ok(PasswordReset { proof: MailedProof::Code(email, code), new_password: self.new_password })
            }
            (email, code, password) => {
                Err(refusal([(Field::Email, email.err()), (Field::Code, code.err()), (Field::NewPassword, password)]))
            }
        }
    }
}

/// A new password as typed behind the mailed link, whose token proves the rest.
pub struct NewPasswordForm {
    /// The wanted password.
    pub new_password: SecretString,
}

impl NewPasswordForm {
    /// Parses the password; the engine knows the account and judges it again.
    ///
    /// # Errors
    /// A [`Refusal`] that names the field.
    pub fn parse(self) -> Result<SecretString, Refusal> {
        match issue_of_new(&self.new_password) {
            None => Ok(self.new_password),
            issue => Err(refusal([(Field::NewPassword, issue)])),
        }
    }
}

/// A new password with the mailed code, as typed in the browser that asked.
pub struct ResetByCodeForm {
    /// The code from the mail.
    pub code: String,
    /// The wanted password.
    pub new_password: SecretString,
}

impl ResetByCodeForm {
    /// Parses both fields; the engine knows the account and judges the password again.
    ///
    /// # Errors
    /// One [`Refusal`] that names every field at fault.
    pub fn parse(self) -> Result<(VerificationCode, SecretString), Refusal> {
        match (VerificationCode::parse(&self.code), issue_of_new(&self.new_password)) {
            (Ok(code), None) => Ok((code, self.new_password)),
            (code, password) => Err(refusal([(Field::Code, code.err()), (Field::NewPassword, password)])),
        }
    }
}

/// The change of a password by somebody who is signed in, as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangePasswordForm {
    /// The password of today; empty for an account that has none.
    #[serde(default)]
    pub current_password: SecretString,
    /// The wanted password.
    #[serde(default)]
    pub new_password: SecretString,
    /// Whether all other devices are signed out.
    #[serde(default = "yes")]
    pub end_other_sessions: bool,
}

/// A change of password that keeps every rule that needs no account.
pub struct PasswordChange {
    /// The password of today as typed.
    pub current: SecretString,
    /// As typed; the engine knows the account and judges it again.
    pub new: SecretString,
    /// Whether all other devices are signed out.
    pub end_other_sessions: bool,
}

impl ChangePasswordForm {
    /// Parses both passwords. The current one is not held to the rule for new ones: it may be older.
    ///
    /// # Errors
    /// One [`Refusal`] that names every field at fault.
    pub fn parse(self) -> Result<PasswordChange, Refusal> {
        let length = self.current_password.expose_secret().chars().count();
        let current = (length > password::MAX_LENGTH).then_some(FieldIssue::TooLong);
        match (current, issue_of_new(&self.new_password)) {
            (None, None) => Ok(PasswordChange {
                current: self.current_password,
                new: self.new_password,
                end_other_sessions: self.end_other_sessions,
            }),
            (current, new) => Err(refusal([(Field::CurrentPassword, current), (Field::NewPassword, new)])),
        }
    }
}

fn yes() -> bool {
    true
}

/// What is wrong with a new password for everybody; about the person behind it the engine knows more.
fn issue_of_new(password: &SecretString) -> Option<FieldIssue> {
    NewPassword::parse(password.expose_secret(), "", "").err()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "trombone lamp yes please";

    fn reset(token: &str, email: &str, code: &str) -> Result<PasswordReset, Refusal> {
        let form = ResetPasswordForm {
            token: token.into(),
            email: email.into(),
            code: code.into(),
            new_password: GOOD.into(),
        };
        form.parse()
    }

    #[test]
    fn a_reset_is_proved_by_a_link_or_by_a_code() {
        assert!(matches!(reset("t", "", "").ok().unwrap().proof, MailedProof::Link(_)));
        assert!(matches!(reset("", "a@b.co", "123456").ok().unwrap().proof, MailedProof::Code(..)));
        assert_eq!(reset("t", "a@b.co", "").err().unwrap().code, ErrorCode::MalformedRequest);
        assert_eq!(reset("", "", "").err().unwrap().fields, [(Field::Token, FieldIssue::Required)]);
        assert_eq!(reset("", "a@b.co", "").err().unwrap().fields, [(Field::Code, FieldIssue::Required)]);
    }

    #[test]
    fn what_a_browser_sends_is_named_by_its_fields() {
        let typed =
            |code: &str, password: &str| ResetByCodeForm { code: code.into(), new_password: password.into() }.parse();
        assert!(typed("123 456", GOOD).is_ok());
        assert_eq!(
            typed("12", "short").err().unwrap().fields,
            [(Field::Code, FieldIssue::InvalidCode), (Field::NewPassword, FieldIssue::TooShort)]
        );
        let behind_link = |password: &str| NewPasswordForm { new_password: password.into() }.parse();
        assert!(behind_link(GOOD).is_ok());
        assert_eq!(behind_link("").err().unwrap().fields, [(Field::NewPassword, FieldIssue::Required)]);
    }

    #[test]
    fn an_account_without_a_password_has_no_current_one() {
        let change = |current: &str, new: &str| {
            let form = ChangePasswordForm {
                current_password: current.into(),
                new_password: new.into(),
                end_other_sessions: true,
            };
            form.parse()
        };
        assert!(change("", GOOD).is_ok());
        assert_eq!(
            change(&"x".repeat(257), "short").err().unwrap().fields,
            [(Field::CurrentPassword, FieldIssue::TooLong), (Field::NewPassword, FieldIssue::TooShort)]
        );
    }
}
