//! What browsers refused by the rules of our pages, as operators see it.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// What was told within the last 30 days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrowserReports {
    /// What was told last first, at most 100.
    pub items: Vec<BrowserReportItem>,
    /// How many there are, those that are not among them included.
    pub kinds: i64,
    /// How often they were told, all together.
    pub reports: i64,
}

/// A rule, what it kept out, and the page: each once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrowserReportItem {
    /// The rule, such as `img-src`.
    pub directive: String,
    /// What it kept out: a site, a scheme with its colon, or a word such as `inline`.
    pub blocked: String,
    /// The path of the page, without ids.
    pub path: String,
    /// How often it was told.
    pub reports: i64,
    /// When first.
    pub first_at: Timestamp,
    /// When last.
    pub last_at: Timestamp,
}
