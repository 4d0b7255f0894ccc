//! The six digits of a verification mail.

use crate::error::FieldIssue;

/// Six digits, typed or pasted. No `Debug`: a code is a secret until it is used.
#[derive(Clone, PartialEq, Eq)]
pub struct VerificationCode(String);

impl VerificationCode {
    /// How many digits a code has.
    pub const LENGTH: usize = 6;

    /// Finds the code in what was typed or pasted: `123456`, `123 456`, `Your code is 123-456`.
    ///
    /// # Errors
    /// [`FieldIssue::Required`] when empty, [`FieldIssue::TooLong`] above 100 bytes,
    /// [`FieldIssue::InvalidCode`] unless there are exactly six ASCII digits.
    pub fn parse(raw: &str) -> Result<Self, FieldIssue> {
        if raw.trim().is_empty() {
            return Err(FieldIssue::Required);
        }
        if raw.len() > 100 {
            return Err(FieldIssue::TooLong);
        }
        let digits: String = raw.chars().filter(char::is_ascii_digit).collect();
        let foreign = raw.chars().any(|c| c.is_control() || (c.is_numeric() && !c.is_ascii_digit()));
        if digits.len() == Self::LENGTH && !foreign { Ok(Self(digits)) } else { Err(FieldIssue::InvalidCode) }
    }

    /// The six digits.
    pub fn digits(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pasted_sentence_is_understood() {
        for good in ["123456", " 123 456 ", "123-456", "Your code is 123 456"] {
            assert_eq!(VerificationCode::parse(good).ok().unwrap().digits(), "123456");
        }
    }

    #[test]
    fn anything_else_is_not_a_code() {
        for bad in ["12345", "1234567", "１２３４５６", "abcdef", "123\u{0}456"] {
            assert_eq!(VerificationCode::parse(bad).err(), Some(FieldIssue::InvalidCode), "{bad:?}");
        }
    }
}
