//! What administrators see of policies: versions, what is wrong with one, why something may be done, and by whom.

use serde::{Deserialize, Serialize};

use crate::form::PolicyQuestion;
use crate::id::{OrganizationId, PolicyCaseId, PolicyVersionId};
use crate::{Page, Timestamp};

/// Something that is wrong with the text of policies. What the policy language says of it is English.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyFault {
    /// The line, counted from 1.
    pub line: u32,
    /// The character of the line, counted from 1.
    pub column: u32,
    /// What is wrong.
    pub message: String,
    /// What would help.
    pub help: Option<String>,
}

/// A version of the policies, without its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyVersionItem {
    /// Its id.
    pub id: PolicyVersionId,
    /// What it is called: 1, 2, 3, … 0 stands for the built-in policies alone.
    pub number: i64,
    /// What its author says of it.
    pub note: String,
    /// What its author is called; none when the account is gone.
    pub author: Option<String>,
    /// When it was saved.
    pub created_at: Timestamp,
    /// When it was last activated; none when it never was.
    pub activated_at: Option<Timestamp>,
    /// Whether it is the one in force.
    pub is_active: bool,
}

/// The versions, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyVersions {
    /// The number of the one in force.
    pub active: i64,
    /// One page of them.
    pub page: Page<PolicyVersionItem>,
}

/// A version with its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyVersionView {
    /// What is known of it.
    pub item: PolicyVersionItem,
    /// The policies.
    pub text: String,
}

/// A text that could not be saved, kept for its author.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyDraft {
    /// The policies.
    pub text: String,
    /// What its author says of it.
    pub note: String,
    /// What is wrong with it.
    pub faults: Vec<PolicyFault>,
}

/// One line of what differs between two versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiffLine {
    /// What became of it.
    pub kind: DiffKind,
    /// Its number in the older one.
    pub old: Option<u32>,
    /// Its number in the newer one.
    pub new: Option<u32>,
    /// The line.
    pub text: String,
}

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DiffKind {
    /// It is in both.
    Same,
    /// It is in the newer one alone.
    Added,
    /// It is in the older one alone.
    Removed,
}

/// A decision, and what every policy had to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExplainedDecision {
    /// Whether it may be done.
    pub allowed: bool,
    /// The policies that had to do with it: those that decided first.
    pub verdicts: Vec<PolicyVerdict>,
}

/// What one policy had to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyVerdict {
    /// The name of the policy.
    pub id: String,
    /// Its text.
    pub text: String,
    /// Whether it permits or forbids.
    pub effect: PolicyEffect,
    /// Whether it is a part of the program.
    pub is_built_in: bool,
    /// What came of it.
    pub outcome: VerdictOutcome,
}

/// What a policy does when it applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PolicyEffect {
    /// It permits.
    Permit,
    /// It forbids.
    Forbid,
}

/// What came of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerdictOutcome {
    /// It decided.
    Decided,
    /// It permits, and another one forbids.
    Overruled,
    /// It could not be evaluated: if it permits, it decided nothing; if it forbids, it forbade.
    Failed,
    /// It is about this act, and its conditions are not met.
    Almost,
}

/// A question with the answer that it must have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyCaseItem {
    /// Its id.
    pub id: PolicyCaseId,
    /// What it is called.
    pub name: String,
    /// The question.
    pub question: PolicyQuestion,
    /// Whether it must be allowed.
    pub allowed: bool,
}

/// What came of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyCaseRun {
    /// The case.
    pub case: PolicyCaseItem,
    /// Whether it is allowed.
    pub is_allowed: bool,
    /// The policies that decided it.
    pub deciding: Vec<String>,
}

impl PolicyCaseRun {
    /// Whether the answer is the one it must have.
    pub const fn passes(&self) -> bool {
        self.is_allowed == self.case.allowed
    }
}

/// Which role may do what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermissionMatrix {
    /// Of the platform.
    pub platform: RoleTable,
    /// Of organizations.
    pub organization: RoleTable,
}

/// Roles beside permissions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleTable {
    /// The names of the roles.
    pub roles: Vec<String>,
    /// A row for each permission.
    pub rows: Vec<PermissionRow>,
}

/// What roles may do with one permission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermissionRow {
    /// The permission.
    pub permission: String,
    /// Whether each role may, in their order.
    pub allowed: Vec<bool>,
}

/// What a program is told that asked whether something may be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authorization {
    /// Whether it may be done.
    pub allowed: bool,
    /// The policies that decided it; only for those who may read policies.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reasons: Option<Vec<String>>,
}

/// What somebody may do at one place, for a page that shows no more than that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllowedActs {
    /// Where; none: on the platform.
    pub organization: Option<OrganizationId>,
    /// What, as `resource:action`.
    pub acts: Vec<String>,
}

impl AllowedActs {
    /// Whether an act at a place is among them.
    pub fn allow(&self, act: &str, organization: Option<&OrganizationId>) -> bool {
        self.organization.as_ref() == organization && self.acts.iter().any(|allowed| allowed == act)
    }
}
