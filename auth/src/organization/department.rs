//! Where somebody works in an organization, in its own words. Policies compare it, letter for letter.

use serde::{Deserialize, Serialize};
use std::fmt;

use crate::PersonName;
use crate::error::FieldIssue;

const MAX_LENGTH: usize = 60;

/// A name of 1 to 60 characters of any script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Department(String);

impl Department {
    /// Parses what somebody typed; blanks around it are forgiven, and nothing is no department.
    ///
    /// # Errors
    /// As [`PersonName::parse`], with [`FieldIssue::TooLong`] above 60 characters.
    pub fn parse(raw: &str) -> Result<Option<Self>, FieldIssue> {
        if raw.trim().is_empty() {
            return Ok(None);
        }
        let name = PersonName::parse(raw)?;
        if name.as_str().chars().count() > MAX_LENGTH {
            return Err(FieldIssue::TooLong);
        }
        Ok(Some(Self(name.into())))
    }

    /// The department as it is shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Department {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_department_is_a_short_name_or_none() {
        assert_eq!(Department::parse("  "), Ok(None));
        assert_eq!(Department::parse(" Sales ").unwrap().unwrap().as_str(), "Sales");
        assert_eq!(Department::parse(&"x".repeat(61)), Err(FieldIssue::TooLong));
        assert_eq!(Department::parse("a\nb"), Err(FieldIssue::InvalidCharacter));
    }
}
