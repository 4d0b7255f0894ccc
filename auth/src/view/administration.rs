//! What administrators see of accounts, of sessions, and of the refresh token family behind one.

use serde::{Deserialize, Serialize};

use crate::id::{SessionId, UserId};
use crate::{AccountState, Email, Factors, PersonName, Role, Timestamp};

/// An account in the list of all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserItem {
    /// The account.
    pub id: UserId,
    /// The proved address.
    pub email: Email,
    /// What the person wants to be called.
    pub name: PersonName,
    /// What it may do.
    pub role: Role,
    /// When it was made.
    pub created_at: Timestamp,
    /// Sessions that go on; counted up to [`UserItem::MOST_COUNTED`].
    pub live_sessions: i64,
    /// The kinds of its second factors, strongest first; nothing else of them is shown.
    pub factors: Factors,
    /// How it stands.
    pub state: AccountState,
}

impl UserItem {
    /// Beyond this nobody counts.
    pub const MOST_COUNTED: i64 = 100;
}

/// With what and from where something was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Browser and system in words; empty when unknown.
    pub device: String,
    /// The client's address, empty when unknown; none for several addresses.
    pub address: Option<String>,
}

/// A session of anybody, live or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnySession {
    /// The session.
    pub id: SessionId,
    /// Where it signed in.
    pub origin: Origin,
    /// How it signed in (`amr`, RFC 8176), such as `pwd`.
    pub method: String,
    /// When it signed in.
    pub signed_in_at: Timestamp,
    /// When its newest refresh token was issued.
    pub last_seen_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// How it ended; none while it goes on.
    pub end: Option<SessionEnd>,
}

/// The end of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionEnd {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: EndReason,
}

/// Why a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// It signed itself out.
    SignedOut,
    /// Its person ended it from the list of devices.
    EndedByUser,
    /// An administrator ended it.
    EndedByAdmin,
    /// A refresh token was used again after its time.
    RefreshTokenReuse,
    /// The code of a native app that made it was used again.
    CodeReuse,
    /// Too many wrong passwords were typed in it.
    TooManyTries,
    /// The account had too many sessions, and this one was the oldest.
    TooManySessions,
    /// The password was changed.
    PasswordChanged,
    /// The password was reset by mail.
    PasswordReset,
    /// Its person said that something was not them.
    NotMe,
    /// The owner of the old address took it back.
    EmailChangeUndone,
    /// The account was recovered by mail.
    AccountRecovered,
    /// The account of a provider that it began with was disconnected.
    Disconnected,
    /// An administrator suspended the account.
    Suspended,
    /// An administrator acted in it in another's place, and stopped or may not any more.
    ImpersonationEnded,
    /// The account was deleted.
    Deleted,
    /// Nobody used it for too long.
    Idle,
    /// It had lived as long as a session may.
    Expired,
    /// A reason that a newer version wrote.
    Other,
}

impl EndReason {
    /// The reason that the store keeps as text.
    pub fn parse(text: &str) -> Self {
        match text {
            "signed_out" => Self::SignedOut,
            "ended_by_user" => Self::EndedByUser,
            "ended_by_admin" => Self::EndedByAdmin,
            "refresh_token_reuse" => Self::RefreshTokenReuse,
            "code_reuse" => Self::CodeReuse,
            "too_many_tries" => Self::TooManyTries,
            "too_many_sessions" => Self::TooManySessions,
            "password_changed" => Self::PasswordChanged,
            "password_reset" => Self::PasswordReset,
            "not_me" => Self::NotMe,
            "email_change_undone" => Self::EmailChangeUndone,
            "account_recovered" => Self::AccountRecovered,
            "disconnected" => Self::Disconnected,
            "suspended" => Self::Suspended,
            "impersonation_ended" => Self::ImpersonationEnded,
            "deleted" => Self::Deleted,
            _ => Self::Other,
        }
    }
}

/// A session with its refresh token family: one token followed by the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Family {
    /// Whose it is.
    pub user_id: UserId,
    /// The proved address of the person.
    pub email: Email,
    /// What the person wants to be called.
    pub name: PersonName,
    /// The session.
    pub session: AnySession,
    /// How many tokens there were, the first included.
    pub tokens: i64,
    /// The tokens in their order, or with `slot_seconds` how many there were in each slot of time.
    pub steps: Vec<FamilyStep>,
    /// How long a slot is; none when each token stands alone.
    pub slot_seconds: Option<i64>,
    /// Whether there were more steps than are told.
    pub is_cut: bool,
    /// Where a token was used again after its time.
    pub reuse: Option<Reuse>,
    /// Who ended the session, where a line of the audit log says it.
    pub ended_from: Option<Origin>,
}

/// A token, or those of one slot of time and one device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FamilyStep {
    /// The generation of the first: 0 is the token of the sign-in.
    pub first: i64,
    /// The generation of the last.
    pub last: i64,
    /// How many there are.
    pub tokens: i64,
    /// When the first was issued.
    pub since: Timestamp,
    /// When the last was issued.
    pub until: Timestamp,
    /// Who got them.
    pub origin: Origin,
}

/// A token that was used again after its time: two parties hold it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reuse {
    /// When.
    pub at: Timestamp,
    /// The generation of the token, where it was noted.
    pub generation: Option<i64>,
    /// Who used it. The thief, or the person after the thief: the token does not tell.
    pub origin: Origin,
}
