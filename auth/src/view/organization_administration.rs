//! What administrators of the platform see of organizations.

use serde::{Deserialize, Serialize};

use crate::id::{OrganizationId, UserId};
use crate::organization::{OrganizationName, Slug};
use crate::{Email, PersonName, Timestamp};

/// An organization in the list of all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationItem {
    /// The organization.
    pub id: OrganizationId,
    /// What it is called in addresses.
    pub slug: Slug,
    /// What it is called.
    pub name: OrganizationName,
    /// When it was made.
    pub created_at: Timestamp,
    /// Its members; counted up to [`OrganizationItem::MOST_COUNTED`].
    pub members: i64,
    /// When it goes, once its owners asked for that.
    pub delete_at: Option<Timestamp>,
    /// When an administrator closed it; none while it is open.
    pub closed_at: Option<Timestamp>,
    /// Why.
    pub closed_reason: Option<String>,
}

impl OrganizationItem {
    /// Beyond this nobody counts.
    pub const MOST_COUNTED: i64 = 1000;
}

/// An organization with its roles, and how many mail domains are its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationDetail {
    /// The organization.
    #[serde(flatten)]
    pub item: OrganizationItem,
    /// The roles that somebody has in it; those that most have first.
    pub roles: Vec<RoleMembers>,
    /// Mail domains that it proved to be its own. Claiming is for everybody and counts nothing.
    pub domains: u32,
}

/// A role and how many have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleMembers {
    /// The name of a built-in role, else what the organization calls it.
    pub role: String,
    /// How many have it.
    pub members: i64,
}

/// A member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationMember {
    /// The account.
    pub user_id: UserId,
    /// The proved address.
    pub email: Email,
    /// What the person wants to be called.
    pub name: PersonName,
    /// The name of a built-in role, else what the organization calls it.
    pub role: String,
    /// When they joined.
    pub joined_at: Timestamp,
}
