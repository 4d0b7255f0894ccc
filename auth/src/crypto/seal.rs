//! Envelope encryption of secrets at rest: XChaCha20-Poly1305 under a key from the settings.
//!
//! A sealed value reads `v1.<name of the master key>.<nonce>.<ciphertext>`. The associated data names table, column
//! and row, so a value copied to another row does not open.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use secrecy::ExposeSecret;
use zeroize::Zeroizing;

use super::{MasterKey, MasterKeys};
use crate::random::Random;

/// Characters of the name of a master key.
const NAME: usize = 8;

/// A sealed value that does not open.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The master key of this name is not in the ring.
    #[error("a sealed value needs the master key {0}, which is not among those of the settings")]
    MissingKey(String),
    /// It was moved or changed, or is none.
    #[error("a sealed value does not open: it was moved or changed")]
    Broken,
}

/// Seals values under one master key, and opens those of every key of the ring.
pub struct Sealer {
    current: Key,
    others: Vec<Key>,
}

struct Key {
    /// The name of the master key.
    name: String,
    cipher: XChaCha20Poly1305,
}

impl Key {
    fn of(master: &MasterKey) -> Self {
        let key = master.derive("seal");
        Self { name: master.fingerprint(), cipher: XChaCha20Poly1305::new(key.expose_secret().into()) }
    }
}

impl Sealer {
    /// Derives the keys.
    pub fn new(ring: &MasterKeys) -> Self {
        Self { current: Key::of(ring.current()), others: ring.others().iter().map(Key::of).collect() }
    }

    /// The name of the master key that seals.
    pub fn key_name(&self) -> &str {
        &self.current.name
    }

    /// The names of the master keys that only open.
    pub fn other_names(&self) -> impl Iterator<Item = &str> {
        self.others.iter().map(|key| key.name.as_str())
    }

    /// Whether values under the master key of this name can be opened.
    pub fn knows(&self, name: &str) -> bool {
        self.key(name).is_some()
    }

    /// How every value begins that is sealed from now on.
    pub fn beginning(&self) -> String {
        format!("v1.{}.", self.current.name)
    }

    /// Seals `plain` for the place named `table.column.row`.
    ///
    /// # Panics
    /// Never in practice: the cipher fails above 256 GiB only.
    pub fn seal(&self, random: &dyn Random, place: &str, plain: &[u8]) -> String {
        let mut nonce = [0; 24];
        random.fill(&mut nonce);
        let sealed = self
            .current
            .cipher
            .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: place.as_bytes() })
            .expect("the value is small");
        let encode = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        format!("{}{}.{}", self.beginning(), encode(&nonce), encode(&sealed))
    }

    /// Opens what was sealed for the same place, under any key of the ring.
    ///
    /// # Errors
    /// [`SealError`].
    pub fn open(&self, place: &str, sealed: &str) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (name, nonce, body) = parts(sealed).ok_or(SealError::Broken)?;
        let key = self.key(name).ok_or_else(|| SealError::MissingKey(name.to_owned()))?;
        let decode = |text: &str| BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| SealError::Broken);
        let nonce: [u8; 24] = decode(nonce)?.try_into().map_err(|_| SealError::Broken)?;
        let body = decode(body)?;
        key.cipher
            .decrypt(&XNonce::from(nonce), Payload { msg: &body, aad: place.as_bytes() })
            .map(Zeroizing::new)
            .map_err(|_| SealError::Broken)
    }

    /// The name of the master key that a value was sealed under, whether it is in a ring or not.
    pub fn key_of(sealed: &str) -> Option<&str> {
        parts(sealed).map(|(name, _, _)| name)
    }

    fn key(&self, name: &str) -> Option<&Key> {
        std::iter::once(&self.current).chain(&self.others).find(|key| key.name == name)
    }
}

/// Name of the master key, nonce and ciphertext, as they are written.
fn parts(sealed: &str) -> Option<(&str, &str, &str)> {
    let mut parts = sealed.split('.');
    let (Some("v1"), Some(name), Some(nonce), Some(body), None) =
        (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let is_name = name.len() == NAME && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    is_name.then_some((name, nonce, body))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{SeededRandom, SystemRandom};
    use std::collections::HashSet;

    fn key(byte: u8) -> MasterKey {
        MasterKey::from_bytes([byte; 32])
    }

    #[test]
    fn a_value_opens_only_in_its_own_place() {
        let (random, sealer) = (SeededRandom::new(1), Sealer::new(&key(1).into()));
        let sealed = sealer.seal(&random, "jobs.payload.1", b"secret");
        assert_eq!(&**sealer.open("jobs.payload.1", &sealed).unwrap(), b"secret");
        assert_eq!(sealer.open("jobs.payload.2", &sealed).err(), Some(SealError::Broken));
        for broken in ["", "v1", "v1.a.b.c.d", "v2.a.b.c", "v1.a.b.c", &sealed[..sealed.len() - 2]] {
            assert_eq!(sealer.open("jobs.payload.1", broken).err(), Some(SealError::Broken), "{broken}");
        }
    }

    #[test]
    fn every_key_of_the_ring_opens_and_the_current_one_seals() {
        let random = SeededRandom::new(1);
        let (before, after) = (Sealer::new(&key(1).into()), Sealer::new(&MasterKeys::new(key(2), vec![key(1)])));
        let old = before.seal(&random, "place", b"old");
        assert_eq!(Sealer::key_of(&old), Some(before.key_name()));
        assert!(!old.starts_with(&after.beginning()));
        assert_eq!(&**after.open("place", &old).unwrap(), b"old");
        let new = after.seal(&random, "place", b"new");
        assert!(new.starts_with(&after.beginning()) && after.beginning().len() == 4 + NAME);
        let missing = SealError::MissingKey(after.key_name().to_owned());
        assert_eq!(before.open("place", &new).err(), Some(missing));
        assert!(after.knows(before.key_name()) && !before.knows(after.key_name()));
        // A name that is written over helps nobody.
        let renamed = old.replace(before.key_name(), after.key_name());
        assert_eq!(after.open("place", &renamed).err(), Some(SealError::Broken));
    }

    /// ASVS 5.0, 11.3.4.
    #[test]
    fn no_two_sealings_share_a_nonce() {
        let sealer = Sealer::new(&key(1).into());
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
