//! What an organization calls a role that it made. Access tokens name it, so it is never one of the built-in names.

use serde::{Deserialize, Serialize};
use std::fmt;

use super::BuiltInRole;
use crate::PersonName;
use crate::error::FieldIssue;

const MAX_LENGTH: usize = 40;

/// A name of 1 to 40 characters of any script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RoleName(String);

impl RoleName {
    /// Parses what somebody typed; blanks around it are forgiven.
    ///
    /// # Errors
    /// As [`PersonName::parse`], with [`FieldIssue::TooLong`] above 40 characters, and [`FieldIssue::Taken`] for the
    /// name of a role that every organization has, in any letter case.
    pub fn parse(raw: &str) -> Result<Self, FieldIssue> {
        let name = PersonName::parse(raw)?;
        if name.as_str().chars().count() > MAX_LENGTH {
            return Err(FieldIssue::TooLong);
        }
        if BuiltInRole::parse(&name.as_str().to_lowercase()).is_some() {
            return Err(FieldIssue::Taken);
        }
        Ok(Self(name.into()))
    }

    /// The name as it is shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RoleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_role_is_called_as_one_that_every_organization_has() {
        assert_eq!(RoleName::parse(" Editor ").unwrap().as_str(), "Editor");
        for (bad, issue) in [
            ("Owner", FieldIssue::Taken),
            ("ADMIN", FieldIssue::Taken),
            ("", FieldIssue::Required),
            ("a/b", FieldIssue::InvalidCharacter),
        ] {
            assert_eq!(RoleName::parse(bad), Err(issue), "{bad}");
        }
        assert_eq!(RoleName::parse(&"x".repeat(41)), Err(FieldIssue::TooLong));
    }
}
