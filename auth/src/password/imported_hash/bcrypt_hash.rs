//! bcrypt: `$2b$12$` and 53 characters (Modular Crypt Format), and the two forms of Django.
//!
//! It hashes the first 72 bytes of a password and ignores the rest, so this does too. What was typed
//! at that sign-in is the password from then on, with all its bytes.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{GeneralPurpose, general_purpose};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{HashIssue, fields};

/// 2^15 rounds take about two seconds; each one more takes twice the time.
const MAX_COST: u32 = 15;
const MIN_COST: u32 = 4;
/// Bytes of a password that count.
const USED: usize = 72;
/// Characters of the salt; those of the output follow.
const SALT_CHARACTERS: usize = 22;
const CHARACTERS: usize = 53;

/// Some implementations left the bits that no byte needs as they were.
static BASE64: GeneralPurpose =
    GeneralPurpose::new(&alphabet::BCRYPT, general_purpose::NO_PAD.with_decode_allow_trailing_bits(true));

/// A bcrypt hash.
pub struct BcryptHash {
    cost: u32,
    salt: [u8; 16],
    /// Whether the password is the hexadecimal SHA-256 of the password.
    is_digested: bool,
    pub(super) expected: Vec<u8>,
}

impl BcryptHash {
    /// `$2a$`, `$2b$` and `$2y$` are one algorithm for what people type. `$2x$` marks hashes of a
    /// faulty implementation and is not known.
    pub(super) fn parse(text: &str, is_digested: bool) -> Result<Self, HashIssue> {
        let parts: Vec<&str> = text.split('$').collect();
        let ["", version, cost, salt_and_output] = parts[..] else { return Err(HashIssue::Malformed) };
        if !["2a", "2b", "2y"].contains(&version) {
            return Err(HashIssue::Unknown);
        }
        if cost.len() != 2 || salt_and_output.len() != CHARACTERS || !salt_and_output.is_ascii() {
            return Err(HashIssue::Malformed);
        }
        let cost = fields::number(cost)?;
        if cost > MAX_COST {
            return Err(HashIssue::TooExpensive);
        }
        if cost < MIN_COST {
            return Err(HashIssue::Malformed);
        }
        let (salt, output) = salt_and_output.split_at(SALT_CHARACTERS);
        let salt = BASE64.decode(salt).map_err(|_| HashIssue::Malformed)?;
        let salt: [u8; 16] = salt.try_into().map_err(|_| HashIssue::Malformed)?;
        let expected = BASE64.decode(output).map_err(|_| HashIssue::Malformed)?;
        Ok(Self { cost, salt, is_digested, expected })
    }

    pub(super) fn compute(&self, password: &[u8]) -> Zeroizing<Vec<u8>> {
        let mut key = Zeroizing::new(Vec::<u8>::with_capacity(password.len().max(USED) + 1));
        if self.is_digested {
            key.extend_from_slice(&hex_digest(password));
        } else {
            key.extend_from_slice(password);
        }
        // The text of C, with the NUL that ends it where there is room.
        key.push(0);
        key.truncate(USED);
        let mut output = Zeroizing::new(bcrypt::bcrypt(self.cost, self.salt, &key).to_vec());
        // Of 24 bytes 23 were kept.
        output.truncate(self.expected.len());
        output
    }
}

fn hex_digest(password: &[u8]) -> [u8; 64] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut hex = [0; 64];
    for (pair, byte) in hex.chunks_exact_mut(2).zip(Sha256::digest(password)) {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 15)];
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::super::{issue, verifies};
    use super::*;

    const PASSWORD: &str = "correct horse battery staple";

    #[test]
    fn every_form_verifies_its_password_only() {
        for hash in [
            // Made with bcrypt 4.3.
            "$2a$04$LyYkWdO6TtmtD5hj2F23Xencn2Rb4DoOY5CfowpmJhArhjmqjcJLC",
            "$2b$04$RSj4iLKbeDjrv./gsEEyI.Ss5DZwE9yfieaDXjDCG4WyugZ5.qiOa",
            // Made with passlib 1.7.
            "$2y$04$/CtBBNWTiy6km6msNEIwxeXA4yXRMUJkzikVoWkCOWTdOYC5HSAjO",
            // Made with Django 5.2.
            "bcrypt$$2b$04$PGI3bCDMIBI/ZuWXq//aCOduZSV9uLgThpcoIaGcrUZ3KJxveC8Xi",
            "bcrypt_sha256$$2b$04$l6ZFb3k.BgijnWzJnKRIi.GcImFXNhNH04GxCgEQLanb5IUxNVO4m",
        ] {
            assert!(verifies(PASSWORD, hash), "{hash}");
            assert!(!verifies("correct horse battery", hash) && !verifies("", hash), "{hash}");
        }
    }

    /// Made with bcrypt 4.3, of 72 characters and four more.
    #[test]
    fn the_first_72_bytes_count_as_they_did() {
        let hash = "$2b$04$MLFr1zsIG09zMwwvI5KQwehHo1C/C/hdJPaKJWX14BhHSnyx0s7jW";
        let used = "x".repeat(72);
        assert!(verifies(&format!("{used}tail"), hash) && verifies(&used, hash));
        assert!(!verifies(&"x".repeat(71), hash));
    }

    /// Made with Django 5.2, of 100 characters.
    #[test]
    fn behind_sha256_everything_counts() {
        let hash = "bcrypt_sha256$$2b$04$RTsjKg1nz1bAGbURYPjUtONzbmrw.rK2sA4bNYEIU6STnvoyKZhdi";
        assert!(verifies(&"y".repeat(100), hash) && !verifies(&"y".repeat(99), hash));
    }

    /// From the tests of jBCrypt.
    #[test]
    fn the_empty_password_has_its_known_hash() {
        assert!(verifies("", "$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s."));
    }

    #[test]
    fn what_is_broken_or_too_expensive_is_refused() {
        let rest = "RSj4iLKbeDjrv./gsEEyI.Ss5DZwE9yfieaDXjDCG4WyugZ5.qiOa";
        assert_eq!(issue(&format!("$2b$15${rest}")), None);
        assert_eq!(issue(&format!("$2b$16${rest}")), Some(HashIssue::TooExpensive));
        assert_eq!(issue(&format!("$2x$04${rest}")), Some(HashIssue::Unknown));
        for broken in [
            format!("$2b$03${rest}"),
            format!("$2b$4${rest}"),
            format!("$2b$04${}", &rest[1..]),
            format!("$2b$04${rest}$"),
            format!("$2b$04$é{}", &rest[2..]),
            format!("$2b$04$+{}", &rest[1..]),
            "$2b$04$".to_owned(),
        ] {
            assert_eq!(issue(&broken), Some(HashIssue::Malformed), "{broken}");
        }
    }
}
