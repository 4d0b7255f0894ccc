//! The keys of digests: one for each use, random, at rest in the database sealed under the master key (NIST SP 800-57 Part 1,
//! 5.2: a key is for one purpose; envelope encryption).
//!
//! A digest cannot be made anew without what it is of, so its key stays while master keys come and go.

use secrecy::{ExposeSecret, SecretBox};

use super::MasterKey;
use crate::random::Random;

/// A key of 256 bits for one use.
pub struct DataKey(SecretBox<[u8; 32]>);

/// What a data key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataKeyUse {
    /// Codes, and addresses that are looked for.
    Codes,
    /// Refresh tokens that follow from others.
    Successors,
    /// Lines of the audit log, and their chain.
    AuditLog,
    /// Names of shared secrets.
    SecretNames,
    /// Buckets of tries, known devices and challenges.
    Limits,
}

impl DataKeyUse {
    /// Every use.
    pub const ALL: [Self; 5] = [Self::Codes, Self::Successors, Self::AuditLog, Self::SecretNames, Self::Limits];

    /// As the store names it, and as it was told apart when these keys were derived from the master key.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Codes => "one-time codes",
            Self::Successors => "refresh token successor",
            Self::AuditLog => "audit log",
            Self::SecretNames => "names of shared secrets",
            Self::Limits => "limits",
        }
    }

    /// The place its key is sealed for.
    pub fn place(self) -> String {
        format!("data_keys.key_sealed.{}", self.as_str())
    }
}

impl DataKey {
    /// Takes 32 bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(SecretBox::new(Box::new(bytes)))
    }

    /// A new one.
    pub fn random(random: &dyn Random) -> Self {
        Self(SecretBox::init_with_mut(|key: &mut [u8; 32]| random.fill(key)))
    }

    /// The key that a database of before has its digests from: it was derived from the master key.
    pub fn derived(master: &MasterKey, purpose: DataKeyUse) -> Self {
        Self(master.derive(purpose.as_str()))
    }

    /// The key as it is sealed.
    pub(crate) fn bytes(&self) -> &[u8; 32] {
        self.0.expose_secret()
    }
}

/// Every data key.
pub struct DataKeys {
    /// For [`super::CodeMac`].
    pub codes: DataKey,
    /// For [`super::Successor`].
    pub successors: DataKey,
    /// For [`super::AuditMac`].
    pub audit_log: DataKey,
    /// For [`super::SecretNames`].
    pub secret_names: DataKey,
    /// For [`super::LimitMac`].
    pub limits: DataKey,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SeededRandom;
    use std::collections::HashSet;

    #[test]
    fn a_database_of_before_keeps_the_keys_that_were_derived() {
        // HKDF-SHA-256 with the salt `keywright v1`, computed by the HMAC of Python's standard library.
        let derived = DataKeyUse::ALL.map(|purpose| {
            let key = DataKey::derived(&MasterKey::from_bytes([1; 32]), purpose);
            u32::from_be_bytes(key.bytes()[..4].try_into().unwrap())
        });
        assert_eq!(derived, [0x0179_47ab, 0x84da_f429, 0xeb7b_a9dd, 0x8fae_01e8, 0xde67_6e48]);
    }

    #[test]
    fn a_new_database_has_keys_that_nobody_derives() {
        let random = SeededRandom::new(1);
        let keys: HashSet<[u8; 32]> = DataKeyUse::ALL.iter().map(|_| *DataKey::random(&random).bytes()).collect();
        assert_eq!(keys.len(), 5);
    }
}
