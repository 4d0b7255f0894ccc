//! The list of what happened to an account.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::event::EventKind;
use crate::id::SessionId;

/// Something that happened to an account; its sentence is [`crate::text::event_text`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityItem {
    /// The event; not a secret.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: EventKind,
    /// Browser and system it was done with, in words; empty when unknown.
    pub device: String,
    /// The client's address.
    pub address: String,
    /// The session it was done to, or done by.
    pub session_id: Option<SessionId>,
}
