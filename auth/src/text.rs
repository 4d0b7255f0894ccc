//! The words of Keywright. Every sentence lives in `locales/<page or mail>/<area>.<language>.yml`; nothing else
//! holds text for people. A test keeps the languages complete and every used key present.

use rust_i18n::t;

use crate::{ErrorCode, FieldIssue, Locale, password};

/// The text of `key` in `locale`.
pub fn text(locale: Locale, key: &str) -> String {
    t!(key, locale = locale.tag()).into_owned()
}

/// The text of `key` in `locale` with each `%{name}` replaced by its value.
pub fn text_with(locale: Locale, key: &str, values: &[(&str, &str)]) -> String {
    let mut text = text(locale, key);
    for (name, value) in values {
        text = text.replace(&format!("%{{{name}}}"), value);
    }
    text
}

/// The sentence for an error code: what happened and what to do.
pub fn error_text(locale: Locale, code: ErrorCode) -> String {
    text(locale, &format!("error.{}", code.as_str()))
}

/// The sentence beside a field.
pub fn issue_text(locale: Locale, issue: FieldIssue) -> String {
    let (min, max) = (password::MIN_LENGTH.to_string(), password::MAX_LENGTH.to_string());
    text_with(locale, &format!("issue.{}", issue.as_str()), &[("min", &min), ("max", &max)])
}
