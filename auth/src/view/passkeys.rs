//! The passkeys of a person.

use serde::{Deserialize, Serialize};

use crate::id::PasskeyId;
use crate::{Timestamp, TokenName};

/// A passkey in its owner's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasskeyItem {
    /// Its id here.
    pub id: PasskeyId,
    /// Its id in the authenticator, in base64url.
    pub credential_id: String,
    /// What its owner calls it.
    pub name: TokenName,
    /// What made it, such as `iCloud Keychain`; none when that is not known. Nobody proves it.
    pub authenticator: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used; none: never.
    pub last_used_at: Option<Timestamp>,
    /// Whether it may leave its device, as one that a password manager keeps in step.
    pub is_synced: bool,
    /// When its counter last did not go on: a copy may exist.
    pub counter_regressed_at: Option<Timestamp>,
}

/// All passkeys of a person, and what a browser needs to tell a password manager of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasskeyList {
    /// The host that they are for; none where there can be none.
    pub rp_id: Option<String>,
    /// By what authenticators know the account, in base64url.
    pub user_id: String,
    /// The passkeys, the oldest first; twenty at most.
    pub passkeys: Vec<PasskeyItem>,
}
