//! Sign-ins that looked unusual, as administrators see them and as they are handed out to their person.

use serde::{Deserialize, Serialize};

use crate::anomaly::{AnomalyOutcome, AnomalyReason};
use crate::id::{AnomalyId, UserId};
use crate::{Cursor, Email, PersonName, Timestamp};

/// The last days, and a page of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anomalies {
    /// Each of the last thirty days, the eldest first; the last one is today and goes on.
    pub days: Vec<AnomalyDay>,
    /// Newest first.
    pub items: Vec<AnomalyItem>,
    /// Asks for the next page; none on the last.
    pub next: Option<Cursor>,
}

/// How many there were on a day of UTC, by reason; one with several reasons counts for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnomalyDay {
    /// Its first moment.
    pub start: Timestamp,
    /// Nobody travels that fast.
    pub impossible_travel: i64,
    /// With a device that the account had not seen.
    pub new_device: i64,
    /// From a client of many accounts.
    pub many_accounts: i64,
    /// Of an account one of whose tokens was used twice.
    pub token_reuse: i64,
}

impl AnomalyDay {
    /// How many there were for a reason.
    pub const fn of(&self, reason: AnomalyReason) -> i64 {
        match reason {
            AnomalyReason::ImpossibleTravel => self.impossible_travel,
            AnomalyReason::NewDevice => self.new_device,
            AnomalyReason::ManyAccounts => self.many_accounts,
            AnomalyReason::TokenReuse => self.token_reuse,
        }
    }
}

/// One in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnomalyItem {
    /// Which.
    pub id: AnomalyId,
    /// Whose account it was.
    pub user_id: UserId,
    /// The proved address.
    pub email: Email,
    /// What the person wants to be called.
    pub name: PersonName,
    /// What happened.
    #[serde(flatten)]
    pub record: AnomalyRecord,
}

/// What happened, without the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnomalyRecord {
    /// When.
    pub at: Timestamp,
    /// Browser and system in words; empty when unknown.
    pub device: String,
    /// The client's address.
    pub address: String,
    /// How unusual it was: 1 to 100.
    pub points: i64,
    /// Why, each reason once.
    pub reasons: Vec<AnomalyReason>,
    /// The journey that nobody makes, where that is a reason.
    pub travel: Option<AnomalyTravel>,
    /// Accounts that came from the client for the first time within an hour.
    pub accounts: i64,
    /// What became of it.
    pub outcome: AnomalyOutcome,
}

/// A journey that nobody makes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnomalyTravel {
    /// Where the account was used last, such as `Paris, FR`; empty when only the distance is known.
    pub from: String,
    /// Where it was used now.
    pub to: String,
    /// How far that is, at the least.
    pub kilometres: i64,
    /// In how many seconds.
    pub seconds: i64,
}
