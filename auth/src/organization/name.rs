//! What an organization is called. It stands in mails of invitations, so it is as harmless as a person's name.

use serde::{Deserialize, Serialize};
use std::fmt;

use crate::PersonName;
use crate::error::FieldIssue;

/// A name of 1 to 100 characters of any script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OrganizationName(String);

impl OrganizationName {
    /// Parses what somebody typed; blanks around it are forgiven.
    ///
    /// # Errors
    /// Those of [`PersonName::parse`].
    pub fn parse(raw: &str) -> Result<Self, FieldIssue> {
        PersonName::parse(raw).map(|name| Self(name.as_str().to_owned()))
    }

    /// The name as it is shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// From the store, where only parsed names are.
impl From<String> for OrganizationName {
    fn from(name: String) -> Self {
        Self(name)
    }
}

impl fmt::Display for OrganizationName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
