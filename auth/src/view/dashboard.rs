//! What the first page behind the sign-in shows: to each what the policies let them see, and no more.

use serde::{Deserialize, Serialize};

use super::DocumentItem;
use crate::id::UserId;
use crate::organization::{OrganizationName, Slug};
use crate::{Email, ErrorCode, EventKind, PersonName, Timestamp};

/// What concerns somebody's work and office, beside their own account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DashboardView {
    /// The organization the session works in, else the first its person is in; none for who is in none.
    pub work: Option<WorkView>,
    /// The platform, for who has an office on it.
    pub office: Option<OfficeView>,
}

/// An organization, part by part: a part that somebody may not see is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkView {
    /// What it is called in addresses.
    pub slug: Slug,
    /// What it is called.
    pub name: OrganizationName,
    /// The name of a built-in role, else what the organization calls it.
    pub role_name: String,
    /// What it asks for first; then nothing else is shown.
    pub asks: Option<ErrorCode>,
    /// What changed last among what the reader may read.
    pub recent: Option<Vec<DocumentItem>>,
    /// What the reader is writing, for who may write.
    pub drafts: Option<Vec<DocumentItem>>,
    /// Invitations that wait for an answer.
    pub invitations: Option<i64>,
    /// How many members there are, and how many have no second factor.
    pub members: Option<MemberCounts>,
    /// What happened last.
    pub lines: Option<Vec<HappenedView>>,
    /// What its owners answer for.
    pub ownership: Option<OwnershipView>,
}

/// How many members there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberCounts {
    /// All of them.
    pub all: i64,
    /// Those without a strong second factor.
    pub without_factor: i64,
}

/// A line of the audit log, in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HappenedView {
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: EventKind,
    /// Who did it, where that is known.
    pub actor: Option<PersonName>,
}

/// What an organization is, for who owns it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnershipView {
    /// How many owners there are.
    pub owners: i64,
    /// How many documents.
    pub documents: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its members must have a second factor from; none: they need not.
    pub factor_required_from: Option<Timestamp>,
    /// When it goes, if that was asked for.
    pub delete_at: Option<Timestamp>,
}

/// The platform, part by part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeView {
    /// The accounts that were made last; with them comes the search for people.
    pub sign_ups: Option<Vec<SignedUpView>>,
    /// Mails that could not be delivered.
    pub failed_mails: Option<i64>,
    /// How the audit log stands, and what was refused last.
    pub audit: Option<AuditStateView>,
    /// How many there are of everything.
    pub numbers: Option<PlatformNumbers>,
}

/// An account that was made a short while ago.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedUpView {
    /// The account.
    pub id: UserId,
    /// The proved address.
    pub email: Email,
    /// When it was made.
    pub created_at: Timestamp,
}

/// How the audit log stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditStateView {
    /// Lines of the chain.
    pub lines: i64,
    /// When the last of them was sealed; none before the first.
    pub sealed_at: Option<Timestamp>,
    /// What was refused last.
    pub refused: Vec<HappenedView>,
}

/// How many there are, counted up to [`PlatformNumbers::MOST_COUNTED`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformNumbers {
    /// Accounts.
    pub accounts: i64,
    /// Organizations.
    pub organizations: i64,
    /// Accounts with an office on the platform.
    pub offices: i64,
}

impl PlatformNumbers {
    /// Beyond this nobody counts.
    pub const MOST_COUNTED: i64 = 10_000;
}
