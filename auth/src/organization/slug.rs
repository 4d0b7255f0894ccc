//! What an organization is called in addresses.

use serde::{Deserialize, Serialize};
use std::fmt;

use crate::error::FieldIssue;

/// 3 to 40 of `a`–`z`, `0`–`9` and hyphens; a letter first, no hyphen last and no two beside each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Slug(String);

const LENGTH: std::ops::RangeInclusive<usize> = 3..=40;

/// Words that stand in addresses beside slugs, or that would pretend to be the product.
const RESERVED: [&str; 12] = [
    "new",
    "invitation",
    "invitations",
    "admin",
    "api",
    "rpc",
    "account",
    "keywright",
    "support",
    "security",
    "www",
    "null",
];

impl Slug {
    /// Parses what somebody typed; capitals and blanks around it are forgiven.
    ///
    /// # Errors
    /// [`FieldIssue::Required`], [`FieldIssue::InvalidSlug`], and [`FieldIssue::Taken`] for a word that is kept for the
    /// product.
    pub fn parse(raw: &str) -> Result<Self, FieldIssue> {
        let slug = raw.trim().to_ascii_lowercase();
        if slug.is_empty() {
            return Err(FieldIssue::Required);
        }
        let is_spelled = slug.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        let is_hyphenated = slug.ends_with('-') || slug.contains("--");
        let begins_well = slug.starts_with(|first: char| first.is_ascii_lowercase());
        if !is_spelled || is_hyphenated || !begins_well || !LENGTH.contains(&slug.len()) {
            return Err(FieldIssue::InvalidSlug);
        }
        if RESERVED.contains(&&*slug) {
            return Err(FieldIssue::Taken);
        }
        Ok(Self(slug))
    }

    /// What a name suggests; empty when nothing of it can stand in an address.
    pub fn suggested(name: &str) -> String {
        let mut slug = String::new();
        for letter in name.to_lowercase().chars() {
            match letter {
                'a'..='z' | '0'..='9' => slug.push(letter),
                _ if slug.is_empty() || slug.ends_with('-') => (),
                _ => slug.push('-'),
            }
        }
        let start = slug.find(|first: char| first.is_ascii_lowercase()).unwrap_or(slug.len());
        slug[start..].chars().take(*LENGTH.end()).collect::<String>().trim_end_matches('-').to_owned()
    }

    /// The same with a number or another ending behind it, cut where it would be too long.
    #[must_use]
    pub fn ending_with(&self, ending: &str) -> Self {
        let room = LENGTH.end().saturating_sub(ending.len() + 1);
        let beginning: String = self.0.chars().take(room).collect();
        Self(format!("{}-{ending}", beginning.trim_end_matches('-')))
    }

    /// The slug as it stands in an address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// From the store, where only parsed slugs are.
impl From<String> for Slug {
    fn from(slug: String) -> Self {
        Self(slug)
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_what_can_stand_in_an_address() {
        for good in ["acme", " Acme ", "a-b-c", "a1b"] {
            assert!(Slug::parse(good).is_ok(), "{good}");
        }
        for (bad, issue) in [
            ("", FieldIssue::Required),
            ("ab", FieldIssue::InvalidSlug),
            ("a--b", FieldIssue::InvalidSlug),
            ("1abc", FieldIssue::InvalidSlug),
            ("abc-", FieldIssue::InvalidSlug),
            ("a/b", FieldIssue::InvalidSlug),
            ("école", FieldIssue::InvalidSlug),
            ("admin", FieldIssue::Taken),
        ] {
            assert_eq!(Slug::parse(bad), Err(issue), "{bad}");
        }
        assert_eq!(Slug::parse(&"a".repeat(41)), Err(FieldIssue::InvalidSlug));
    }

    #[test]
    fn a_name_suggests_one() {
        assert_eq!(Slug::parse("acme").unwrap().ending_with("2").as_str(), "acme-2");
        let long = Slug::parse(&"a".repeat(40)).unwrap().ending_with("2");
        assert!(Slug::parse(long.as_str()).is_ok() && long.as_str().ends_with("-2"), "{long}");
        for (name, slug) in [("Acme Inc.", "acme-inc"), ("3 Ways & More", "ways-more"), ("日本", "")] {
            assert_eq!(Slug::suggested(name), slug);
        }
    }
}
