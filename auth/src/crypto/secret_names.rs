//! Names of shared secrets. A name is public, so it must not help anybody to guess the secret: a digest
//! would (RFC 7638, 7), a digest under a key does not.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use super::DataKey;
use super::digest::mac;

/// Gives names to shared secrets.
pub struct SecretNames(DataKey);

impl SecretNames {
    /// Takes the key for names.
    pub fn new(key: DataKey) -> Self {
        Self(key)
    }

    /// The name of a secret that is the key with this number: as long as a thumbprint, the same on every
    /// node. Used again later, a secret has another number and another name.
    pub fn of(&self, sequence: i64, secret: &[u8]) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(mac(&self.0, &[&sequence.to_be_bytes(), secret]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_depends_on_secret_number_and_key() {
        let names = SecretNames::new(DataKey::from_bytes([1; 32]));
        let name = names.of(1, b"secret");
        assert_eq!(name, SecretNames::new(DataKey::from_bytes([1; 32])).of(1, b"secret"));
        assert_eq!(name.len(), 43);
        assert_ne!(name, names.of(2, b"secret"));
        assert_ne!(name, names.of(1, b"secreT"));
        assert_ne!(name, SecretNames::new(DataKey::from_bytes([2; 32])).of(1, b"secret"));
    }
}
