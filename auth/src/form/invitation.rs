//! What somebody sends who invites others into an organization, is invited, or looks after its mail domains and its rule
//! for second factors.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::{refusal, role};
use crate::organization::{Department, MailDomain, OrganizationRole};
use crate::{Email, ErrorCode, Field, FieldIssue, Refusal, VerificationCode};

/// An invitation that is wanted, as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InvitationForm {
    /// Who is invited.
    #[serde(default)]
    pub email: String,
    /// The name of a built-in role, else the id of one of the organization.
    #[serde(default)]
    pub role: String,
    /// Where in the organization; empty for nowhere.
    #[serde(default)]
    pub department: String,
}

/// An invitation that can be made.
pub struct WantedInvitation {
    /// Who is invited.
    pub email: Email,
    /// With which role. Whether a custom one is there is asked later.
    pub role: OrganizationRole,
    /// Where in the organization.
    pub department: Option<Department>,
}

impl InvitationForm {
    /// Parses all fields.
    ///
    /// # Errors
    /// One [`Refusal`] that names every field at fault.
    pub fn parse(&self) -> Result<WantedInvitation, Refusal> {
        match (Email::parse(&self.email), role(&self.role), Department::parse(&self.department)) {
            (Ok(email), Ok(role), Ok(department)) => Ok(WantedInvitation { email, role, department }),
            (email, role, department) => Err(refusal([
                (Field::Email, email.err()),
                (Field::Role, role.err()),
                (Field::Department, department.err()),
            ])),
        }
    }
}

/// What was mailed to whoever is invited, as sent: the token of the link, or the code.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcceptInvitationForm {
    /// The token of the link.
    #[serde(default)]
    pub token: SecretString,
    /// With a code: the organization; empty for whichever it is of.
    #[serde(default)]
    pub organization: String,
    /// The code from the mail.
    #[serde(default)]
    pub code: String,
}

/// What shows that somebody is invited.
pub enum InvitationProof {
    /// The token of the link.
    Link(SecretString),
    /// The code, typed by somebody who is signed in.
    Code {
        /// The id of the organization as it was sent; none for whichever it is of.
        organization: Option<String>,
        /// Six digits.
        code: VerificationCode,
    },
}

impl AcceptInvitationForm {
    /// Parses it.
    ///
    /// # Errors
    /// A [`Refusal`] that names the field, or [`ErrorCode::MalformedRequest`] for both at once: they may be of two
    /// invitations.
    pub fn parse(self) -> Result<InvitationProof, Refusal> {
        let has_code = !self.code.is_empty() || !self.organization.is_empty();
        match (self.token.expose_secret().is_empty(), has_code) {
            (false, true) => Err(ErrorCode::MalformedRequest.into()),
            (false, false) => Ok(InvitationProof::Link(self.token)),
            (true, false) => Err(refusal([(Field::Token, Some(FieldIssue::Required))])),
            (true, true) => match VerificationCode::parse(&self.code) {
                Ok(code) => {
                    let organization = Some(self.organization).filter(|id| !id.is_empty());
                    Ok(InvitationProof::Code { organization, code })
                }
                Err(issue) => Err(refusal([(Field::Code, Some(issue))])),
            },
        }
    }
}

/// A mail domain that is claimed, as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DomainForm {
    /// The part of addresses behind the `@`.
    #[serde(default)]
    pub domain: String,
}

impl DomainForm {
    /// Parses the domain.
    ///
    /// # Errors
    /// A [`Refusal`] that names the field.
    pub fn parse(&self) -> Result<MailDomain, Refusal> {
        MailDomain::parse(&self.domain).map_err(|issue| refusal([(Field::Domain, Some(issue))]))
    }
}

/// Whether people of a domain join by themselves, as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JoinRuleForm {
    /// The role that they get; empty or null: they do not join.
    pub join_role: Option<String>,
}

impl JoinRuleForm {
    /// Parses the role.
    ///
    /// # Errors
    /// A [`Refusal`] that names the field.
    pub fn parse(&self) -> Result<Option<OrganizationRole>, Refusal> {
        let wanted = self.join_role.as_deref().filter(|wanted| !wanted.is_empty());
        wanted.map(role).transpose().map_err(|issue| refusal([(Field::Role, Some(issue))]))
    }
}

/// Whether the members of an organization must have a second factor, as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactorRuleForm {
    /// Whether they must; nothing that is not said is assumed.
    pub required: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_at_fault_is_named_at_once() {
        let form = InvitationForm { email: "x".into(), role: "root".into(), department: "a\nb".into() };
        let refusal = form.parse().err().unwrap();
        assert_eq!(refusal.issue(Field::Email), Some(FieldIssue::InvalidEmail));
        assert_eq!(refusal.issue(Field::Role), Some(FieldIssue::Unknown));
        assert_eq!(refusal.issue(Field::Department), Some(FieldIssue::InvalidCharacter));
    }

    #[test]
    fn an_invitation_is_accepted_by_link_or_code_and_not_by_both() {
        let form = |token: &str, organization: &str, code: &str| {
            let (organization, code) = (organization.to_owned(), code.to_owned());
            AcceptInvitationForm { token: token.into(), organization, code }.parse()
        };
        assert!(matches!(form("t", "", ""), Ok(InvitationProof::Link(_))));
        assert!(matches!(form("", "", "123 456"), Ok(InvitationProof::Code { organization: None, .. })));
        assert!(matches!(form("", "o", "123456"), Ok(InvitationProof::Code { organization: Some(_), .. })));
        assert_eq!(form("t", "", "123456").err().unwrap().code, ErrorCode::MalformedRequest);
        assert_eq!(form("t", "o", "").err().unwrap().code, ErrorCode::MalformedRequest);
        assert_eq!(form("", "", "").err().unwrap().issue(Field::Token), Some(FieldIssue::Required));
        assert_eq!(form("", "o", "").err().unwrap().issue(Field::Code), Some(FieldIssue::Required));
    }

    #[test]
    fn nobody_joins_by_themselves_without_a_role() {
        let form = |role: Option<&str>| JoinRuleForm { join_role: role.map(str::to_owned) }.parse();
        assert_eq!(form(None).unwrap(), None);
        assert_eq!(form(Some("")).unwrap(), None);
        assert!(form(Some("viewer")).unwrap().is_some());
        assert_eq!(form(Some("root")).err().unwrap().issue(Field::Role), Some(FieldIssue::Unknown));
    }
}
