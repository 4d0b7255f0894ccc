//! The password rule, in the spirit of NIST SP 800-63B-4, 3.1.1.2: length counts, composition does
//! not. At least 12 characters, at most 256, any Unicode, not the address or name, not common, not leaked.
//!
//! What the browser can check is here; the lists of other people's passwords and the hashing need the engine.

use secrecy::{ExposeSecret, SecretString};

use crate::error::FieldIssue;

#[cfg(feature = "engine")]
pub mod common_passwords;
#[cfg(feature = "engine")]
pub mod cost;
#[cfg(fuzzing)]
pub mod fuzzed;
#[cfg(feature = "engine")]
pub mod hash;
#[cfg(feature = "engine")]
pub mod imported_hash;
#[cfg(feature = "engine")]
pub mod leaked_passwords;
#[cfg(feature = "engine")]
pub mod memory;
#[cfg(feature = "engine")]
pub mod pool;
#[cfg(feature = "engine")]
pub mod range_service;
mod strength;

pub use strength::{Strength, strength};

/// Fewest characters (code points) of a new password.
pub const MIN_LENGTH: usize = 12;
/// Most characters (code points) of any password; more is refused, never cut.
pub const MAX_LENGTH: usize = 256;
/// A part of the address or name shorter than this may stand in a password.
const MIN_PART: usize = 4;

/// A password that keeps the rule. No `Debug`, wiped from memory when dropped.
#[derive(Clone)]
pub struct NewPassword(SecretString);

impl NewPassword {
    /// Checks `raw` against the rule; `email` and `name` are what the person typed beside it.
    ///
    /// # Errors
    /// The first [`FieldIssue`] of: required, too short, too long, invalid character (control
    /// characters, which no keyboard types), contains the address, contains the name.
    pub fn parse(raw: &str, email: &str, name: &str) -> Result<Self, FieldIssue> {
        if raw.is_empty() {
            return Err(FieldIssue::Required);
        }
        let length = raw.chars().count();
        if length > MAX_LENGTH {
            return Err(FieldIssue::TooLong);
        }
        if length < MIN_LENGTH {
            return Err(FieldIssue::TooShort);
        }
        if raw.chars().any(char::is_control) {
            return Err(FieldIssue::InvalidCharacter);
        }
        if contains_email(raw, email) {
            return Err(FieldIssue::PasswordContainsEmail);
        }
        if contains_name(raw, name) {
            return Err(FieldIssue::PasswordContainsName);
        }
        Ok(Self(SecretString::from(raw)))
    }

    /// A password that is in use already and only gets a new hash.
    #[cfg(feature = "engine")]
    pub(crate) fn in_use(raw: &str) -> Self {
        Self(SecretString::from(raw))
    }

    /// The password itself, for hashing.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// Whether the password contains the address or the part before its `@`.
pub fn contains_email(password: &str, email: &str) -> bool {
    contains_part(password, email.split('@').next().unwrap_or_default())
}

/// Whether the password contains the name or one word of it.
pub fn contains_name(password: &str, name: &str) -> bool {
    name.split(|c: char| c.is_whitespace() || c.is_ascii_punctuation()).any(|word| contains_part(password, word))
}

fn contains_part(password: &str, part: &str) -> bool {
    part.chars().count() >= MIN_PART && folded(password).contains(&folded(part))
}

#[cfg(feature = "engine")]
fn folded(text: &str) -> String {
    text.to_lowercase()
}

/// Without the tables of all scripts, which a browser would have to download; the server decides.
#[cfg(not(feature = "engine"))]
fn folded(text: &str) -> String {
    text.to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(raw: &str) -> Option<FieldIssue> {
        NewPassword::parse(raw, "alice.doe@example.com", "Alice van Doe").err()
    }

    #[test]
    fn length_counts_and_composition_does_not() {
        assert_eq!(refused("correct horse battery"), None);
        assert_eq!(refused("пароль с пробелами"), None);
        assert_eq!(refused(&"é🔑".repeat(128)), None);
        assert_eq!(refused("elevenchars"), Some(FieldIssue::TooShort));
        assert_eq!(refused(&"x".repeat(257)), Some(FieldIssue::TooLong));
        assert_eq!(refused(""), Some(FieldIssue::Required));
        assert_eq!(refused("has a newline\nin it"), Some(FieldIssue::InvalidCharacter));
    }

    #[test]
    fn the_address_and_the_name_are_not_a_password() {
        assert_eq!(refused("xxALICE.DOE12345"), Some(FieldIssue::PasswordContainsEmail));
        assert_eq!(refused("my name is alice!"), Some(FieldIssue::PasswordContainsName));
        assert_eq!(refused("a van down by the river"), None, "short words are no secret");
    }
}
