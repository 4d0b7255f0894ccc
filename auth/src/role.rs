//! What an account may do on the platform, beyond its own matters and its organizations. What a role grants is asked by
//! permission, so that roles may be added without a change where something is guarded.

use serde::{Deserialize, Serialize};

/// The role of an account on the platform.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Looks after their own account and nothing else.
    #[default]
    User,
    /// Helps people with their accounts.
    Support,
    /// Sees everything that was done, and does nothing.
    Auditor,
    /// Looks after everything.
    PlatformAdmin,
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $text:literal),+ $(,)?) => {
        /// Something on the platform that not everybody may do. The text is a promise to programs.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Permission {
            $($(#[$doc])* #[serde(rename = $text)] $name),+
        }

        impl Permission {
            /// Every permission.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// `resource:action`, as policies, access tokens and programs name it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text),+
                }
            }

            /// The permission of a text, in its exact spelling.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|permission| permission.as_str() == text)
            }
        }
    };
}

permissions! {
    /// See who has an account, and its sessions, organizations, activity and mails.
    ReadUsers = "users:read",
    /// Send somebody the mail for a new password.
    HelpUsers = "users:help",
    /// Suspend an account, and take that back.
    SuspendUsers = "users:suspend",
    /// See the product as somebody else.
    ImpersonateUsers = "users:impersonate",
    /// Give and take roles of the platform.
    ManageRoles = "users:manage_roles",
    /// End a session of somebody else.
    EndSessions = "sessions:end",
    /// Take the second factors from somebody who lost them.
    ResetFactors = "factors:reset",
    /// See which keys sign and verify access tokens.
    ReadKeys = "keys:read",
    /// Replace and revoke them.
    ManageKeys = "keys:manage",
    /// See every organization and its members.
    ReadOrganizations = "organizations:read",
    /// Close an organization, and take that back.
    ManageOrganizations = "organizations:manage",
    /// See which mails wait, and which could not be delivered.
    ReadMails = "mails:read",
    /// Send them once more.
    ResendMails = "mails:resend",
    /// See the policies, and ask them.
    ReadPolicies = "policies:read",
    /// Write and activate them.
    ManagePolicies = "policies:manage",
    /// See, verify and export the audit log.
    ReadAudit = "audit:read",
    /// See the webhooks of the platform and what they were told.
    ReadWebhooks = "webhooks:read",
    /// Make, change and remove them.
    ManageWebhooks = "webhooks:manage",
    /// See the settings in effect, without their secrets.
    ReadSettings = "settings:read",
    /// See how the program is.
    ReadHealth = "health:read",
}

impl Role {
    /// Every role, the one with the fewest permissions first.
    pub const ALL: [Self; 4] = [Self::User, Self::Support, Self::Auditor, Self::PlatformAdmin];

    /// The role as the store, access tokens and programs name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Support => "support",
            Self::Auditor => "auditor",
            Self::PlatformAdmin => "platform_admin",
        }
    }

    /// The role of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }

    /// Whether it allows something. What is not named here is not allowed.
    pub const fn grants(self, permission: Permission) -> bool {
        use Permission::{
            EndSessions, HelpUsers, ImpersonateUsers, ReadAudit, ReadHealth, ReadKeys, ReadMails, ReadOrganizations,
            ReadPolicies, ReadSettings, ReadUsers, ReadWebhooks, ResendMails,
        };
        match self {
            Self::User => false,
            Self::Support => matches!(
                permission,
                ReadUsers
                    | HelpUsers
                    | ImpersonateUsers
                    | EndSessions
                    | ReadOrganizations
                    | ReadMails
                    | ResendMails
                    | ReadHealth
            ),
            Self::Auditor => matches!(
                permission,
                ReadUsers
                    | ReadKeys
                    | ReadOrganizations
                    | ReadMails
                    | ReadPolicies
                    | ReadAudit
                    | ReadWebhooks
                    | ReadSettings
                    | ReadHealth
            ),
            Self::PlatformAdmin => true,
        }
    }

    /// Whether it allows something that the other does not. Nobody acts on the account of somebody above them, and nobody
    /// gives a role above their own.
    pub fn is_above(self, other: Self) -> bool {
        Permission::ALL.iter().any(|permission| self.grants(*permission) && !other.grants(*permission))
    }

    /// Whether there is an administration for it at all.
    pub const fn administers(self) -> bool {
        !matches!(self, Self::User)
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
        for unknown in ["", "Admin", "admin", "root", "platform_admin\0"] {
            assert_eq!(Role::parse(unknown), None, "{unknown:?}");
        }
    }

    #[test]
    fn each_permission_has_one_name_and_somebody_who_has_it() {
        for permission in Permission::ALL {
            assert_eq!(serde_json::to_value(permission).unwrap(), permission.as_str());
            assert_eq!(Permission::parse(permission.as_str()), Some(*permission));
            assert!(!Role::User.grants(*permission), "{permission:?}");
            assert!(Role::PlatformAdmin.grants(*permission), "{permission:?}");
        }
    }

    #[test]
    fn above_is_who_may_what_others_may_not() {
        for role in Role::ALL {
            assert!(
                !role.is_above(role) && !role.is_above(Role::PlatformAdmin) && !Role::User.is_above(role),
                "{role:?}"
            );
        }
        assert!(
            Role::Auditor.is_above(Role::Support) && Role::Support.is_above(Role::Auditor),
            "each sees other things"
        );
        assert!(Role::PlatformAdmin.is_above(Role::Support) && Role::Support.is_above(Role::User));
    }

    #[test]
    fn an_auditor_changes_nothing() {
        let granted = Permission::ALL.iter().filter(|permission| Role::Auditor.grants(**permission));
        assert!(granted.clone().count() > 5);
        for permission in granted {
            assert!(permission.as_str().ends_with(":read"), "{permission:?}");
        }
    }
}
