//! What somebody may do within an organization, as `resource:action`.

use serde::{Deserialize, Serialize};

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $text:literal),+ $(,)?) => {
        /// Something within an organization that not every member may do. The text is a promise to programs.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum OrganizationPermission {
            $($(#[$doc])* #[serde(rename = $text)] $name),+
        }

        impl OrganizationPermission {
            /// Every permission, in the order they are offered.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// `resource:action`, as policies, access tokens, the store and programs name it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text),+
                }
            }
        }
    };
}

permissions! {
    /// See the organization.
    ReadOrganization = "organization:read",
    /// Change its name, slug and logo, and its rules.
    UpdateOrganization = "organization:update",
    /// Delete it, and take that back.
    DeleteOrganization = "organization:delete",
    /// Make somebody else an owner.
    TransferOrganization = "organization:transfer",
    /// See who is in it.
    ReadMembers = "members:read",
    /// Change the role and the department of a member.
    UpdateMembers = "members:update",
    /// Take somebody out of it.
    RemoveMembers = "members:remove",
    /// See who is invited.
    ReadInvitations = "invitations:read",
    /// Invite, send again, and take back.
    ManageInvitations = "invitations:manage",
    /// See the roles, what they allow, and why somebody may do something.
    ReadRoles = "roles:read",
    /// Make, change and remove roles of its own.
    ManageRoles = "roles:manage",
    /// See its mail domains.
    ReadDomains = "domains:read",
    /// Claim and release them.
    ManageDomains = "domains:manage",
    /// See documents.
    ReadDocuments = "documents:read",
    /// Make documents.
    CreateDocuments = "documents:create",
    /// Change documents.
    UpdateDocuments = "documents:update",
    /// Publish, archive and bring back documents.
    PublishDocuments = "documents:publish",
    /// Delete documents.
    DeleteDocuments = "documents:delete",
    /// See what happened in it.
    ReadAudit = "audit:read",
    /// See its webhooks and what they were told.
    ReadWebhooks = "webhooks:read",
    /// Make, change and remove webhooks.
    ManageWebhooks = "webhooks:manage",
}

impl OrganizationPermission {
    /// The permission of a text, in its exact spelling.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|permission| permission.as_str() == text)
    }
}

/// A set of them, each once, in the order of [`OrganizationPermission::ALL`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OrganizationPermissions(Vec<OrganizationPermission>);

impl OrganizationPermissions {
    /// The set of these.
    pub fn of(permissions: impl IntoIterator<Item = OrganizationPermission>) -> Self {
        let mut permissions: Vec<_> = permissions.into_iter().collect();
        permissions.sort_unstable();
        permissions.dedup();
        Self(permissions)
    }

    /// Reads what was stored, separated by blanks. A name that a newer version wrote allows nothing here.
    pub fn from_text(text: &str) -> Self {
        Self::of(text.split(' ').filter_map(OrganizationPermission::parse))
    }

    /// As it is stored, and as it stands in the `scope` of an access token (RFC 6749, 3.3).
    pub fn as_text(&self) -> String {
        self.0.iter().map(|permission| permission.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// Whether it is among them.
    pub fn contains(&self, permission: OrganizationPermission) -> bool {
        self.0.binary_search(&permission).is_ok()
    }

    /// Whether all of `others` are among them: nobody gives what they do not have.
    pub fn covers(&self, others: &Self) -> bool {
        others.iter().all(|permission| self.contains(permission))
    }

    /// Whether one of them looks after the organization or the people in it: nobody gets such a role by themselves.
    pub fn look_after(&self) -> bool {
        use OrganizationPermission::{
            DeleteOrganization, ManageDomains, ManageInvitations, ManageRoles, ManageWebhooks, RemoveMembers,
            TransferOrganization, UpdateMembers, UpdateOrganization,
        };
        let all = [
            UpdateOrganization,
            DeleteOrganization,
            TransferOrganization,
            UpdateMembers,
            RemoveMembers,
            ManageInvitations,
            ManageRoles,
            ManageDomains,
            ManageWebhooks,
        ];
        all.into_iter().any(|permission| self.contains(permission))
    }

    /// One after the other.
    pub fn iter(&self) -> impl Iterator<Item = OrganizationPermission> + '_ {
        self.0.iter().copied()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(all(test, feature = "engine"))]
mod tests {
    use super::*;

    #[test]
    fn the_store_and_programs_see_one_name_for_each() {
        for permission in OrganizationPermission::ALL {
            assert_eq!(serde_json::to_value(permission).unwrap(), permission.as_str());
            assert_eq!(OrganizationPermission::parse(permission.as_str()), Some(*permission));
        }
        assert_eq!(OrganizationPermission::parse("Members:Read"), None);
    }

    #[test]
    fn a_set_is_read_as_it_was_written() {
        let set = OrganizationPermissions::from_text("members:read organization:read members:read of:tomorrow");
        assert_eq!(set.as_text(), "organization:read members:read");
        assert!(set.contains(OrganizationPermission::ReadMembers));
        assert!(!set.covers(&OrganizationPermissions::of([OrganizationPermission::ManageRoles])));
    }
}
