//! What somebody sends about codes by mail and SMS.

use serde::Deserialize;

use super::refusal;
use crate::{Field, FieldIssue, PhoneNumber, Refusal, TypedCode};

/// Digits of a code that was sent.
const DIGITS: usize = 8;

/// A number for codes by SMS, as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhoneNumberForm {
    /// The number with its country.
    #[serde(default)]
    pub phone_number: String,
}

impl PhoneNumberForm {
    /// Parses the number.
    ///
    /// # Errors
    /// A [`Refusal`] that names the field.
    pub fn parse(&self) -> Result<PhoneNumber, Refusal> {
        PhoneNumber::parse(&self.phone_number).map_err(|issue| refusal([(Field::PhoneNumber, Some(issue))]))
    }
}

/// A code that was sent by mail or SMS, as sent back.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SentCodeForm {
    /// The code.
    #[serde(default)]
    pub code: String,
}

impl SentCodeForm {
    /// Parses the code.
    ///
    /// # Errors
    /// A [`Refusal`] that names the field, for anything that is not eight digits.
    pub fn parse(&self) -> Result<TypedCode, Refusal> {
        let code = TypedCode::parse(&self.code).and_then(|code| match code.digits(DIGITS) {
            Some(_) => Ok(code),
            None => Err(FieldIssue::InvalidCode),
        });
        code.map_err(|issue| refusal([(Field::Code, Some(issue))]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sent_code_has_eight_digits() {
        let form = |code: &str| SentCodeForm { code: code.into() }.parse();
        for good in ["12345678", "1234 5678", " 123-45678 ", "Your Keywright code is 12345678."] {
            assert_eq!(form(good).ok().unwrap().text(), "12345678", "{good}");
        }
        for bad in ["1234567", "123456789", "123456", "１２３４５６７８", "-12345678", "abcdefgh", "1234567\u{0}8"]
        {
            assert_eq!(form(bad).err().unwrap().issue(Field::Code), Some(FieldIssue::InvalidCode), "{bad:?}");
        }
        assert_eq!(form("").err().unwrap().issue(Field::Code), Some(FieldIssue::Required));
    }

    #[test]
    fn a_number_at_fault_is_named() {
        let form = |number: &str| PhoneNumberForm { phone_number: number.into() }.parse();
        assert_eq!(form("+44 7700 900123").unwrap().as_str(), "+447700900123");
        let refusal = form("07700 900123").unwrap_err();
        assert_eq!(refusal.issue(Field::PhoneNumber), Some(FieldIssue::InvalidPhoneNumber));
    }
}
