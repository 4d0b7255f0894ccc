//! The roles of an organization: four that each has, and those that it makes for itself.

use serde::{Deserialize, Serialize};

use super::OrganizationPermission::{
    CreateDocuments, DeleteOrganization, ReadDocuments, ReadMembers, ReadOrganization, ReadRoles, TransferOrganization,
    UpdateDocuments,
};
use super::{OrganizationPermission, OrganizationPermissions};
use crate::id::OrganizationRoleId;

/// A role that each organization has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BuiltInRole {
    /// Everything, and the only ones who can end the organization or make another owner.
    Owner,
    /// Everything else.
    Admin,
    /// Works with its documents.
    Member,
    /// Sees.
    Viewer,
}

impl BuiltInRole {
    /// Every one, the one with the most permissions first.
    pub const ALL: [Self; 4] = [Self::Owner, Self::Admin, Self::Member, Self::Viewer];

    /// The role as the store, policies, access tokens and programs name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Member => "member",
            Self::Viewer => "viewer",
        }
    }

    /// The role of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }

    /// What it allows.
    pub fn permissions(self) -> OrganizationPermissions {
        let all = OrganizationPermission::ALL.iter().copied();
        match self {
            Self::Owner => OrganizationPermissions::of(all),
            Self::Admin => OrganizationPermissions::of(
                all.filter(|permission| !matches!(permission, DeleteOrganization | TransferOrganization)),
            ),
            Self::Member => OrganizationPermissions::of([
                ReadOrganization,
                ReadMembers,
                ReadRoles,
                ReadDocuments,
                CreateDocuments,
                UpdateDocuments,
            ]),
            Self::Viewer => OrganizationPermissions::of([ReadOrganization, ReadMembers, ReadDocuments]),
        }
    }
}

/// The role of a member.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum OrganizationRole {
    /// One that each organization has.
    BuiltIn(BuiltInRole),
    /// One that this organization made.
    Custom(OrganizationRoleId),
}

impl OrganizationRole {
    /// As the store and programs name it: the name of a built-in role, else the id of a custom one.
    pub fn as_str(&self) -> &str {
        match self {
            Self::BuiltIn(role) => role.as_str(),
            Self::Custom(id) => id.as_str(),
        }
    }

    /// The role of a text. Whether a custom one is there is another question.
    pub fn parse(text: &str) -> Self {
        BuiltInRole::parse(text).map_or_else(|| Self::Custom(OrganizationRoleId(text.to_owned())), Self::BuiltIn)
    }

    /// Whether it is that of an owner.
    pub fn is_owner(&self) -> bool {
        *self == Self::BuiltIn(BuiltInRole::Owner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_allows_what_the_next_one_does_and_more() {
        for pair in BuiltInRole::ALL.windows(2) {
            let (more, fewer) = (pair[0].permissions(), pair[1].permissions());
            assert!(more.covers(&fewer) && !fewer.covers(&more), "{pair:?}");
        }
    }

    #[test]
    fn a_role_is_read_as_it_was_written() {
        for role in BuiltInRole::ALL {
            assert_eq!(OrganizationRole::parse(role.as_str()), OrganizationRole::BuiltIn(role));
        }
        assert_eq!(OrganizationRole::parse("01890a5d").as_str(), "01890a5d");
    }
}
