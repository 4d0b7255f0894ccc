//! What somebody sends who wants a personal access token.

use serde::Deserialize;

use super::refusal;
use crate::{Field, FieldIssue, Refusal, Scopes, TokenName};

/// Most days until a token ends, where it has an end.
const MAX_DAYS: i64 = 365;
/// Days until a token ends when nothing is said about it.
pub const DEFAULT_DAYS: i64 = 30;
/// The days that the page offers.
pub const OFFERED_DAYS: [i64; 4] = [7, DEFAULT_DAYS, 90, MAX_DAYS];
/// What the page sends for a token without an end.
pub const NO_END: &str = "none";

/// A personal access token that is wanted, as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenForm {
    /// What the person calls it.
    #[serde(default)]
    pub name: String,
    /// The names of its scopes.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// When it ends.
    #[serde(default)]
    pub expires_in_days: WantedEnd,
}

/// Days until a token ends; none: never, which somebody must choose. Nothing said is 30 days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct WantedEnd(pub Option<i64>);

impl Default for WantedEnd {
    fn default() -> Self {
        Self(Some(DEFAULT_DAYS))
    }
}

impl WantedEnd {
    /// The end that was chosen on the page. What is no number is one that [`TokenForm::parse`] refuses.
    pub fn of_choice(choice: &str) -> Self {
        match choice {
            "" => Self::default(),
            NO_END => Self(None),
            days => Self(Some(days.parse().unwrap_or_default())),
        }
    }
}

/// A personal access token that can be made.
pub struct NewToken {
    /// What the person calls it.
    pub name: TokenName,
    /// What it allows.
    pub scopes: Scopes,
    /// Days until it ends; none: never.
    pub days: Option<i64>,
}

impl TokenForm {
    /// Parses all fields.
    ///
    /// # Errors
    /// One [`Refusal`] that names every field at fault.
    pub fn parse(&self) -> Result<NewToken, Refusal> {
        let days = self.expires_in_days.0;
        let is_out_of_range = days.is_some_and(|days| !(1..=MAX_DAYS).contains(&days));
        match (TokenName::parse(&self.name), Scopes::parse(&self.scopes), is_out_of_range) {
            (Ok(name), Ok(scopes), false) => Ok(NewToken { name, scopes, days }),
            (name, scopes, _) => Err(refusal([
                (Field::Name, name.err()),
                (Field::Scopes, scopes.err()),
                (Field::ExpiresInDays, is_out_of_range.then_some(FieldIssue::OutOfRange)),
            ])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(name: &str, scope: &str, end: WantedEnd) -> TokenForm {
        TokenForm { name: name.into(), scopes: vec![scope.into()], expires_in_days: end }
    }

    #[test]
    fn a_token_ends_after_a_month_unless_something_else_is_chosen() {
        for (choice, days) in [("", Some(30)), ("7", Some(7)), ("365", Some(365)), ("none", None)] {
            let wanted = form("Backup", "profile:read", WantedEnd::of_choice(choice)).parse().ok().unwrap();
            assert_eq!(wanted.days, days, "{choice:?}");
        }
        for choice in ["0", "-7", "366", "7.5", "None", "a year", "\0", "99999999999999999999"] {
            let refusal = form("Backup", "profile:read", WantedEnd::of_choice(choice)).parse().err().unwrap();
            assert_eq!(refusal.fields, [(Field::ExpiresInDays, FieldIssue::OutOfRange)], "{choice:?}");
        }
    }

    #[test]
    fn every_field_at_fault_is_named_at_once() {
        let refusal = form(" ", "everything", WantedEnd(Some(0))).parse().err().unwrap();
        let issues = [Field::Name, Field::Scopes, Field::ExpiresInDays].map(|field| refusal.issue(field));
        let expected = [FieldIssue::Required, FieldIssue::Unknown, FieldIssue::OutOfRange];
        assert_eq!(issues, expected.map(Some));
    }

    #[cfg(feature = "engine")]
    #[test]
    fn programs_say_nothing_a_number_or_null() {
        let read = |json: &str| serde_json::from_str::<TokenForm>(json).map(|form| form.expires_in_days.0).ok();
        assert_eq!(read("{}"), Some(Some(30)));
        assert_eq!(read(r#"{"expires_in_days": 90}"#), Some(Some(90)));
        assert_eq!(read(r#"{"expires_in_days": null}"#), Some(None));
        for bad in ["\"90\"", "90.5", "true", "[]", "99999999999999999999", "1e3"] {
            assert_eq!(read(&format!(r#"{{"expires_in_days": {bad}}}"#)), None, "{bad}");
        }
    }
}
