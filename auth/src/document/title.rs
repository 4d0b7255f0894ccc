//! What a document is called.

use serde::{Deserialize, Serialize};
use std::fmt;

use crate::error::FieldIssue;
use crate::name::{is_invisible, is_steering};

/// 1 to 200 characters of any script, on one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Title(String);

impl Title {
    /// Most characters.
    pub const MAX_LENGTH: usize = 200;

    /// Parses what somebody typed; blanks around it are forgiven.
    ///
    /// # Errors
    /// [`FieldIssue::Required`], also for what shows nothing; [`FieldIssue::TooLong`];
    /// [`FieldIssue::InvalidCharacter`] for control characters and for marks that change the direction of text: they
    /// would let a title rewrite the list around it.
    pub fn parse(raw: &str) -> Result<Self, FieldIssue> {
        let title = raw.trim();
        if title.chars().all(is_invisible) {
            return Err(FieldIssue::Required);
        }
        if title.chars().count() > Self::MAX_LENGTH {
            return Err(FieldIssue::TooLong);
        }
        if title.chars().any(|c| c.is_control() || is_steering(c)) {
            return Err(FieldIssue::InvalidCharacter);
        }
        Ok(Self(title.to_owned()))
    }

    /// The title as it is shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As the store looks for it.
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}

/// From the store, where only parsed titles are.
impl From<String> for Title {
    fn from(title: String) -> Self {
        Self(title)
    }
}

impl fmt::Display for Title {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_one_line_of_any_script() {
        for good in ["Plan", " Budget 2028: a/b @ 5 % ", "予算", "خطة", &"x".repeat(200)] {
            assert_eq!(Title::parse(good).unwrap().as_str(), good.trim());
        }
        for (bad, issue) in [
            ("", FieldIssue::Required),
            (" \t ", FieldIssue::Required),
            ("\u{200b}\u{2060}", FieldIssue::Required),
            ("a\nb", FieldIssue::InvalidCharacter),
            ("a\0", FieldIssue::InvalidCharacter),
            ("invoice \u{202e}fdp", FieldIssue::InvalidCharacter),
        ] {
            assert_eq!(Title::parse(bad), Err(issue), "{bad:?}");
        }
        assert_eq!(Title::parse(&"é".repeat(201)), Err(FieldIssue::TooLong));
    }
}
