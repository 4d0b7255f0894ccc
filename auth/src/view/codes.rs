//! What somebody sees of codes by mail and SMS.

use serde::{Deserialize, Serialize};

use crate::{Email, PhoneNumber, Timestamp};

/// Which codes an account gets, and what waits to be proved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodesStatus {
    /// Where codes by mail go: the account's address.
    pub email: Email,
    /// Whether they may be switched on here.
    pub offers_email: bool,
    /// Whether they are a factor of the account.
    pub has_email: bool,
    /// The code that proves the mailbox, while it waits in this session.
    pub email_waits: Option<WaitingCode>,
    /// Whether SMS are sent here, so that a number may be added.
    pub offers_phone: bool,
    /// The proved number, masked; none when SMS are no factor of the account.
    pub phone: Option<String>,
    /// The number that must prove itself, masked, and its code while one waits in this session.
    pub phone_waits: Option<(String, Option<WaitingCode>)>,
}

/// A code that was sent and waits to be typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingCode {
    /// When it was promised.
    pub sent_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// Seconds until another may be asked for.
    pub resend_in: u32,
    /// How often it may still be typed.
    pub tries_left: u32,
}

/// A phone number as it is handed out to its person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneRecord {
    /// The whole number.
    pub number: PhoneNumber,
    /// When it was asked for, while it did not prove itself.
    pub asked_at: Option<Timestamp>,
    /// When it proved itself.
    pub proved_at: Option<Timestamp>,
}
