//! The list of signed-in devices.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::id::SessionId;

/// A signed-in device in its owner's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionItem {
    /// The session; not a secret.
    pub id: SessionId,
    /// Browser and system in words, such as `Firefox on Linux`; empty when unknown.
    pub device: String,
    /// How it signed in (`amr`, RFC 8176), such as `pwd`.
    pub method: String,
    /// The client's address when it signed in.
    pub address: String,
    /// When it signed in.
    pub signed_in_at: Timestamp,
    /// When it last renewed its access token: to within the lifetime of one.
    pub last_seen_at: Timestamp,
    /// Whether it is the one that asks.
    pub is_current: bool,
}
