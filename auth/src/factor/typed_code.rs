//! A code as somebody typed or pasted it, whatever factor it is of.

use secrecy::SecretString;

use crate::error::FieldIssue;

/// Letters and digits of a code, without what separates them, in capitals. No `Debug`: a code is a secret until it is
/// used.
#[derive(Clone)]
pub struct TypedCode(SecretString);

impl TypedCode {
    /// Longest text that is looked at, in bytes: a pasted sentence.
    pub const LONGEST: usize = 100;

    /// Reads `123456`, `123 456`, `123-456`, `abcd-efgh`, and the digits of a sentence such as `Your code is 123 456`.
    /// How many letters and digits a code has is known by its factor.
    ///
    /// # Errors
    /// [`FieldIssue::Required`] when empty, [`FieldIssue::TooLong`] above [`Self::LONGEST`],
    /// [`FieldIssue::InvalidCode`] for anything that is no ASCII letter, digit, blank, dash or the punctuation of a
    /// sentence: signs and the digits of other scripts are no code.
    pub fn parse(raw: &str) -> Result<Self, FieldIssue> {
        if raw.trim().is_empty() {
            return Err(FieldIssue::Required);
        }
        if raw.len() > Self::LONGEST {
            return Err(FieldIssue::TooLong);
        }
        let is_separator = |c: char| matches!(c, ' ' | '\t' | '-' | '\u{2010}'..='\u{2014}' | '\u{a0}' | '\u{202f}');
        let is_sentence = |c: char| matches!(c, '.' | ':' | '!' | '\'' | '\u{2019}' | '#' | '@') || c.is_alphabetic();
        let raw = raw.trim();
        if raw.starts_with('-') || !raw.chars().all(|c| c.is_ascii_alphanumeric() || is_separator(c) || is_sentence(c))
        {
            return Err(FieldIssue::InvalidCode);
        }
        let words: Vec<&str> =
            raw.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
        // Groups are the code. In a sentence its words of digits are.
        let has_digits_only = |word: &&str| word.bytes().all(|byte| byte.is_ascii_digit());
        let is_code = raw.chars().all(|c| c.is_ascii_alphanumeric() || is_separator(c));
        let is_grouped =
            words.len() == 1 || words.iter().all(has_digits_only) || words.iter().all(|word| word.len() == 4);
        let code = if is_code && is_grouped {
            words.concat()
        } else {
            words.iter().copied().filter(has_digits_only).collect::<String>()
        };
        if code.is_empty() {
            return Err(FieldIssue::InvalidCode);
        }
        Ok(Self(SecretString::from(code.to_ascii_uppercase())))
    }

    /// Letters and digits, in capitals.
    pub fn text(&self) -> &str {
        secrecy::ExposeSecret::expose_secret(&self.0)
    }

    /// The code when it is exactly so many digits.
    pub fn digits(&self, length: usize) -> Option<&str> {
        Some(self.text()).filter(|text| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_separates_a_code_is_not_part_of_it() {
        for (typed, code) in [
            ("123456", "123456"),
            (" 123 456 ", "123456"),
            ("123-456", "123456"),
            ("Your code is 123 456", "123456"),
            ("Votre code : 12345678.", "12345678"),
            ("abcd-efgh-1234-5678", "ABCDEFGH12345678"),
            ("ABCD EFGH 2345 6789", "ABCDEFGH23456789"),
        ] {
            assert_eq!(TypedCode::parse(typed).ok().unwrap().text(), code, "{typed}");
        }
    }

    #[test]
    fn anything_else_is_not_a_code() {
        for bad in
            ["-123456", "+123456", "１２３４５６", "123\u{0}456", "1e5+", "١٢٣٤٥٦", "123456;--", "....", "no code!"]
        {
            assert_eq!(TypedCode::parse(bad).err(), Some(FieldIssue::InvalidCode), "{bad:?}");
        }
        assert_eq!(TypedCode::parse("  ").err(), Some(FieldIssue::Required));
        assert_eq!(TypedCode::parse(&"1".repeat(101)).err(), Some(FieldIssue::TooLong));
        assert!(TypedCode::parse("1234567").ok().unwrap().digits(6).is_none());
    }
}
