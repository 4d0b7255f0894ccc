//! Why an administrator of the platform closes an organization. Its owners read it in a mail.

use crate::error::FieldIssue;

/// A sentence of 1 to 500 characters, in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosingReason(String);

const MAX_LENGTH: usize = 500;

impl ClosingReason {
    /// Parses what somebody typed; blanks around it are forgiven.
    ///
    /// # Errors
    /// [`FieldIssue::Required`], [`FieldIssue::TooLong`], and [`FieldIssue::InvalidCharacter`] for control characters
    /// and marks that change the direction of text.
    pub fn parse(raw: &str) -> Result<Self, FieldIssue> {
        let reason = raw.trim();
        if reason.is_empty() {
            return Err(FieldIssue::Required);
        }
        if reason.chars().count() > MAX_LENGTH {
            return Err(FieldIssue::TooLong);
        }
        if reason.chars().any(|letter| letter.is_control() || is_steering(letter)) {
            return Err(FieldIssue::InvalidCharacter);
        }
        Ok(Self(reason.to_owned()))
    }

    /// The sentence as it is shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Bidirectional controls (UAX #9) and the invisible line and paragraph separators.
fn is_steering(letter: char) -> bool {
    matches!(letter, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        | '\u{2028}' | '\u{2029}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_one_line_of_words() {
        assert_eq!(ClosingReason::parse("  They send spam. ").map(|reason| reason.0).as_deref(), Ok("They send spam."));
        for (bad, issue) in [
            ("", FieldIssue::Required),
            (" \t", FieldIssue::Required),
            ("a\nb", FieldIssue::InvalidCharacter),
            ("a\u{202e}b", FieldIssue::InvalidCharacter),
        ] {
            assert_eq!(ClosingReason::parse(bad).err(), Some(issue), "{bad:?}");
        }
        assert_eq!(ClosingReason::parse(&"a".repeat(501)).err(), Some(FieldIssue::TooLong));
        assert!(ClosingReason::parse(&"é".repeat(500)).is_ok());
    }
}
