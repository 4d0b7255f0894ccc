//! The second factors of an account at a glance, and the recovery by mail of one that lost them.

use serde::{Deserialize, Serialize};

use crate::{Email, FactorMethod, Factors, Timestamp};

/// Which factors an account has and since when. Nothing in it proves anybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactorsOverview {
    /// Whether there is a password to sign in with.
    pub has_password: bool,
    /// The kinds that are active, strongest first.
    pub active: Factors,
    /// The kinds that can be added here: passkeys work at no bare IP address, and codes by SMS and mail are the
    /// operator's choice.
    pub available: Factors,
    /// The passkeys, newest first.
    pub passkeys: Vec<PasskeyFact>,
    /// Since when codes of an authenticator app are asked for; none: they are not.
    pub totp_since: Option<Timestamp>,
    /// Where codes by SMS go; none: nowhere.
    pub phone: Option<PhoneFact>,
    /// How many recovery codes are unused.
    pub recovery_codes_left: u32,
    /// When these were made; none when there are none.
    pub recovery_codes_since: Option<Timestamp>,
    /// In how many browsers the second factor is not asked for.
    pub trusted_devices: u32,
    /// The recovery by mail that runs.
    pub recovery: Option<AccountRecovery>,
}

/// A passkey by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasskeyFact {
    /// What its owner calls it.
    pub name: String,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was last used; none: never.
    pub last_used_at: Option<Timestamp>,
}

/// A proven phone number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneFact {
    /// Its last digits, such as `+44 •••• ••23`.
    pub masked: String,
    /// When it was proven.
    pub since: Timestamp,
}

impl FactorsOverview {
    /// Whether a kind is asked for at a sign-in.
    pub fn has(&self, method: FactorMethod) -> bool {
        self.active.contains(method)
    }

    /// Whether a kind can be added here.
    pub fn offers(&self, method: FactorMethod) -> bool {
        self.available.contains(method)
    }
}

/// A recovery by mail that runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRecovery {
    /// The address of the account, to which the link goes.
    pub email: Email,
    /// Browser and system it was asked for with, in words; empty when unknown.
    pub device: String,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// When the link that completes it is mailed.
    pub ready_at: Timestamp,
    /// When that link ends.
    pub expires_at: Timestamp,
}

/// What the link that completes a recovery would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryToComplete {
    /// The recovery.
    pub recovery: AccountRecovery,
    /// Whether the password is asked for.
    pub has_password: bool,
}
