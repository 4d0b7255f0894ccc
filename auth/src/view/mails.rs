//! Mails and SMS on their way, as support sees them: never what is in one.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::id::JobId;

/// What becomes of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailState {
    /// It waits, for its first try or another one.
    Waiting,
    /// The mail server took it.
    Sent,
    /// It is not tried any more.
    Dead,
}

impl MailState {
    /// Every one, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Sent, Self::Dead];

    /// As programs name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Dead => "dead",
        }
    }

    /// The state of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// A mail or an SMS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailItem {
    /// Its id, which is also in its `Message-ID`.
    pub id: JobId,
    /// What it is for, such as `verify_email`, or `sms`; none when an older version sent it.
    pub kind: Option<String>,
    /// To whom, as much of it as tells two people apart; none when an older version sent it.
    pub recipient: Option<String>,
    /// What becomes of it.
    pub state: MailState,
    /// How often it was tried.
    pub attempts: i64,
    /// Why it did not leave the last time.
    pub last_error: Option<String>,
    /// When it was promised.
    pub created_at: Timestamp,
    /// When it is tried again, while it waits.
    pub next_at: Option<Timestamp>,
    /// When it was sent, or given up.
    pub ended_at: Option<Timestamp>,
    /// Whether the link or code in it is over: it is not sent again.
    pub is_outdated: bool,
}
