//! Envelope encryption of secrets at rest: XChaCha20-Poly1305 under a key from the settings.
//!
//! A sealed value reads `v1.<key>.<nonce>.<ciphertext>`. The associated data names table, column
//! and row, so a value copied to another row does not open.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use secrecy::ExposeSecret;
use zeroize::Zeroizing;

use super::MasterKey;
use crate::random::Random;

/// A sealed value that does not open: made under another master key, moved, or changed.
#[derive(Debug, thiserror::Error)]
#[error("a sealed value does not open: the master key is another one, or the value was changed")]
pub struct SealError;

/// Seals and opens values under one master key.
pub struct Sealer {
    cipher: XChaCha20Poly1305,
    key_id: String,
}

impl Sealer {
    /// Derives the key.
    pub fn new(master: &MasterKey) -> Self {
        let key = master.derive("seal");
        Self { cipher: XChaCha20Poly1305::new(key.expose_secret().into()), key_id: master.fingerprint() }
    }

    /// Seals `plain` for the place named `table.column.row`.
    ///
    /// # Panics
    /// Never in practice: the cipher fails above 256 GiB only.
    pub fn seal(&self, random: &dyn Random, place: &str, plain: &[u8]) -> String {
        let mut nonce = [0; 24];
        random.fill(&mut nonce);
        let sealed = self
            .cipher
            .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: place.as_bytes() })
            .expect("the value is small");
        let encode = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        format!("v1.{}.{}.{}", self.key_id, encode(&nonce), encode(&sealed))
    }

    /// Opens what was sealed for the same place.
    ///
    /// # Errors
    /// [`SealError`], without a reason: there is only one for the reader.
    pub fn open(&self, place: &str, sealed: &str) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let mut parts = sealed.split('.');
        let (Some("v1"), Some(key_id), Some(nonce), Some(body), None) =
            (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(SealError);
        };
        if key_id != self.key_id {
            return Err(SealError);
        }
        let decode = |text: &str| BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| SealError);
        let nonce: [u8; 24] = decode(nonce)?.try_into().map_err(|_| SealError)?;
        let body = decode(body)?;
        self.cipher
            .decrypt(&XNonce::from(nonce), Payload { msg: &body, aad: place.as_bytes() })
            .map(Zeroizing::new)
            .map_err(|_| SealError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{SeededRandom, SystemRandom};
    use std::collections::HashSet;

    #[test]
    fn a_value_opens_only_in_its_own_place() {
        let (random, sealer) = (SeededRandom::new(1), Sealer::new(&MasterKey::from_bytes([1; 32])));
        let sealed = sealer.seal(&random, "jobs.payload.1", b"secret");
        assert_eq!(&**sealer.open("jobs.payload.1", &sealed).unwrap(), b"secret");
        assert!(sealer.open("jobs.payload.2", &sealed).is_err());
        let other = Sealer::new(&MasterKey::from_bytes([2; 32]));
        assert!(other.open("jobs.payload.1", &sealed).is_err());
        for broken in ["", "v1", "v1.a.b.c.d", "v2.a.b.c", &sealed[..sealed.len() - 2]] {
            assert!(sealer.open("jobs.payload.1", broken).is_err(), "{broken}");
        }
    }

    /// ASVS 5.0, 11.3.4.
    #[test]
    fn no_two_sealings_share_a_nonce() {
        let sealer = Sealer::new(&MasterKey::from_bytes([1; 32]));
        let nonce = |random: &dyn Random| {
            let sealed = sealer.seal(random, "jobs.payload.1", b"secret");
            let nonce = sealed.split('.').nth(2).unwrap().to_owned();
            assert_eq!(BASE64_URL_SAFE_NO_PAD.decode(&nonce).unwrap().len(), 24);
            nonce
        };
        let nonces: HashSet<String> = (0..10_000).map(|_| nonce(&SystemRandom)).collect();
        assert_eq!(nonces.len(), 10_000);
        // Control: a source that repeats itself would be seen.
        assert_eq!(nonce(&SeededRandom::new(1)), nonce(&SeededRandom::new(1)));
    }
}
