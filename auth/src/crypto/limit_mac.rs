//! Keyed digests of the limits: whose a bucket is cannot be read from the database, and nobody else makes a mark of a known
//! device or a challenge (HMAC-SHA-256 under a key of its own).

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq;

use super::DataKey;
use super::digest::mac;

/// What a digest is of. It goes into it: one of a kind never stands for another.
#[derive(Clone, Copy)]
pub enum LimitProof {
    /// The name of a bucket.
    Bucket,
    /// The cookie of a device that an account knows.
    KnownDevice,
    /// A challenge to work on.
    Challenge,
}

impl LimitProof {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::Bucket => b"bucket",
            Self::KnownDevice => b"known device",
            Self::Challenge => b"challenge",
        }
    }
}

/// Makes and judges the digests of the limits.
pub struct LimitMac(DataKey);

impl LimitMac {
    /// Takes the key for limits.
    pub fn new(key: DataKey) -> Self {
        Self(key)
    }

    /// The digest of these parts in base64url: 43 characters.
    pub fn of(&self, proof: LimitProof, parts: &[&str]) -> String {
        let labelled: Vec<&[u8]> =
            std::iter::once(proof.label()).chain(parts.iter().map(|part| part.as_bytes())).collect();
        BASE64_URL_SAFE_NO_PAD.encode(mac(&self.0, &labelled))
    }

    /// Whether a digest is that of these parts, in constant time.
    pub fn is_of(&self, proof: LimitProof, parts: &[&str], digest: &str) -> bool {
        self.of(proof, parts).as_bytes().ct_eq(digest.as_bytes()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_of_its_kind_its_parts_and_its_key_alone() {
        let ours = LimitMac::new(DataKey::from_bytes([1; 32]));
        let theirs = LimitMac::new(DataKey::from_bytes([2; 32]));
        let digest = ours.of(LimitProof::Challenge, &["ab", "c"]);
        assert_eq!(digest.len(), 43);
        assert!(ours.is_of(LimitProof::Challenge, &["ab", "c"], &digest));
        assert!(!ours.is_of(LimitProof::Challenge, &["a", "bc"], &digest));
        assert!(!ours.is_of(LimitProof::KnownDevice, &["ab", "c"], &digest));
        assert!(!theirs.is_of(LimitProof::Challenge, &["ab", "c"], &digest));
        assert!(!ours.is_of(LimitProof::Challenge, &["ab", "c"], ""));
    }
}
