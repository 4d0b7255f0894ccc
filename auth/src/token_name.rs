//! What a person calls a personal access token. It ends up in mails and pages, so the rule of names of
//! people holds for it.

use serde::{Deserialize, Serialize};
use std::fmt;

use crate::PersonName;
use crate::error::FieldIssue;

const MAX_LENGTH: usize = 80;

/// A name of 1 to 80 characters of any script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct TokenName(String);

impl TokenName {
    /// Parses what a person typed; blanks around it are forgiven.
    ///
    /// # Errors
    /// As [`PersonName::parse`], with [`FieldIssue::TooLong`] above 80 characters.
    pub fn parse(raw: &str) -> Result<Self, FieldIssue> {
        let name = PersonName::parse(raw)?;
        if name.as_str().chars().count() > MAX_LENGTH {
            return Err(FieldIssue::TooLong);
        }
        Ok(Self(name.into()))
    }

    /// The name as it is shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TokenName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A name that was accepted before. The rule is for new ones: it may have become stricter since.
impl From<String> for TokenName {
    fn from(stored: String) -> Self {
        Self(stored)
    }
}

impl From<TokenName> for String {
    fn from(name: TokenName) -> Self {
        name.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_what_the_token_is_for() {
        for good in ["Backup", " nightly report of Zoë ", "デプロイ", &"x".repeat(80)] {
            assert_eq!(TokenName::parse(good).unwrap().as_str(), good.trim());
        }
        for (bad, issue) in [
            ("", FieldIssue::Required),
            (" \u{200b}", FieldIssue::Required),
            ("a\nb", FieldIssue::InvalidCharacter),
            ("a\u{202e}b", FieldIssue::InvalidCharacter),
            ("win at https://evil.example", FieldIssue::InvalidCharacter),
            (&*"x".repeat(81), FieldIssue::TooLong),
            (&*"é".repeat(101), FieldIssue::TooLong),
        ] {
            assert_eq!(TokenName::parse(bad), Err(issue), "{bad:?}");
        }
    }
}
