//! What a person wants to be called. It ends up in mails and pages, so nothing in it may steer them.

use serde::{Deserialize, Serialize};
use std::fmt;

use crate::error::FieldIssue;

/// A name of 1 to 100 characters of any script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct PersonName(String);

const MAX_LENGTH: usize = 100;

impl PersonName {
    /// Parses what a person typed; blanks around it are forgiven.
    ///
    /// # Errors
    /// [`FieldIssue::Required`], [`FieldIssue::TooLong`] above 100 characters, and
    /// [`FieldIssue::InvalidCharacter`] for control characters and for marks that change the
    /// direction of text (they would let a name rewrite the sentence around it).
    pub fn parse(raw: &str) -> Result<Self, FieldIssue> {
        let name = raw.trim();
        if name.is_empty() {
            return Err(FieldIssue::Required);
        }
        if name.chars().count() > MAX_LENGTH {
            return Err(FieldIssue::TooLong);
        }
        if name.chars().any(|c| c.is_control() || is_steering(c)) {
            return Err(FieldIssue::InvalidCharacter);
        }
        // A mail client turns an address in running text into a link.
        if name.contains(['/', '\\', '@']) || name.contains("www.") {
            return Err(FieldIssue::InvalidCharacter);
        }
        if name.chars().all(is_invisible) {
            return Err(FieldIssue::Required);
        }
        Ok(Self(name.to_owned()))
    }

    /// The name as it is shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Bidirectional controls (UAX #9) and the invisible line and paragraph separators.
pub(crate) fn is_steering(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
}

/// Characters that show nothing (Unicode's default ignorables, and blanks of all kinds).
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
}

impl fmt::Display for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A name that was accepted before. The rule is for new ones: it may have become stricter since.
impl From<String> for PersonName {
    fn from(stored: String) -> Self {
        Self(stored)
    }
}

impl From<PersonName> for String {
    fn from(name: PersonName) -> Self {
        name.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_any_script_are_accepted() {
        for good in ["Alice", " Zoë O'Brien-Smith ", "李小龍", "محمد", "👩‍🚀 Sam"] {
            assert!(PersonName::parse(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn nothing_in_a_name_steers_the_text_around_it() {
        for bad in [
            "a\0b",
            "a\r\nb",
            "a\u{202e}b",
            "a\u{2028}b",
            "win at https://evil.example",
            "evil.example/win",
            "me@evil.example",
            "\u{1b}[31mred",
        ] {
            assert_eq!(PersonName::parse(bad), Err(FieldIssue::InvalidCharacter), "{bad:?}");
        }
        for empty in [" \t ", "\u{200b}\u{2060}", "\u{3164} \u{ad}"] {
            assert_eq!(PersonName::parse(empty), Err(FieldIssue::Required), "{empty:?}");
        }
        assert_eq!(PersonName::parse(&"x".repeat(101)), Err(FieldIssue::TooLong));
    }
}
