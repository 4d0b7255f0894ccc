//! The first code of an authenticator app, as sent.

use serde::Deserialize;

use super::refusal;
use crate::{Field, Refusal, TypedCode};

/// The code that proves an authenticator app.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfirmTotpForm {
    /// Six digits.
    #[serde(default)]
    pub code: String,
}

impl ConfirmTotpForm {
    /// Parses the code. How many digits it has is judged by the engine.
    ///
    /// # Errors
    /// A [`Refusal`] that names the field.
    pub fn parse(&self) -> Result<TypedCode, Refusal> {
        TypedCode::parse(&self.code).map_err(|issue| refusal([(Field::Code, Some(issue))]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FieldIssue;

    #[test]
    fn a_code_may_be_pasted_and_is_never_empty() {
        let form = |code: &str| ConfirmTotpForm { code: code.into() }.parse();
        assert_eq!(form("123 456").ok().unwrap().text(), "123456");
        assert_eq!(form(" ").err().unwrap().issue(Field::Code), Some(FieldIssue::Required));
        assert_eq!(form("+123456").err().unwrap().issue(Field::Code), Some(FieldIssue::InvalidCode));
    }
}
