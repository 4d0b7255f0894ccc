//! A phone number that an SMS can be sent to, in the one spelling of ITU-T E.164: `+`, country code, number.
//!
//! Numbers of no person are refused: freephone, shared cost, satellites and premium rate (ITU-T E.164, assigned
//! country codes). An SMS to some of them costs fifty times the usual, which is what toll fraud lives on.

use serde::{Deserialize, Serialize};
use std::fmt;

use crate::error::FieldIssue;

/// A parsed number. The same line has one spelling everywhere.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhoneNumber(String);

/// Longest text that is looked at, in bytes.
const MAX_TYPED: usize = 60;
const DIGITS: std::ops::RangeInclusive<usize> = 8..=15;
/// Country codes of services and networks, not of people.
const OF_NOBODY: [&str; 13] =
    ["210", "800", "808", "850", "870", "878", "881", "882", "883", "888", "979", "991", "999"];
/// Country codes of two digits; those of one begin with 1 and 7, all others have three.
const OF_TWO: [&str; 44] = [
    "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49", "51",
    "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84", "86", "90",
    "91", "92", "93", "94", "95", "98",
];

impl PhoneNumber {
    /// Parses what a person typed: `+44 7700 900-123`, `+1 (555) 010-0199`. A number without its country is
    /// refused, because nobody can tell which one was meant, and so is the prefix `00`, which is another one elsewhere.
    ///
    /// # Errors
    /// [`FieldIssue::Required`] when empty, [`FieldIssue::TooLong`] above 60 bytes,
    /// [`FieldIssue::InvalidPhoneNumber`] for anything else.
    pub fn parse(raw: &str) -> Result<Self, FieldIssue> {
        let raw = raw.trim();
        if raw.is_empty() {
            return Err(FieldIssue::Required);
        }
        if raw.len() > MAX_TYPED {
            return Err(FieldIssue::TooLong);
        }
        // "(0)" is dialled within the country only.
        let typed = raw
            .strip_prefix('+')
            .filter(|rest| !rest.replace(' ', "").contains("(0)"))
            .ok_or(FieldIssue::InvalidPhoneNumber)?;
        let is_separator =
            |c: char| matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '-' | '\u{2010}'..='\u{2014}' | '(' | ')' | '.');
        if !typed.chars().all(|c| c.is_ascii_digit() || is_separator(c)) {
            return Err(FieldIssue::InvalidPhoneNumber);
        }
        let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
        let is_number = DIGITS.contains(&digits.len())
            && !digits.starts_with('0')
            && !OF_NOBODY.iter().any(|code| digits.starts_with(code));
        if is_number { Ok(Self(format!("+{digits}"))) } else { Err(FieldIssue::InvalidPhoneNumber) }
    }

    /// The number as E.164 writes it, such as `+447700900123`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Enough for its owner to know it, and too little to call it: `+44 •••• ••23`.
    pub fn masked(&self) -> String {
        let (code, rest) = self.0.split_at(1 + self.country_code());
        format!("{code} •••• ••{}", &rest[rest.len() - 2..])
    }

    /// Digits of the country code.
    fn country_code(&self) -> usize {
        let digits = &self.0[1..];
        match digits.as_bytes()[0] {
            b'1' | b'7' => 1,
            _ if OF_TWO.contains(&&digits[..2]) => 2,
            _ => 3,
        }
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for PhoneNumber {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).map_err(FieldIssue::as_str)
    }
}

impl From<PhoneNumber> for String {
    fn from(number: PhoneNumber) -> Self {
        number.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_has_one_spelling() {
        for typed in [
            "+447700900123",
            " +44 7700 900123 ",
            "+44-7700-900-123",
            "+44 (7700) 900 123",
            "+44.7700.900.123",
            "+44\u{202f}7700\u{a0}900123",
        ] {
            assert_eq!(PhoneNumber::parse(typed).unwrap().as_str(), "+447700900123", "{typed}");
        }
        assert_eq!(PhoneNumber::parse("+12345678").unwrap().as_str(), "+12345678", "the shortest");
        assert_eq!(PhoneNumber::parse("+123456789012345").unwrap().as_str(), "+123456789012345", "the longest");
    }

    #[test]
    fn anything_else_is_no_number() {
        for bad in [
            "447700900123",
            "07700 900123",
            "00447700900123",
            "+00447700900123",
            "+0447700900123",
            "+44 (0)7700 900123",
            "+1234567",
            "+1234567890123456",
            "++447700900123",
            "+44770090012x",
            "+44 7700 900123 ext. 4",
            "+44,7700900123",
            "+447700900123;+447700900124",
            "+４４７７００９００１２３",
            "+٤٤٧٧٠٠٩٠٠١٢٣",
            "+447700\u{0}900123",
            "+447700\n900123",
            "+44\u{202e}7700900123",
            "tel:+447700900123",
            "+",
            "()",
        ] {
            assert_eq!(PhoneNumber::parse(bad), Err(FieldIssue::InvalidPhoneNumber), "{bad:?}");
        }
        assert_eq!(PhoneNumber::parse(" \t"), Err(FieldIssue::Required));
        assert_eq!(PhoneNumber::parse(&format!("+{}", "1".repeat(60))), Err(FieldIssue::TooLong));
    }

    #[test]
    fn services_and_satellites_are_no_people() {
        for code in OF_NOBODY {
            let typed = format!("+{code} 1234 5678");
            assert_eq!(PhoneNumber::parse(&typed), Err(FieldIssue::InvalidPhoneNumber), "{typed}");
        }
    }

    #[test]
    fn a_number_is_shown_without_most_of_it() {
        for (number, masked) in [
            ("+447700900112", "+44 •••• ••12"),
            ("+15550100199", "+1 •••• ••99"),
            ("+79123456789", "+7 •••• ••89"),
            ("+989123456789", "+98 •••• ••89"),
            ("+3531234567", "+353 •••• ••67"),
            ("+35312345", "+353 •••• ••45"),
        ] {
            assert_eq!(PhoneNumber::parse(number).unwrap().masked(), masked);
        }
    }
}
