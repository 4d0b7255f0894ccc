//! A sentence that somebody writes about an act: why an account is suspended, why somebody looks at it.

use serde::{Deserialize, Serialize};
use std::fmt;

use crate::error::FieldIssue;
use crate::name::is_steering;

const MAX_LENGTH: usize = 500;

/// 1 to 500 characters of any script on one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Remark(String);

impl Remark {
    /// Parses what somebody typed; blanks and line breaks become one blank each.
    ///
    /// # Errors
    /// [`FieldIssue::Required`], [`FieldIssue::TooLong`] above 500 characters, and [`FieldIssue::InvalidCharacter`] for
    /// control characters and for marks that change the direction of text.
    pub fn parse(raw: &str) -> Result<Self, FieldIssue> {
        let remark = raw.split_whitespace().collect::<Vec<_>>().join(" ");
        if remark.is_empty() {
            return Err(FieldIssue::Required);
        }
        if remark.chars().count() > MAX_LENGTH {
            return Err(FieldIssue::TooLong);
        }
        if remark.chars().any(|letter| letter.is_control() || is_steering(letter)) {
            return Err(FieldIssue::InvalidCharacter);
        }
        Ok(Self(remark))
    }

    /// The same where nothing need be said.
    ///
    /// # Errors
    /// As [`Remark::parse`], but for an empty one.
    pub fn optional(raw: &str) -> Result<Option<Self>, FieldIssue> {
        match Self::parse(raw) {
            Ok(remark) => Ok(Some(remark)),
            Err(FieldIssue::Required) => Ok(None),
            Err(issue) => Err(issue),
        }
    }

    /// The sentence.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One that was accepted before. The rule is for new ones: it may have become stricter since.
impl From<String> for Remark {
    fn from(stored: String) -> Self {
        Self(stored)
    }
}

impl From<Remark> for String {
    fn from(remark: Remark) -> Self {
        remark.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remark_is_one_line_of_words() {
        assert_eq!(Remark::parse(" Sent spam.\r\n\tTwice. ").unwrap().as_str(), "Sent spam. Twice.");
        assert_eq!(Remark::parse(&"é".repeat(500)).unwrap().as_str().chars().count(), 500);
        for (bad, issue) in [
            ("", FieldIssue::Required),
            (" \n ", FieldIssue::Required),
            ("a\0b", FieldIssue::InvalidCharacter),
            ("a\u{202e}b", FieldIssue::InvalidCharacter),
            (&*"é".repeat(501), FieldIssue::TooLong),
        ] {
            assert_eq!(Remark::parse(bad), Err(issue), "{bad:.20?}");
        }
        assert_eq!(Remark::optional(" "), Ok(None));
        assert_eq!(Remark::optional("a\0"), Err(FieldIssue::InvalidCharacter));
    }
}
