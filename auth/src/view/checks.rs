//! What `keywright doctor` and `/admin/health` tell of an installation: what was looked at, and what was found. Every word
//! of it is in `locales/page/doctor.<language>.yml`, by the names that are here.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use crate::Timestamp;

/// How something is, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It was not looked at.
    Skipped,
    /// It is as it should be.
    Good,
    /// It works, and could be better.
    Advice,
    /// It is wrong.
    Fault,
    /// It is so wrong that no start in production succeeds.
    Deadly,
}

/// What a check is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckGroup {
    /// The program and its machine.
    Program,
    /// How people come to it.
    Reach,
    /// Keys and other secrets.
    Secrets,
    /// The database.
    Database,
    /// Mails.
    Mail,
    /// Accounts and ways in.
    People,
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckFinding {
    /// How it is.
    pub verdict: Verdict,
    /// Which of the things that the check may find.
    pub case: String,
    /// What it is about where there are several, such as the id of a provider.
    pub about: Option<String>,
    /// What its sentence is filled with.
    pub values: BTreeMap<String, String>,
}

/// A check, and what it found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckedItem {
    /// Its name, such as `hsts`.
    pub id: String,
    /// What it is about.
    pub group: CheckGroup,
    /// Where it is written about, below the project's folder.
    pub link: String,
    /// What was found; never nothing.
    pub findings: Vec<CheckFinding>,
}

/// All checks at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Examination {
    /// When.
    pub at: Timestamp,
    /// Each check, in the order in which they are told.
    pub checks: Vec<CheckedItem>,
}

impl Verdict {
    /// Whether something must be done.
    pub const fn is_fault(self) -> bool {
        matches!(self, Self::Fault | Self::Deadly)
    }

    /// The name for programs, and in the names of words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Skipped => "skipped",
            Self::Good => "good",
            Self::Advice => "advice",
            Self::Fault => "fault",
            Self::Deadly => "deadly",
        }
    }
}

impl CheckGroup {
    /// Every group, in the order in which they are told.
    pub const ALL: [Self; 6] = [Self::Program, Self::Reach, Self::Secrets, Self::Database, Self::Mail, Self::People];

    /// The name for programs, and in the names of words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Program => "program",
            Self::Reach => "reach",
            Self::Secrets => "secrets",
            Self::Database => "database",
            Self::Mail => "mail",
            Self::People => "people",
        }
    }
}

impl CheckFinding {
    /// Something that was found.
    pub fn new(verdict: Verdict, case: &str) -> Self {
        Self { verdict, case: case.to_owned(), about: None, values: BTreeMap::new() }
    }

    /// With a value for a place of its sentence.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.values.insert(name.to_owned(), value.to_string());
        self
    }

    /// About one of several.
    #[must_use]
    pub fn about(mut self, which: impl ToString) -> Self {
        self.about = Some(which.to_string());
        self
    }

    /// The name of its sentence. Why a check was skipped is said alike for all.
    pub fn key(&self, check: &str) -> String {
        let room = if self.verdict == Verdict::Skipped { "skipped" } else { check };
        format!("page.doctor.{room}.{}", self.case)
    }
}

impl CheckedItem {
    /// The name of its `title`, of `why` it matters, or of how to `mend` it.
    pub fn key(&self, part: &str) -> String {
        format!("page.doctor.{}.{part}", self.id)
    }

    /// The worst that was found.
    pub fn verdict(&self) -> Verdict {
        self.findings.iter().map(|finding| finding.verdict).max().unwrap_or(Verdict::Skipped)
    }
}
