//! What happened on each day, as administrators see it. Days are those of UTC.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// The last days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statistics {
    /// When they were counted last; none: not yet.
    pub counted_at: Option<Timestamp>,
    /// Each day, the eldest first; the last one is today and goes on.
    pub days: Vec<StatisticsDay>,
}

/// A day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatisticsDay {
    /// Its first moment.
    pub start: Timestamp,
    /// Sign-ins, by how they were proved.
    pub sign_ins: SignInCounts,
    /// Refused passwords and factors; those of one account within a minute count once.
    pub refused: i64,
    /// Accounts that were used; none where nobody counted.
    pub active: Option<i64>,
    /// All accounts; none where nobody counted.
    pub accounts: Option<i64>,
    /// Those of them with a strong second factor.
    pub with_factor: Option<i64>,
}

/// Sign-ins by how they were proved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInCounts {
    /// By a password.
    pub password: i64,
    /// By a passkey.
    pub passkey: i64,
    /// By a provider.
    pub provider: i64,
    /// In any other way.
    pub other: i64,
}

impl SignInCounts {
    /// All of them.
    pub const fn total(self) -> i64 {
        self.password + self.passkey + self.provider + self.other
    }
}
