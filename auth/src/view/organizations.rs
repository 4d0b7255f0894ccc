//! What members see of their organizations.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::id::{OrganizationId, UserId};
use crate::organization::{OrganizationName, OrganizationPermission, OrganizationPermissions, Slug};
use crate::{Email, PersonName};

/// An organization, as one who is in it sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationView {
    /// The organization.
    pub id: OrganizationId,
    /// What it is called in addresses.
    pub slug: Slug,
    /// What it is called.
    pub name: OrganizationName,
    /// The path of its logo; none without one.
    pub logo: Option<String>,
    /// What the reader is there: the name of a built-in role, else the id of a custom one.
    pub role: String,
    /// The name of a built-in role, else what the organization calls it.
    pub role_name: String,
    /// What the reader may do there.
    pub permissions: OrganizationPermissions,
    /// Where in it the reader is.
    pub department: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when the reader is in it.
    pub joined_at: Timestamp,
    /// When its members must have a second factor from; none: they need not.
    pub factor_required_from: Option<Timestamp>,
    /// When it goes, if that was asked for.
    pub delete_at: Option<Timestamp>,
    /// Whether the session works in it.
    pub is_chosen: bool,
}

/// A member of an organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberItem {
    /// The account.
    pub user_id: UserId,
    /// What the person wants to be called.
    pub name: PersonName,
    /// The proved address.
    pub email: Email,
    /// The path of the picture; none without one.
    pub avatar: Option<String>,
    /// The name of a built-in role, else the id of a custom one.
    pub role: String,
    /// The name of a built-in role, else what the organization calls it.
    pub role_name: String,
    /// Where in it.
    pub department: Option<String>,
    /// Since when.
    pub joined_at: Timestamp,
}

/// A role of an organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleItem {
    /// The name of a built-in role, else the id of a custom one.
    pub id: String,
    /// The name of a built-in role, else what the organization calls it.
    pub name: String,
    /// What it allows.
    pub permissions: OrganizationPermissions,
    /// Whether every organization has it.
    pub is_built_in: bool,
    /// How many members have it.
    pub members: i64,
}

/// How many members have a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleCount {
    /// The name of a built-in role, else what the organization calls it.
    pub name: String,
    /// Whether every organization has it.
    pub is_built_in: bool,
    /// How many.
    pub members: i64,
}

impl OrganizationView {
    /// Whether the reader may do this there, as far as the role says it: the server asks again.
    pub fn may(&self, permission: OrganizationPermission) -> bool {
        self.permissions.contains(permission)
    }
}
