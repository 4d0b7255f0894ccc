//! The master key and the keys derived from it (HKDF-SHA-256, RFC 5869).

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use hkdf::Hkdf;
use secrecy::{ExposeSecret, SecretBox, SecretString};
use sha2::{Digest, Sha256};

/// 256 bits that everything sealed at rest depends on. Lives in the settings, never in the database.
pub struct MasterKey(SecretBox<[u8; 32]>);

impl MasterKey {
    /// Reads 32 bytes written in base64 (standard or URL-safe, with or without padding).
    ///
    /// # Errors
    /// A sentence for the operator when it is not 32 bytes, or all bytes are the same.
    pub fn parse(text: &SecretString) -> Result<Self, &'static str> {
        let text = text.expose_secret().trim().trim_end_matches('=');
        let unified: String = text.replace('+', "-").replace('/', "_");
        let bytes: [u8; 32] = BASE64_URL_SAFE_NO_PAD
            .decode(unified)
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or("must be 32 random bytes in base64; make one with `openssl rand -base64 32`")?;
        if bytes.iter().all(|byte| *byte == bytes[0]) {
            return Err("is not random; make one with `openssl rand -base64 32`");
        }
        Ok(Self::from_bytes(bytes))
    }

    /// Takes 32 random bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(SecretBox::new(Box::new(bytes)))
    }

    /// The key as text, the way [`MasterKey::parse`] reads it.
    pub fn to_text(&self) -> SecretString {
        SecretString::from(BASE64_STANDARD.encode(self.0.expose_secret()))
    }

    /// A key for one use only, told apart by `label`.
    pub(super) fn derive(&self, label: &str) -> SecretBox<[u8; 32]> {
        let hkdf = Hkdf::<Sha256>::new(Some(b"keywright v1"), self.0.expose_secret());
        SecretBox::init_with_mut(|key: &mut [u8; 32]| {
            hkdf.expand(label.as_bytes(), key).expect("32 bytes are within HKDF's limit");
        })
    }

    /// Eight characters that tell this key from another, safe to store and to show.
    pub fn fingerprint(&self) -> String {
        let digest = Sha256::digest(self.derive("fingerprint").expose_secret());
        BASE64_URL_SAFE_NO_PAD.encode(&digest[..6])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_being_written_down() {
        let key = MasterKey::from_bytes([7; 32].map({
            let mut n = 0_u8;
            move |b: u8| {
                n += 1;
                b ^ n
            }
        }));
        let again = MasterKey::parse(&key.to_text()).unwrap();
        assert_eq!(key.fingerprint(), again.fingerprint());
        assert_ne!(key.derive("a").expose_secret(), key.derive("b").expose_secret());
    }

    #[test]
    fn weak_keys_are_refused() {
        for weak in ["", "secret", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "c2hvcnQ="] {
            assert!(MasterKey::parse(&SecretString::from(weak)).is_err(), "{weak}");
        }
    }
}
