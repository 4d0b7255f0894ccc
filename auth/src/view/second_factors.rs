//! What somebody sees of their authenticator app and their recovery codes.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// Where the authenticator app of an account stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TotpStatus {
    /// Since when its codes are accepted; none when it has none.
    pub active_since: Option<Timestamp>,
    /// The secret that waits for its first code.
    pub waiting: Option<WaitingTotp>,
}

/// A secret that waits for its first code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingTotp {
    /// The secret, sealed: only the engine opens it.
    pub sealed: String,
    /// When it is over.
    pub expires_at: Timestamp,
    /// Wrong codes so far; five are the most.
    pub wrong_codes: i64,
}

/// What is known of the recovery codes of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryCodesStatus {
    /// How many were not used yet.
    pub left: i64,
    /// When they were made; none when there are none.
    pub made_at: Option<Timestamp>,
    /// When the person said that they keep them.
    pub saved_at: Option<Timestamp>,
    /// Whether the person may have some: the account has a factor they stand in for.
    pub may_be_made: bool,
}
