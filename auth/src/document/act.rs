//! What may be done with a document that is there, beyond reading it.

use serde::{Deserialize, Serialize};

use crate::organization::OrganizationPermission;

/// Something that may be done with a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentAct {
    /// Change what it says, what it is called and which department it is for.
    Change,
    /// Change how sensitive it is.
    ChangeSensitivity,
    /// Publish, archive and bring it back.
    ChangeState,
    /// Give it to another member.
    HandOver,
    /// Delete it.
    Delete,
}

impl DocumentAct {
    /// Every act.
    pub const ALL: [Self; 5] = [Self::Change, Self::ChangeSensitivity, Self::ChangeState, Self::HandOver, Self::Delete];

    /// What it takes.
    pub const fn permission(self) -> OrganizationPermission {
        match self {
            Self::Change | Self::ChangeSensitivity | Self::HandOver => OrganizationPermission::UpdateDocuments,
            Self::ChangeState => OrganizationPermission::PublishDocuments,
            Self::Delete => OrganizationPermission::DeleteDocuments,
        }
    }
}
