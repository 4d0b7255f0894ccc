//! One account in full, as administrators see it; and what they do to several at once.

use serde::{Deserialize, Serialize};

use super::{ActivityItem, UserItem};
use crate::id::{OrganizationId, UserId};
use crate::{Email, Permission, Remark, Timestamp};

/// An account with all that administrators see of it. Its sessions are a list of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserDetails {
    /// As the list shows it.
    pub user: UserItem,
    /// How it is suspended; none when it is not.
    pub suspension: Option<Suspension>,
    /// When it goes, if that was asked for.
    pub delete_at: Option<Timestamp>,
    /// Whether there is a password to sign in with.
    pub has_password: bool,
    /// The organizations its person is in.
    pub organizations: Vec<UserOrganization>,
    /// What happened to it last, newest first.
    pub activity: Vec<ActivityItem>,
    /// What whoever asks may do to it.
    pub acts: UserActs,
}

/// How an account is suspended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspension {
    /// When it began.
    pub at: Timestamp,
    /// When it ends by itself; none: when it is taken back.
    pub until: Option<Timestamp>,
    /// What the person was told.
    pub reason: Option<Remark>,
    /// What administrators tell each other.
    pub note: Option<Remark>,
}

/// An organization that somebody is in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserOrganization {
    /// The organization.
    pub id: OrganizationId,
    /// Its name in addresses.
    pub slug: String,
    /// What it is called.
    pub name: String,
    /// The name of the person's role there.
    pub role: String,
    /// Since when.
    pub joined_at: Timestamp,
}

/// What somebody may do to an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each act stands for itself")]
pub struct UserActs {
    /// Suspend it, and take that back.
    pub suspend: bool,
    /// Send the mail for a new password.
    pub send_reset: bool,
    /// End its sessions.
    pub end_sessions: bool,
    /// Take its second factors.
    pub reset_factors: bool,
    /// Give it another role.
    pub set_role: bool,
    /// See the product as its person.
    pub impersonate: bool,
    /// Change something as its person, in organizations.
    pub impersonate_writing: bool,
}

/// An act on several accounts at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BulkAct {
    /// Nobody gets in for a while.
    Suspend,
    /// That is taken back.
    Unsuspend,
    /// Every device is signed out.
    EndSessions,
    /// The mail for a new password goes out.
    SendReset,
}

impl BulkAct {
    /// Every act, in the order they are offered.
    pub const ALL: [Self; 4] = [Self::EndSessions, Self::SendReset, Self::Suspend, Self::Unsuspend];

    /// The act as programs name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Suspend => "suspend",
            Self::Unsuspend => "unsuspend",
            Self::EndSessions => "end_sessions",
            Self::SendReset => "send_reset",
        }
    }

    /// The act of a name, in its exact spelling.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.as_str() == name)
    }

    /// What it asks for.
    pub const fn permission(self) -> Permission {
        match self {
            Self::Suspend | Self::Unsuspend => Permission::SuspendUsers,
            Self::EndSessions => Permission::EndSessions,
            Self::SendReset => Permission::HelpUsers,
        }
    }
}

/// Why an account is left out of an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftOut {
    /// It is one's own.
    Own,
    /// It may do what one may not.
    Above,
    /// It is in that state already, or in one in which the act does nothing.
    WrongState,
    /// Nobody would be left who can look after the product.
    LastAdministrator,
    /// A mail went out a moment ago.
    TooSoon,
    /// There is no such account, or none any more.
    NotFound,
}

/// An account that is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOutItem {
    /// The account.
    pub id: UserId,
    /// Its address; none when there is no such account.
    pub email: Option<Email>,
    /// Why.
    pub why: LeftOut,
}

/// What an act on several accounts would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkPreview {
    /// What does it, for ten minutes; for whoever asked and nobody else.
    pub token: String,
    /// The act.
    pub act: BulkAct,
    /// Accounts that it would be done to.
    pub accounts: Vec<BulkItem>,
    /// Accounts that are left out.
    pub left_out: Vec<LeftOutItem>,
    /// Whether the filter leaves more than are done at once.
    pub is_cut: bool,
}

/// An account that an act would be done to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkItem {
    /// The account.
    pub id: UserId,
    /// Its address.
    pub email: Email,
}

/// What an act on several accounts did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkDone {
    /// To how many accounts it was done.
    pub done: usize,
    /// Accounts that it was not done to.
    pub left_out: Vec<LeftOutItem>,
}

#[cfg(all(test, feature = "engine"))]
mod tests {
    use super::*;

    #[test]
    fn programs_see_one_name_for_each_act() {
        for act in BulkAct::ALL {
            assert_eq!(serde_json::to_value(act).unwrap(), act.as_str());
            assert_eq!(BulkAct::parse(act.as_str()), Some(act));
        }
        assert_eq!(BulkAct::parse("delete"), None);
    }
}
