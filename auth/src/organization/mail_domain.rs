//! A mail domain that an organization may claim.

use serde::{Deserialize, Serialize};
use std::fmt;

use crate::Email;
use crate::error::FieldIssue;

/// The part of an address behind the `@`, in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MailDomain(String);

/// Domains in which everybody can get an address: who has one there belongs to nobody.
const PUBLIC: [&str; 36] = [
    "163.com",
    "aol.com",
    "duck.com",
    "fastmail.com",
    "free.fr",
    "gmail.com",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hey.com",
    "hotmail.com",
    "hotmail.fr",
    "icloud.com",
    "laposte.net",
    "live.com",
    "mac.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "msn.com",
    "naver.com",
    "orange.fr",
    "outlook.com",
    "outlook.fr",
    "pm.me",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "t-online.de",
    "tuta.com",
    "web.de",
    "yahoo.com",
    "yahoo.fr",
    "yandex.ru",
    "ymail.com",
];

impl MailDomain {
    /// Parses what somebody typed; blanks around it, capitals and an `@` before it are forgiven.
    ///
    /// # Errors
    /// [`FieldIssue::Required`], [`FieldIssue::TooLong`]; [`FieldIssue::InvalidDomain`] for what no address ends in; and
    /// [`FieldIssue::PublicDomain`] for one of a mail provider.
    pub fn parse(raw: &str) -> Result<Self, FieldIssue> {
        let raw = raw.trim_matches(' ');
        let raw = raw.strip_prefix('@').unwrap_or(raw);
        if raw.is_empty() {
            return Err(FieldIssue::Required);
        }
        let domain = match Email::parse(&format!("a@{raw}")) {
            Ok(email) => Self::of(&email),
            Err(FieldIssue::TooLong) => return Err(FieldIssue::TooLong),
            Err(_) => return Err(FieldIssue::InvalidDomain),
        };
        if PUBLIC.contains(&domain.as_str()) { Err(FieldIssue::PublicDomain) } else { Ok(domain) }
    }

    /// That of an address.
    pub fn of(email: &Email) -> Self {
        Self(email.domain().to_owned())
    }

    /// The domain in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// From the store, where only parsed domains are.
impl From<String> for MailDomain {
    fn from(domain: String) -> Self {
        Self(domain)
    }
}

impl fmt::Display for MailDomain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_what_stands_behind_an_address() {
        for good in ["acme.example", " Acme.Example ", "@acme.example"] {
            assert_eq!(MailDomain::parse(good).unwrap().as_str(), "acme.example", "{good}");
        }
        for (bad, issue) in [
            ("", FieldIssue::Required),
            ("@", FieldIssue::Required),
            ("acme", FieldIssue::InvalidDomain),
            ("a@acme.example", FieldIssue::InvalidDomain),
            ("acme.example/x", FieldIssue::InvalidDomain),
            ("127.0.0.1", FieldIssue::InvalidDomain),
            ("acme..example", FieldIssue::InvalidDomain),
            ("GMail.com", FieldIssue::PublicDomain),
        ] {
            assert_eq!(MailDomain::parse(bad), Err(issue), "{bad:?}");
        }
        assert_eq!(MailDomain::parse(&"a".repeat(300)), Err(FieldIssue::TooLong));
    }

    #[test]
    fn public_domains_are_in_order_and_domains() {
        assert!(PUBLIC.is_sorted());
        for domain in PUBLIC {
            assert_eq!(MailDomain::parse(domain), Err(FieldIssue::PublicDomain), "{domain}");
        }
    }
}
