//! What somebody sees of the changes to their own account, and what is handed out to them.

use serde::{Deserialize, Serialize};

use super::{
    ActivityItem, AnomalyRecord, ConnectionRecord, Me, OrganizationView, Origin, PasskeyItem, PhoneRecord,
    RecoveryCodesStatus, TokenRecord, TrustedDeviceRecord,
};
use crate::id::SessionId;
use crate::{Email, FactorMethod, Timestamp};

/// Where a change of address stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailChangeStatus {
    /// The address that must prove itself.
    pub waiting: Option<WaitingEmail>,
    /// The address that may still be taken back.
    pub undoable: Option<UndoableEmail>,
}

/// An address that must prove itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingEmail {
    /// The wanted address.
    pub email: Email,
    /// When link and code end.
    pub expires_at: Timestamp,
    /// How often a code may still be typed.
    pub tries_left: u32,
}

/// An address that may still be taken back, with the link in its mailbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoableEmail {
    /// The address before the change.
    pub email: Email,
    /// Until when.
    pub until: Timestamp,
}

/// What an undo link would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoStatus {
    /// The address that comes back.
    pub old_email: Email,
    /// The address that goes.
    pub new_email: Email,
}

/// What the link "this was not me" shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeStatus {
    /// Whose mailbox the notice went to.
    pub email: Email,
    /// Whether the account was secured with it.
    pub is_used: bool,
    /// Whether that mailbox is the account's, so that the way to a new password leads there.
    pub has_way_in: bool,
    /// What happened since the notice, newest first.
    pub events: Vec<ActivityItem>,
}

/// A session as it is handed out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRecord {
    /// The session.
    pub id: SessionId,
    /// Browser and system in words.
    pub device: String,
    /// The client's address when it signed in.
    pub address: String,
    /// From where else it was used.
    pub elsewhere: Vec<Origin>,
    /// How it signed in.
    pub method: String,
    /// The second factor that was proved in it last; none when none was.
    pub factor: Option<FactorMethod>,
    /// When it signed in.
    pub signed_in_at: Timestamp,
    /// When it ended, if it did.
    pub ended_at: Option<Timestamp>,
}

/// A change of address as it is handed out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailChangeRecord {
    /// The address before.
    pub old_email: Email,
    /// The address after.
    pub new_email: Email,
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// When the new address proved itself.
    pub confirmed_at: Option<Timestamp>,
    /// When the old address was taken back.
    pub undone_at: Option<Timestamp>,
}

/// Everything that is known of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonalData {
    /// When it was gathered.
    pub at: Timestamp,
    /// The account.
    pub me: Me,
    /// Its picture as a `data:` address (RFC 2397).
    pub picture: Option<String>,
    /// Its sessions, newest first.
    pub sessions: Vec<SessionRecord>,
    /// Its personal access tokens, newest first.
    pub tokens: Vec<TokenRecord>,
    /// Browsers in which its second factor is or was not asked for, newest first.
    pub trusted_devices: Vec<TrustedDeviceRecord>,
    /// Since when it has an authenticator app; its key is told to nobody.
    pub totp_since: Option<Timestamp>,
    /// What is known of its recovery codes; not the codes.
    pub recovery_codes: RecoveryCodesStatus,
    /// Its passkeys, oldest first.
    pub passkeys: Vec<PasskeyItem>,
    /// Accounts of providers that open it, oldest first.
    pub connections: Vec<ConnectionRecord>,
    /// Its phone number, and one that did not prove itself yet.
    pub phone_numbers: Vec<PhoneRecord>,
    /// The organizations it is in, the one it joined last first.
    pub organizations: Vec<OrganizationView>,
    /// Changes of its address, newest first.
    pub email_changes: Vec<EmailChangeRecord>,
    /// What happened to it, newest first.
    pub activity: Vec<ActivityItem>,
    /// Its sign-ins that looked unusual, newest first.
    pub unusual_sign_ins: Vec<AnomalyRecord>,
}
