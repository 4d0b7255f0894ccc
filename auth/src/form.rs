//! What people and programs send, as plain text, and how it becomes something that can exist.
//!
//! Pages, REST and the browser parse with the same code: a form that passes here passes everywhere.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::{Email, ErrorCode, Field, FieldIssue, NewPassword, PersonName, Refusal, VerificationCode, password};

mod account;
#[cfg(feature = "engine")]
mod administration;
#[cfg(feature = "engine")]
mod audit;
#[cfg(feature = "engine")]
mod bulk;
mod codes;
#[cfg(feature = "engine")]
mod day;
#[cfg(feature = "engine")]
mod document;
#[cfg(feature = "engine")]
mod document_list;
mod federation;
#[cfg(feature = "engine")]
mod fresh_proof;
mod invitation;
#[cfg(feature = "engine")]
mod native_federation;
mod new_password;
mod organization;
mod own_account;
#[cfg(feature = "engine")]
mod passkey;
mod personal_token;
mod policies;
mod recovery;
#[cfg(feature = "engine")]
mod second_factor;
mod totp;
mod webhook;

pub use account::{ActivityForm, NameForm};
#[cfg(feature = "engine")]
pub use account::{ProfileChange, ProfileForm, TimeZoneForm};
#[cfg(feature = "engine")]
pub use administration::{Suspending, SuspensionForm, UserFilter, UserFilterForm};
#[cfg(feature = "engine")]
pub use audit::{AuditFilter, AuditForm, AuditFormat, AuditKinds, AuditPlace, AuditWho};
#[cfg(feature = "engine")]
pub use bulk::{BulkForm, BulkWanted, BulkWhom, MOST_AT_ONCE};
pub use codes::{PhoneNumberForm, SentCodeForm};
#[cfg(feature = "engine")]
pub use document::{
    DocumentChange, DocumentChangeForm, DocumentOwnerForm, DocumentStateForm, NewDocument, NewDocumentForm,
    SensitivityForm,
};
#[cfg(feature = "engine")]
pub use document_list::{DocumentListForm, MINE, WantedDocuments};
pub use federation::{FederatedSignUp, FederatedSignUpForm};
#[cfg(feature = "engine")]
pub use fresh_proof::FreshProofForm;
pub use invitation::{
    AcceptInvitationForm, DomainForm, FactorRuleForm, InvitationForm, InvitationProof, JoinRuleForm, WantedInvitation,
};
#[cfg(feature = "engine")]
pub use native_federation::{FinishProviderForm, ProviderSignUpForm, StartProviderForm};
pub use new_password::{
    ChangePasswordForm, ForgotPasswordForm, MailedProof, NewPasswordForm, PasswordChange, PasswordReset,
    ResetByCodeForm, ResetPasswordForm,
};
pub use organization::{
    DepartmentChange, MemberChange, MemberForm, NewRole, OrganizationForm, RenameForm, Renaming, RoleChange,
    RoleChangeForm, RoleForm, WantedSlug, role,
};
pub use own_account::{ConfirmEmailForm, ConfirmedBy, EmailChangeForm, ExportFormat, LinkForm, ReauthenticateForm};
#[cfg(feature = "engine")]
pub use passkey::{NewPasskeyAccount, PasskeyForm, PasskeyNameForm, PasskeySignUpForm, PasskeySignUpStart};
pub use personal_token::{DEFAULT_DAYS, NO_END, NewToken, OFFERED_DAYS, TokenForm, WantedEnd};
pub use policies::{
    AuthorizeForm, DocumentLike, NewPolicies, NewPolicyCase, PoliciesForm, PolicyCaseForm, PolicyQuestion, WhoCanForm,
};
pub use recovery::CompleteRecoveryForm;
#[cfg(feature = "engine")]
pub use second_factor::{SecondFactorForm, SendCodeForm, TicketForm};
pub use totp::ConfirmTotpForm;
pub use webhook::{NewWebhookForm, WebhookChangeForm};

/// The sign-up form as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignUpForm {
    /// The address to prove.
    #[serde(default)]
    pub email: String,
    /// The wanted password.
    #[serde(default)]
    pub password: SecretString,
    /// What the person wants to be called.
    #[serde(default)]
    pub name: String,
}

/// A sign-up that keeps every rule the browser can check.
pub struct NewAccount {
    /// The address to prove.
    pub email: Email,
    /// The password; whether it is common is decided by the engine.
    pub password: NewPassword,
    /// What the person wants to be called.
    pub name: PersonName,
}

