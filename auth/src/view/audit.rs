//! What is seen of the audit log: its lines, how many each day has, and whether it is whole.

use serde::{Deserialize, Serialize};

use crate::audit::{Change, Outcome};
use crate::id::{OrganizationId, SessionId, UserId};
use crate::{Email, Timestamp};

/// A line of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditItem {
    /// The line; not a secret.
    pub id: String,
    /// Its place in the chain; none for a moment, until it is sealed.
    pub sequence: Option<i64>,
    /// When.
    pub at: Timestamp,
    /// What, as [`crate::EventKind::as_str`] has it; a newer version may write others.
    pub kind: String,
    /// What became of it.
    pub outcome: Outcome,
    /// Whose account it is about; none when there is none, or the person left.
    pub subject: Option<AuditPerson>,
    /// Who did it, where that is somebody else or was written down.
    pub actor: Option<AuditPerson>,
    /// Who acted in the actor's place.
    pub impersonator: Option<AuditPerson>,
    /// Where it was done.
    pub organization: Option<AuditOrganization>,
    /// What it was done with.
    pub target: Option<String>,
    /// What changed.
    pub changes: Vec<Change>,
    /// The client's address; empty when unknown, and where it is nobody's business.
    pub address: String,
    /// Browser and system in words; empty when unknown.
    pub device: String,
    /// The request; lines of one act have the same.
    pub request_id: String,
    /// The session it was done in, or done to.
    pub session_id: Option<SessionId>,
    /// How often the same happened again within the minute: refusals of one person share a line. Not proved by it.
    pub repeats: i64,
}

/// Somebody a line names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditPerson {
    /// The account.
    pub id: UserId,
    /// Its address of today; none once it is gone.
    pub email: Option<Email>,
}

/// An organization a line names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditOrganization {
    /// The organization.
    pub id: OrganizationId,
    /// What it is called today; none once it is gone.
    pub name: Option<String>,
}

/// How many lines a day has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditDay {
    /// Its beginning in UTC.
    pub at: Timestamp,
    /// Lines.
    pub lines: i64,
    /// Lines of acts that were refused.
    pub refused: i64,
}

/// Whether the audit log is whole, as far as it was walked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditState {
    /// Whether nothing was found.
    pub is_whole: bool,
    /// When it was walked.
    pub checked_at: Timestamp,
    /// When all of it was walked, by this node; none when only the newest part was.
    pub all_checked_at: Option<Timestamp>,
    /// When the chain began; none before its first line.
    pub began_at: Option<Timestamp>,
    /// The last line that was there before the chain began, and was taken as it stood; 0 when there was none.
    pub adopted: i64,
    /// The last line that retention took; 0 when it took none.
    pub cut: i64,
    /// The number of the first line that was walked.
    pub first: Option<i64>,
    /// When it was written.
    pub since: Option<Timestamp>,
    /// The number of the last line.
    pub last: i64,
    /// Its hash. `last:head`, kept elsewhere, shows later that nothing was taken from the end.
    pub head: String,
    /// How many lines were walked.
    pub count: i64,
    /// What was found, at most [`AuditState::MOST_FAULTS`].
    pub faults: Vec<AuditFault>,
}

impl AuditState {
    /// Beyond these nobody is told.
    pub const MOST_FAULTS: usize = 100;
}

/// A place where the audit log is not whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditFault {
    /// What is wrong.
    pub kind: AuditFaultKind,
    /// The number of the line, or of the first of several; none for lines that have no number.
    pub sequence: Option<i64>,
    /// The number of the last of several, the same for one.
    pub until: Option<i64>,
    /// When the line says that it was written, where there is a line.
    pub at: Option<Timestamp>,
}

/// What can be wrong with the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditFaultKind {
    /// A line is not as the program wrote it.
    Altered,
    /// Lines are gone.
    Missing,
    /// A line stands at another place than it was sealed at.
    OutOfOrder,
    /// The end is gone, or is not where the program left it.
    TruncatedTail,
    /// A line that the program did not write.
    Inserted,
    /// A line waits for its place for more than a minute.
    UnsealedTooLong,
}

impl AuditFaultKind {
    /// Every kind, for documents and tests.
    pub const ALL: [Self; 6] =
        [Self::Altered, Self::Missing, Self::OutOfOrder, Self::TruncatedTail, Self::Inserted, Self::UnsealedTooLong];

    /// The kind as programs see it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Altered => "altered",
            Self::Missing => "missing",
            Self::OutOfOrder => "out_of_order",
            Self::TruncatedTail => "truncated_tail",
            Self::Inserted => "inserted",
            Self::UnsealedTooLong => "unsealed_too_long",
        }
    }
}
