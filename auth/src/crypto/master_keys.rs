//! The ring of master keys: one seals, and others open what was sealed before it, or what another node seals after it
//! (NIST SP 800-57 Part 1, 5.3.6: the originator's period of a key ends before the recipient's).

use super::MasterKey;

/// The master keys of the settings.
pub struct MasterKeys {
    current: MasterKey,
    others: Vec<MasterKey>,
}

impl MasterKeys {
    /// One that seals and opens, and others that only open. One that is named twice counts once.
    pub fn new(current: MasterKey, others: Vec<MasterKey>) -> Self {
        let mut ring = Self { current, others: Vec::with_capacity(others.len()) };
        for other in others {
            if ring.get(&other.fingerprint()).is_none() {
                ring.others.push(other);
            }
        }
        ring
    }

    /// The key that seals.
    pub fn current(&self) -> &MasterKey {
        &self.current
    }

    /// Those that only open.
    pub fn others(&self) -> &[MasterKey] {
        &self.others
    }

    /// The key of this name.
    pub fn get(&self, name: &str) -> Option<&MasterKey> {
        std::iter::once(&self.current).chain(&self.others).find(|key| key.fingerprint() == name)
    }
}

impl From<MasterKey> for MasterKeys {
    fn from(key: MasterKey) -> Self {
        Self::new(key, Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_in_the_ring_once_and_found_by_its_name() {
        let key = |byte: u8| MasterKey::from_bytes([byte; 32]);
        let ring = MasterKeys::new(key(1), vec![key(2), key(1), key(3), key(2)]);
        assert_eq!(ring.current().fingerprint(), key(1).fingerprint());
        assert_eq!(ring.others().len(), 2);
        for byte in 1..=4 {
            assert_eq!(ring.get(&key(byte).fingerprint()).is_some(), byte < 4, "{byte}");
        }
    }
}
