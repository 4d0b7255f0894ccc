//! Keyed digests of the audit log: whoever has only the database can neither write a line nor write the log anew
//! (HMAC-SHA-256 under a key of its own).

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use super::DataKey;
use super::digest::mac;

/// What is proved. It goes into the digest: a proof of one kind never stands for another.
#[derive(Clone, Copy)]
pub enum AuditProof {
    /// The personal part of a line, with its salt.
    Personal,
    /// A line.
    Line,
    /// Its place in the chain.
    Link,
    /// The end of the chain.
    Anchor,
    /// Where retention cut it.
    Checkpoint,
    /// That the program itself erased a personal part.
    Erasure,
}

impl AuditProof {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::Personal => b"personal",
            Self::Line => b"line",
            Self::Link => b"link",
            Self::Anchor => b"anchor",
            Self::Checkpoint => b"checkpoint",
            Self::Erasure => b"erasure",
        }
    }
}

/// Makes and judges the proofs of the audit log.
pub struct AuditMac(DataKey);

impl AuditMac {
    /// Takes the key for the audit log.
    pub fn new(key: DataKey) -> Self {
        Self(key)
    }

    /// The proof of these fields in base64url. Each goes in with its length, and a missing one differs from an empty
    /// one.
    pub fn of(&self, proof: AuditProof, fields: &[Option<&str>]) -> String {
        let mut parts = Vec::with_capacity(1 + 2 * fields.len());
        parts.push(proof.label());
        for field in fields {
            match field {
                Some(text) => parts.extend([b"=".as_slice(), text.as_bytes()]),
                None => parts.push(b"-"),
            }
        }
        BASE64_URL_SAFE_NO_PAD.encode(mac(&self.0, &parts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_stands_for_its_kind_its_fields_and_its_key_alone() {
        let ours = AuditMac::new(DataKey::from_bytes([1; 32]));
        let theirs = AuditMac::new(DataKey::from_bytes([2; 32]));
        let proof = ours.of(AuditProof::Line, &[Some("ab"), None]);
        assert_eq!(proof, ours.of(AuditProof::Line, &[Some("ab"), None]));
        assert_eq!(proof.len(), 43);
        for other in [
            theirs.of(AuditProof::Line, &[Some("ab"), None]),
            ours.of(AuditProof::Link, &[Some("ab"), None]),
            ours.of(AuditProof::Line, &[Some("ab"), Some("")]),
            ours.of(AuditProof::Line, &[Some("ab"), Some("-")]),
            ours.of(AuditProof::Line, &[Some("a"), Some("b")]),
            ours.of(AuditProof::Line, &[None, Some("ab")]),
            ours.of(AuditProof::Line, &[Some("ab")]),
        ] {
            assert_ne!(proof, other);
        }
    }
}
