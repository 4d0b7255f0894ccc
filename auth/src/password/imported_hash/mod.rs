//! Hashes that other systems made: parsed, bounded in cost, verified. A sign-in replaces them.
//!
//! - Argon2 i, d and id, versions 16 and 19: PHC; Django's `argon2$argon2id$…`
//! - bcrypt: MCF `$2a$`, `$2b$`, `$2y$`; Django's `bcrypt$$2b$…` and `bcrypt_sha256$$2b$…`
//! - PBKDF2 with SHA-1, SHA-256 or SHA-512: PHC `$pbkdf2-sha256$i=…`; passlib's `$pbkdf2-sha256$29000$…`;
//!   Django's `pbkdf2_sha256$…`
//! - scrypt: PHC `$scrypt$ln=…`; Django's `scrypt$…`
//!
//! Other systems hashed the characters as they were typed, ours in their composed form. So a password
//! is tried as it is typed, and, where that is another text, composed (NFC).

use subtle::ConstantTimeEq;

use super::hash::normalized;
use super::memory::Memory;
use argon2_hash::Argon2Hash;
use bcrypt_hash::BcryptHash;
use pbkdf2_hash::Pbkdf2Hash;
use scrypt_hash::ScryptHash;

mod argon2_hash;
mod bcrypt_hash;
mod fields;
mod pbkdf2_hash;
mod scrypt_hash;

/// Bytes of the longest string that is looked at.
const LONGEST: usize = 1024;
/// Memory that one verification may take, in KiB. Each hash thread may take it at the same time.
const MAX_MEMORY: u32 = 256 * 1024;

/// A hash of one of the families. No `Debug`: a hash can be guessed at.
pub enum ImportedHash {
    /// RFC 9106, and its predecessor.
    Argon2(Argon2Hash),
    /// Provos and Mazières, "A Future-Adaptable Password Scheme".
    Bcrypt(BcryptHash),
    /// RFC 8018, 5.2.
    Pbkdf2(Pbkdf2Hash),
    /// RFC 7914.
    Scrypt(ScryptHash),
}

/// Why a string cannot be taken as a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashIssue {
    /// Of no family that is known.
    #[error("no form of hash that is known")]
    Unknown,
    /// Of a known family, but something is missing, too short or not readable.
    #[error("a known form of hash, but broken")]
    Malformed,
    /// Verifying it would hold a hash thread for seconds or take more than 256 MiB.
    #[error("verifying this hash would cost more than a sign-in may")]
    TooExpensive,
}

impl ImportedHash {
    /// Parses a hash as another system stored it.
    ///
    /// # Errors
    /// A [`HashIssue`]; an imported hash must not stall the hash threads.
    pub fn parse(text: &str) -> Result<Self, HashIssue> {
        // PostgreSQL keeps no text with a NUL.
        if text.len() > LONGEST || text.contains('\0') {
            return Err(HashIssue::Malformed);
        }
        if let Some(mcf) = text.strip_prefix("bcrypt_sha256$") {
            return BcryptHash::parse(mcf, true).map(Self::Bcrypt);
        }
        // Django puts a name before hashes that have one already.
        let text = text.strip_prefix("bcrypt$").unwrap_or(text);
        let text = text.strip_prefix("argon2").unwrap_or(text);
        let is_of = |starts: [&str; 2]| starts.iter().any(|start| text.starts_with(*start));
        if text.starts_with("$argon2") {
            Argon2Hash::parse(text).map(Self::Argon2)
        } else if text.starts_with("$2") {
            BcryptHash::parse(text, false).map(Self::Bcrypt)
        } else if is_of(["$pbkdf2", "pbkdf2_"]) {
            Pbkdf2Hash::parse(text).map(Self::Pbkdf2)
        } else if is_of(["$scrypt$", "scrypt$"]) {
            ScryptHash::parse(text).map(Self::Scrypt)
        } else {
            Err(HashIssue::Unknown)
        }
    }

