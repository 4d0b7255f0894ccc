//! What an account may do. There are two roles today; what they grant is asked by permission, so that
//! roles may be added without a change where something is guarded.

use serde::{Deserialize, Serialize};

/// The role of an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Looks after their own account and nothing else.
    #[default]
    User,
    /// Looks after all accounts and the keys.
    Admin,
}

/// Something that not everybody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// See who has an account, and its sessions.
    ReadUsers,
    /// End a session of somebody else.
    EndSessions,
    /// See which keys sign and verify access tokens.
    ReadKeys,
    /// Replace and revoke them.
    ManageKeys,
    /// Take the second factors from somebody who lost them.
    ResetFactors,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 2] = [Self::User, Self::Admin];

    /// The role as the store, access tokens and programs name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Admin => "admin",
        }
    }

    /// The role of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }

    /// Whether it allows something. What is not named here is not allowed.
    pub const fn grants(self, permission: Permission) -> bool {
        matches!(
            (self, permission),
            (
                Self::Admin,
                Permission::ReadUsers
                    | Permission::EndSessions
                    | Permission::ReadKeys
                    | Permission::ManageKeys
                    | Permission::ResetFactors
            )
        )
    }
}

#[cfg(all(test, feature = "engine"))]
mod tests {
    use super::*;

    #[test]
    fn the_store_and_programs_see_one_name_for_each_role() {
        for role in Role::ALL {
            assert_eq!(serde_json::to_value(role).unwrap(), role.as_str());
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
        for unknown in ["", "Admin", "root", "admin\0"] {
            assert_eq!(Role::parse(unknown), None, "{unknown:?}");
        }
    }

    #[test]
    fn a_user_is_granted_nothing_of_others() {
        let all = [
            Permission::ReadUsers,
            Permission::EndSessions,
            Permission::ReadKeys,
            Permission::ManageKeys,
            Permission::ResetFactors,
        ];
        assert!(all.into_iter().all(|permission| !Role::User.grants(permission)));
        assert!(all.into_iter().all(|permission| Role::Admin.grants(permission)));
    }
}
