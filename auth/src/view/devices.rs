//! The list of signed-in devices.

use serde::{Deserialize, Serialize};

use crate::id::{SessionId, TrustedDeviceId};
use crate::{Email, FactorMethod, Timestamp};

/// A signed-in device in its owner's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionItem {
    /// The session; not a secret.
    pub id: SessionId,
    /// Browser and system in words, such as `Firefox on Linux`; empty when unknown.
    pub device: String,
    /// How it signed in (`amr`, RFC 8176), such as `pwd`.
    pub method: String,
    /// The second factor that was proved in it last; none when none was.
    pub factor: Option<FactorMethod>,
    /// The client's address when it signed in.
    pub address: String,
    /// When it signed in.
    pub signed_in_at: Timestamp,
    /// When it last renewed its access token: to within the lifetime of one.
    pub last_seen_at: Timestamp,
    /// Whether it is the one that asks.
    pub is_current: bool,
    /// Whether an administrator acts in it in its person's place.
    pub is_impersonation: bool,
}

/// A browser in which the second factor is not asked for, in its owner's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustedDeviceItem {
    /// The device; not the secret.
    pub id: TrustedDeviceId,
    /// Browser and system in words, such as `Firefox on Linux`; empty when unknown.
    pub device: String,
    /// The client's address when it was trusted.
    pub address: String,
    /// When it was trusted.
    pub trusted_at: Timestamp,
    /// When it stood in for the second factor last; when it was trusted, if it never did.
    pub last_used_at: Timestamp,
    /// When it is asked again.
    pub expires_at: Timestamp,
    /// Whether it is the browser that asks.
    pub is_current: bool,
}

/// A browser that is or was trusted, as it is handed out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustedDeviceRecord {
    /// As its owner's list shows it.
    pub device: TrustedDeviceItem,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// A sign-in that waits for its second factor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingView {
    /// The address of its account.
    pub email: Email,
    /// The factors that may be proved, strongest first; recovery codes at the end.
    pub methods: Vec<FactorMethod>,
    /// How often a code may be typed before the next wait: at least 1.
    pub tries_left: u32,
    /// Seconds until a code is looked at again; 0: now.
    pub locked_for: u32,
    /// Whether a mailed code is asked for, because the sign-in looked unusual and the account has no factor.
    pub is_by_mail: bool,
}
