//! What mails about organizations say: to those who own one, and to those who are invited into one.

use serde::{Deserialize, Serialize};

use super::parts::device_words;
use super::unlinked::unlinked;
use crate::organization::{MailDomain, OrganizationName};
use crate::text::moment_text;
use crate::{Locale, PersonName, Timestamp};

/// What a mail about an organization says.
#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum OrganizationMessage {
    /// An organization will be deleted; told to its owners.
    OrganizationDeletionScheduled {
        /// Whom it is told.
        name: PersonName,
        /// What it is called.
        organization: OrganizationName,
        /// The device it was asked for on.
        device: String,
        /// When it goes.
        at: Timestamp,
        /// Leads to where it is kept.
        link: String,
    },
    /// An organization was deleted; told to those who owned it.
    OrganizationDeleted {
        /// Whom it is told.
        name: PersonName,
        /// What it was called.
        organization: OrganizationName,
        /// Leads to the organizations that are left.
        link: String,
    },
    /// Somebody was made the owner of an organization.
    OwnershipReceived {
        /// Who.
        name: PersonName,
        /// What it is called.
        organization: OrganizationName,
        /// Leads to it.
        link: String,
    },
    /// An administrator of the platform closed an organization; told to its owners.
    OrganizationClosed {
        /// Whose mail it is.
        name: PersonName,
        /// What it is called.
        organization: OrganizationName,
        /// Why, in the administrator's words.
        reason: String,
        /// When.
        at: Timestamp,
        /// Leads to the product.
        link: String,
    },
    /// It was opened again.
    OrganizationReopened {
        /// Whose mail it is.
        name: PersonName,
        /// What it is called.
        organization: OrganizationName,
        /// When.
        at: Timestamp,
        /// Leads to the product.
        link: String,
    },
    /// Somebody invites the reader into an organization.
    Invitation {
        /// Who.
        inviter: PersonName,
        /// Into which.
        organization: OrganizationName,
        /// Leads to a page with a button.
        link: String,
        /// Six digits, for another device.
        code: String,
    },
    /// Whoever was invited by the reader is a member.
    InvitationAccepted {
        /// Who.
        name: PersonName,
        /// Of which organization.
        organization: OrganizationName,
        /// Leads to its members.
        link: String,
    },
    /// An organization of the reader lost a mail domain: its record was gone for too long.
    DomainLost {
        /// Who owns the organization.
        name: PersonName,
        /// The domain.
        domain: MailDomain,
        /// Which organization.
        organization: OrganizationName,
        /// When.
        at: Timestamp,
        /// Leads to its domains.
        link: String,
    },
}

impl OrganizationMessage {
    /// The name of the mail in settings, inbox and texts.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::OrganizationDeletionScheduled { .. } => "organization_deletion_scheduled",
            Self::OrganizationDeleted { .. } => "organization_deleted",
            Self::OwnershipReceived { .. } => "ownership_received",
            Self::OrganizationClosed { .. } => "organization_closed",
            Self::OrganizationReopened { .. } => "organization_reopened",
            Self::Invitation { .. } => "invitation",
            Self::InvitationAccepted { .. } => "invitation_accepted",
            Self::DomainLost { .. } => "domain_lost",
        }
    }

    pub(super) fn link(&self) -> &str {
        match self {
            Self::OrganizationDeletionScheduled { link, .. }
            | Self::OrganizationDeleted { link, .. }
            | Self::OwnershipReceived { link, .. }
            | Self::OrganizationClosed { link, .. }
            | Self::OrganizationReopened { link, .. }
            | Self::Invitation { link, .. }
            | Self::InvitationAccepted { link, .. }
            | Self::DomainLost { link, .. } => link,
        }
    }

    pub(super) fn code(&self) -> Option<&str> {
        match self {
            Self::Invitation { code, .. } => Some(code),
            _ => None,
        }
    }

    pub(super) fn values(&self, locale: Locale) -> Vec<(&'static str, String)> {
        match self {
            Self::OrganizationDeletionScheduled { name, organization, device, at, .. } => vec![
                ("name", name.to_string()),
                ("organization", organization.to_string()),
                ("device", device_words(locale, device)),
                ("moment", moment_text(locale, *at)),
            ],
            Self::OrganizationClosed { name, organization, reason, at, .. } => vec![
                ("name", name.to_string()),
                ("organization", organization.to_string()),
                ("reason", reason.clone()),
                ("moment", moment_text(locale, *at)),
            ],
            Self::OrganizationReopened { name, organization, at, .. } => vec![
                ("name", name.to_string()),
                ("organization", organization.to_string()),
                ("moment", moment_text(locale, *at)),
            ],
            // What these are called, others chose than whoever reads it.
            Self::Invitation { inviter, organization, .. } => {
                vec![("inviter", unlinked(inviter.as_str())), ("organization", unlinked(organization.as_str()))]
            }
            Self::InvitationAccepted { name, organization, .. } => {
                vec![("name", unlinked(name.as_str())), ("organization", unlinked(organization.as_str()))]
            }
            Self::OwnershipReceived { name, organization, .. } => {
                vec![("name", name.to_string()), ("organization", unlinked(organization.as_str()))]
            }
            Self::DomainLost { name, domain, organization, at, .. } => vec![
                ("name", name.to_string()),
                ("domain", domain.to_string()),
                ("organization", organization.to_string()),
                ("moment", moment_text(locale, *at)),
            ],
            Self::OrganizationDeleted { name, organization, .. } => {
                vec![("name", name.to_string()), ("organization", organization.to_string())]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::Message;

    #[test]
    fn one_waits_under_its_own_name_as_every_mail_does() {
        let message = Message::from(OrganizationMessage::OrganizationDeleted {
            name: "Alice".to_owned().into(),
            organization: "Acme".to_owned().into(),
            link: "https://id.example.com/orgs".to_owned(),
        });
        let stored = serde_json::to_value(&message).unwrap();
        assert_eq!(stored["kind"], "organization_deleted");
        let read: Message = serde_json::from_value(stored).unwrap();
        assert_eq!((read.kind(), read.link()), (message.kind(), message.link()));
    }
}