    /// Verifies a password, in constant time.
    ///
    /// # Errors
    /// When the library refuses what was parsed, which it does not.
    pub fn verify(&self, password: &str, memory: &mut Memory) -> anyhow::Result<bool> {
        let composed = normalized(password);
        let mut is_right = self.matches(password.as_bytes(), memory)?;
        if !is_right && *composed != *password {
            is_right = self.matches(composed.as_bytes(), memory)?;
        }
        // Nobody types a NUL. To bcrypt and HMAC it may end a password without changing its hash, and
        // the hash that replaces this one would be of another password than its owner's.
        Ok(is_right && !password.contains('\0'))
    }

    fn matches(&self, password: &[u8], memory: &mut Memory) -> anyhow::Result<bool> {
        let (output, expected) = match self {
            Self::Argon2(hash) => (hash.compute(password, memory)?, &hash.expected),
            Self::Bcrypt(hash) => (hash.compute(password), &hash.expected),
            Self::Pbkdf2(hash) => (hash.compute(password), &hash.expected),
            Self::Scrypt(hash) => (hash.compute(password)?, &hash.expected),
        };
        Ok(output.as_slice().ct_eq(expected.as_slice()).into())
    }
}

/// The text of a hash that can be verified: what an import stores.
pub struct HashText(String);

impl HashText {
    /// Checks the text.
    ///
    /// # Errors
    /// The [`HashIssue`] of [`ImportedHash::parse`].
    pub fn parse(text: &str) -> Result<Self, HashIssue> {
        ImportedHash::parse(text)?;
        Ok(Self(text.to_owned()))
    }

    /// The text, as the other system had it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
fn verifies(password: &str, hash: &str) -> bool {
    ImportedHash::parse(hash).unwrap().verify(password, &mut Memory::keeping(0)).unwrap()
}

#[cfg(test)]
fn issue(hash: &str) -> Option<HashIssue> {
    ImportedHash::parse(hash).err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_hash_is_unknown() {
        for text in ["", "x", "!", "argon2", "bcrypt$", "$", "$1$salt$hash", "md5$salt$hash", "correct horse", "é$2"] {
            assert_eq!(issue(text), Some(HashIssue::Unknown), "{text:?}");
        }
        assert_eq!(issue(&"$2b$".repeat(257)), Some(HashIssue::Malformed));
        assert_eq!(issue("bcrypt_sha256$"), Some(HashIssue::Malformed));
    }

    /// Made with bcrypt 4.3, of the composed form and of the decomposed one.
    #[test]
    fn a_password_is_tried_as_typed_and_composed() {
        let of_composed = "$2b$04$tMT5OPzxmeMrMMCZD./pHuP.r3YGdDbtBb.6WbOiSuqxgXnbwiKP.";
        let of_decomposed = "$2b$04$lmdsHirXOVAuwVb/i94jj.aAi9ytjcT5wnM5Ur/EX8jH7O/AtEixe";
        let (composed, decomposed) = ("p\u{e4}ssw\u{f6}rd of old", "pa\u{308}sswo\u{308}rd of old");
        assert!(verifies(composed, of_composed) && verifies(decomposed, of_composed));
        assert!(verifies(decomposed, of_decomposed) && !verifies(composed, of_decomposed));
        assert!(!verifies("password of old", of_composed));
    }

    #[test]
    fn a_password_with_a_nul_is_never_right() {
        let hash = "$pbkdf2-sha256$i=1,l=64$c2FsdA$VawEblbjCJ/sFpHCJUS2BflBhSFt3gRl5oudV8INrLxJypzM8Xm2RZkWZLOdd+8xfHG4RbHjC9UJESBB06GXgw";
        assert!(verifies("passwd", hash) && !verifies("passwd\0", hash), "to HMAC both are one key");
    }

    #[test]
    fn the_text_of_a_hash_stays_as_it_is() {
        let django = "bcrypt$$2b$04$PGI3bCDMIBI/ZuWXq//aCOduZSV9uLgThpcoIaGcrUZ3KJxveC8Xi";
        assert_eq!(HashText::parse(django).ok().unwrap().as_str(), django);
        assert_eq!(HashText::parse("nothing").err(), Some(HashIssue::Unknown));
    }
}
