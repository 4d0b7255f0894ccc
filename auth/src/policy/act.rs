//! What is decided about: who wants to do what, with what, and how things stand.

use crate::id::{DocumentId, OrganizationId, UserId};
use crate::organization::{OrganizationPermission, OrganizationPermissions};
use crate::{Permission, Role, Timestamp};

/// A question to the policies.
#[derive(Clone, Debug)]
pub struct Act {
    /// Who.
    pub principal: Principal,
    /// What, as `resource:action`: [`Permission::as_str`] or [`OrganizationPermission::as_str`].
    pub action: &'static str,
    /// With what.
    pub resource: Resource,
    /// How things stand.
    pub context: ActContext,
}

/// Who wants to do something.
#[derive(Clone, Debug)]
pub struct Principal {
    /// The account.
    pub user_id: UserId,
    /// Its role on the platform.
    pub platform_role: Role,
    /// The name of its role in the organization of the resource: that of a built-in role, else what the organization
    /// calls it; none outside.
    pub role: Option<String>,
    /// Its department there.
    pub department: Option<String>,
    /// What its role there grants.
    pub permissions: OrganizationPermissions,
    /// Whether a second factor was proved in this session. A mailed code is none.
    pub mfa: bool,
    /// Seconds since a second factor was proved in it; none when none was.
    pub mfa_age: Option<i64>,
    /// Seconds since the person was proved in it.
    pub session_age: i64,
}

/// What it is done with.
#[derive(Clone, Debug)]
pub enum Resource {
    /// All of it: what the roles of the platform are for.
    Platform,
    /// An organization, and what belongs to it and has no owner of its own.
    Organization(OrganizationId),
    /// A document.
    Document {
        /// Which; none for one that is about to be made.
        id: Option<DocumentId>,
        /// Where.
        organization: OrganizationId,
        /// Whose.
        owner: UserId,
        /// The department it is for.
        department: Option<String>,
        /// `public`, `internal`, `confidential` or `secret`.
        sensitivity: &'static str,
        /// `draft`, `published` or `archived`.
        state: &'static str,
    },
}

/// How things stand.
#[derive(Clone, Debug)]
pub struct ActContext {
    /// Now.
    pub at: Timestamp,
    /// The client's address.
    pub address: String,
    /// How it came in: `page`, `api`, or `token` for a program with a personal access token.
    pub method: &'static str,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Whether it may be done.
    pub is_allowed: bool,
    /// The policies that decided it.
    pub deciding: Vec<String>,
    /// The policies that could not be evaluated: one that permits decided nothing, one that forbids did.
    pub failed: Vec<String>,
}

impl Decision {
    /// No, because nothing says yes.
    pub(super) const fn denied() -> Self {
        Self { is_allowed: false, deciding: Vec::new(), failed: Vec::new() }
    }
}

impl Act {
    /// An act on the platform.
    pub fn on_platform(principal: Principal, permission: Permission, context: ActContext) -> Self {
        Self { principal, action: permission.as_str(), resource: Resource::Platform, context }
    }

    /// An act within an organization.
    pub fn in_organization(
        principal: Principal,
        permission: OrganizationPermission,
        resource: Resource,
        context: ActContext,
    ) -> Self {
        Self { principal, action: permission.as_str(), resource, context }
    }
}
