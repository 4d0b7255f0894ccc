//! Invitations into organizations, their mail domains, and their rule for second factors.

use serde::{Deserialize, Serialize};

use crate::id::{DomainId, InvitationId, OrganizationId};
use crate::organization::{MailDomain, OrganizationName, Slug};
use crate::{Email, PersonName, Timestamp};

/// How an invitation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvitationState {
    /// It waits.
    Open,
    /// Its time is over; it may be sent again.
    Expired,
    /// Whoever invited may not any more, or the role is gone: nobody gets in by it. Somebody else may send it again, or
    /// invite with another role.
    Dead,
    /// Whoever is invited does not want to.
    Declined,
    /// It was taken back.
    Revoked,
    /// Whoever was invited is a member.
    Accepted,
}

impl InvitationState {
    /// The state as programs and texts name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Expired => "expired",
            Self::Dead => "dead",
            Self::Declined => "declined",
            Self::Revoked => "revoked",
            Self::Accepted => "accepted",
        }
    }

    /// Whether it can be sent again and taken back.
    pub const fn waits(self) -> bool {
        matches!(self, Self::Open | Self::Expired | Self::Dead)
    }
}

/// An invitation in the list of an organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationItem {
    /// Which; not the secret.
    pub id: InvitationId,
    /// Who is invited.
    pub email: Email,
    /// The name of a built-in role, else the id of one of the organization.
    pub role: String,
    /// What the role is called; none when it is gone.
    pub role_name: Option<String>,
    /// Where in the organization.
    pub department: Option<String>,
    /// Who invites.
    pub inviter: PersonName,
    /// How it stands.
    pub state: InvitationState,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its newest mail was sent.
    pub sent_at: Timestamp,
    /// When that ends.
    pub expires_at: Timestamp,
}

/// Who reads an invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvitationReader {
    /// Nobody who is signed in.
    SignedOut,
    /// Whoever is invited.
    Invited,
    /// Whoever is invited, and is a member by now.
    Member,
    /// Somebody with another address.
    Other,
}

/// An invitation, as whoever has its link sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationShown {
    /// The organization.
    pub organization: OrganizationName,
    /// What it is called in addresses.
    pub slug: Slug,
    /// Who invites.
    pub inviter: PersonName,
    /// Who is invited.
    pub email: Email,
    /// What the role is called: the name of a built-in one, else that of the organization.
    pub role_name: String,
    /// Whether every organization has the role.
    pub is_built_in: bool,
    /// When the invitation ends.
    pub expires_at: Timestamp,
    /// Whether its members must have a second factor.
    pub factor_required: bool,
    /// Who reads this.
    pub reader: InvitationReader,
}

/// How a mail domain stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DomainState {
    /// Its record was not found yet.
    Claimed,
    /// It was.
    Verified,
    /// The record is not there any more; soon the domain is lost.
    Missing,
    /// The record was not there for too long.
    Lost,
}

impl DomainState {
    /// The state as programs and texts name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Claimed => "claimed",
            Self::Verified => "verified",
            Self::Missing => "missing",
            Self::Lost => "lost",
        }
    }
}

/// A mail domain of an organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainItem {
    /// Which.
    pub id: DomainId,
    /// The domain.
    pub domain: MailDomain,
    /// The text that must stand under it in the DNS, as a record of type TXT.
    pub record: String,
    /// How it stands.
    pub state: DomainState,
    /// When it was claimed.
    pub created_at: Timestamp,
    /// When its record was last looked for; none: never.
    pub checked_at: Option<Timestamp>,
    /// When it is lost unless the record comes back.
    pub lost_at: Option<Timestamp>,
    /// The role of people who prove an address of it and join by themselves; none: they do not.
    pub join_role: Option<String>,
}

/// Whether the members of an organization must have a second factor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactorRule {
    /// Since when they must; none: they need not.
    pub required_from: Option<Timestamp>,
    /// Days that each has for it, from then or from the day they joined.
    pub grace_days: i64,
    /// Members.
    pub members: i64,
    /// Those who have none yet.
    pub without: i64,
}

/// An organization that somebody joined by the domain of their address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinedByDomain {
    /// The organization.
    pub id: OrganizationId,
    /// What it is called.
    pub name: OrganizationName,
    /// What it is called in addresses.
    pub slug: Slug,
    /// The domain.
    pub domain: MailDomain,
    /// When.
    pub joined_at: Timestamp,
}
