//! An e-mail address that can exist: one `@`, ASCII, a dotted domain.
//!
//! Stricter than RFC 5321 on purpose. Quoted local parts, comments, address literals and raw
//! Unicode are refused: every look-alike trick (`a@evil@victim`, a full-width `＠`, a Turkish `ı`)
//! lives there, and browsers already turn an international domain into its `xn--` form.

use serde::{Deserialize, Serialize};
use std::fmt;

use crate::error::FieldIssue;

/// A parsed address in lower case: the same mailbox has one spelling everywhere.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

const MAX_LENGTH: usize = 254;
const MAX_LOCAL: usize = 64;
const MAX_LABEL: usize = 63;

impl Email {
    /// Parses what a person typed; blanks around it are forgiven.
    ///
    /// # Errors
    /// [`FieldIssue::Required`] when empty, [`FieldIssue::TooLong`] above 254 characters
    /// (RFC 5321, 4.5.3.1.3), [`FieldIssue::InvalidEmail`] for anything else.
    pub fn parse(raw: &str) -> Result<Self, FieldIssue> {
        let raw = raw.trim_matches(' ');
        if raw.is_empty() {
            return Err(FieldIssue::Required);
        }
        if raw.len() > MAX_LENGTH {
            return Err(FieldIssue::TooLong);
        }
        let (local, domain) = raw.split_once('@').ok_or(FieldIssue::InvalidEmail)?;
        if is_local(local) && is_domain(domain) {
            Ok(Self(raw.to_ascii_lowercase()))
        } else {
            Err(FieldIssue::InvalidEmail)
        }
    }

    /// The address in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the `@`.
    pub fn local(&self) -> &str {
        self.0.split_once('@').map_or("", |(local, _)| local)
    }

    /// The part behind it.
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }
}

/// Dot-atom of RFC 5322, 3.2.3.
fn is_local(local: &str) -> bool {
    local.len() <= MAX_LOCAL
        && local.split('.').all(|atom| {
            !atom.is_empty() && atom.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
        })
}

/// Host name of RFC 1123 with at least two labels; a top-level domain is never all digits.
fn is_domain(domain: &str) -> bool {
    let labels: Vec<&str> = domain.split('.').collect();
    labels.len() >= 2
        && labels.iter().all(|label| {
            !label.is_empty()
                && label.len() <= MAX_LABEL
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        })
        && labels.last().is_some_and(|tld| tld.bytes().any(|b| b.is_ascii_alphabetic()))
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Email {
    type Error = String;
    fn try_from(raw: String) -> Result<Self, String> {
        Self::parse(&raw).map_err(|issue| format!("{issue:?}"))
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_in_lower_case() {
        assert_eq!(Email::parse(" Alice@Example.COM ").unwrap().as_str(), "alice@example.com");
    }

    #[test]
    fn ordinary_addresses_are_accepted() {
        for good in ["a@b.co", "first.last+tag@sub.example.com", "o'hara@example.com", "x@xn--mnchen-3ya.de"] {
            assert!(Email::parse(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn tricks_are_refused() {
        for bad in [
            "plain",
            "@example.com",
            "a@",
            "a@b",
            "a@evil@victim.com",
            "\"e@evil.com\"@victim.com",
            "a\u{ff20}example.com",
            "a@exa\u{0131}mple.com",
            "al\u{0456}ce@example.com",
            "a@example.com\u{0}",
            "a@example.com\r\nBcc: b@example.com",
            "a b@example.com",
            "a@example..com",
            ".a@example.com",
            "a.@example.com",
            "a@-x.com",
            "a@[127.0.0.1]",
            "a@127.0.0.1",
            "a@example.com,b@example.com",
            "Alice <a@example.com>",
            "\u{202e}a@example.com",
            "\u{1f600}@example.com",
            "a@example.com.",
        ] {
            assert_eq!(Email::parse(bad), Err(FieldIssue::InvalidEmail), "{bad:?}");
        }
    }

    #[test]
    fn length_is_bounded() {
        assert_eq!(Email::parse(""), Err(FieldIssue::Required));
        assert_eq!(Email::parse(&format!("a@{}.com", "b".repeat(1_000_000))), Err(FieldIssue::TooLong));
        assert_eq!(Email::parse(&format!("{}@example.com", "a".repeat(65))), Err(FieldIssue::InvalidEmail));
    }
}