impl SignUpForm {
    /// Parses all fields.
    ///
    /// # Errors
    /// One [`Refusal`] that names every field at fault.
    pub fn parse(&self) -> Result<NewAccount, Refusal> {
        let email = Email::parse(&self.email);
        let name = PersonName::parse(&self.name);
        // Parsed and so bounded: 64 KiB of name would be compared word by word.
        let known = (email.as_ref().map_or("", Email::as_str), name.as_ref().map_or("", PersonName::as_str));
        let password = NewPassword::parse(self.password.expose_secret(), known.0, known.1);
        match (email, password, name) {
            (Ok(email), Ok(password), Ok(name)) => Ok(NewAccount { email, password, name }),
            (email, password, name) => Err(refusal([
                (Field::Name, name.err()),
                (Field::Email, email.err()),
                (Field::Password, password.err()),
            ])),
        }
    }
}

/// The sign-in form as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInForm {
    /// The address.
    #[serde(default)]
    pub email: String,
    /// The password.
    #[serde(default)]
    pub password: SecretString,
}

/// An address and a password that may belong together.
pub struct Credentials {
    /// The address.
    pub email: Email,
    /// The password as typed.
    pub password: SecretString,
}

impl SignInForm {
    /// Parses both fields. A password is not held to the rule for new ones: it may be older.
    ///
    /// # Errors
    /// One [`Refusal`] that names every field at fault.
    pub fn parse(self) -> Result<Credentials, Refusal> {
        let length = self.password.expose_secret().chars().count();
        let issue = match length {
            0 => Some(FieldIssue::Required),
            1..=password::MAX_LENGTH => None,
            _ => Some(FieldIssue::TooLong),
        };
        match (Email::parse(&self.email), issue) {
            (Ok(email), None) => Ok(Credentials { email, password: self.password }),
            (email, password) => Err(refusal([(Field::Email, email.err()), (Field::Password, password)])),
        }
    }
}

/// Which sign-up a code is of.
pub enum SignUpOf {
    /// The newest of this address.
    Email(Email),
    /// The one of this ticket.
    Ticket(SecretString),
}

/// The verification of an address with a typed code, as sent by a program.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VerifyEmailForm {
    /// The address to prove.
    #[serde(default)]
    pub email: String,
    /// Instead of it, the ticket of a sign-up with a passkey: the code alone does not say whose passkey it was.
    #[serde(default)]
    pub ticket: SecretString,
    /// The code from the mail.
    #[serde(default)]
    pub code: String,
}

impl VerifyEmailForm {
    /// Parses the code, and the address or the ticket.
    ///
    /// # Errors
    /// One [`Refusal`] that names every field at fault; [`ErrorCode::MalformedRequest`] for an address and a ticket at
    /// once: they may be of two sign-ups.
    pub fn parse(self) -> Result<(SignUpOf, VerificationCode), Refusal> {
        let code = VerificationCode::parse(&self.code);
        if !self.ticket.expose_secret().is_empty() {
            if !self.email.is_empty() {
                return Err(ErrorCode::MalformedRequest.into());
            }
            let code = code.map_err(|issue| refusal([(Field::Code, Some(issue))]))?;
            return Ok((SignUpOf::Ticket(self.ticket), code));
        }
        match (Email::parse(&self.email), code) {
            (Ok(email), Ok(code)) => Ok((SignUpOf::Email(email), code)),
            (email, code) => Err(refusal([(Field::Email, email.err()), (Field::Code, code.err())])),
        }
    }
}

fn refusal<const N: usize>(fields: [(Field, Option<FieldIssue>); N]) -> Refusal {
    Refusal::invalid(fields.into_iter().filter_map(|(field, issue)| Some((field, issue?))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_at_fault_is_named_at_once() {
        let form = SignUpForm { email: "x".into(), password: "short".into(), name: String::new() };
        let refusal = form.parse().err().unwrap();
        assert_eq!(refusal.issue(Field::Email), Some(FieldIssue::InvalidEmail));
        assert_eq!(refusal.issue(Field::Password), Some(FieldIssue::TooShort));
        assert_eq!(refusal.issue(Field::Name), Some(FieldIssue::Required));
    }

    #[test]
    fn an_older_shorter_password_may_still_sign_in() {
        let form = |password: &str| SignInForm { email: "a@b.co".into(), password: password.into() };
        assert!(form("older").parse().is_ok());
        let refusal = form(&"x".repeat(257)).parse().err().unwrap();
        assert_eq!(refusal.issue(Field::Password), Some(FieldIssue::TooLong));
    }
}
