//! What somebody types who came from a provider that proved no address.

use serde::Deserialize;

use super::refusal;
use crate::{Email, Field, PersonName, Refusal};

/// The sign-up as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FederatedSignUpForm {
    /// The address to prove.
    #[serde(default)]
    pub email: String,
    /// What the person wants to be called.
    #[serde(default)]
    pub name: String,
}

/// A sign-up whose credential is a connection.
#[derive(Debug)]
pub struct FederatedSignUp {
    /// The address to prove.
    pub email: Email,
    /// What the person wants to be called.
    pub name: PersonName,
}

impl FederatedSignUpForm {
    /// Parses both fields.
    ///
    /// # Errors
    /// One [`Refusal`] that names every field at fault.
    pub fn parse(&self) -> Result<FederatedSignUp, Refusal> {
        match (Email::parse(&self.email), PersonName::parse(&self.name)) {
            (Ok(email), Ok(name)) => Ok(FederatedSignUp { email, name }),
            (email, name) => Err(refusal([(Field::Name, name.err()), (Field::Email, email.err())])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FieldIssue;

    #[test]
    fn every_field_at_fault_is_named() {
        let form = |email: &str, name: &str| FederatedSignUpForm { email: email.into(), name: name.into() }.parse();
        assert_eq!(form("sam@example.com", "Sam").unwrap().name.as_str(), "Sam");
        assert_eq!(
            form("sam", "").unwrap_err().fields,
            [(Field::Name, FieldIssue::Required), (Field::Email, FieldIssue::InvalidEmail)]
        );
    }
}
