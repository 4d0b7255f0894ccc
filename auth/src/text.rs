//! The words of Keywright. Every sentence lives in `locales/<page or mail>/<area>.<language>.yml`; nothing else
//! holds text for people. A test keeps the languages complete and every used key present.
//!
//! A browser carries none of them: it gets the few it says with the page, and fills their places.

#[cfg(feature = "engine")]
use crate::{ErrorCode, EventKind, FieldIssue, Locale, TimeZone, Timestamp, password, view::CivilDay};

/// The text of `key` in `locale`.
#[cfg(feature = "engine")]
pub fn text(locale: Locale, key: &str) -> String {
    rust_i18n::t!(key, locale = locale.tag()).into_owned()
}

/// The text of `key` in `locale` with each `%{name}` replaced by its value.
#[cfg(feature = "engine")]
pub fn text_with(locale: Locale, key: &str, values: &[(&str, &str)]) -> String {
    fill(&text(locale, key), values)
}

/// Fills the places of a sentence in one pass: a value that looks like a place stays as it is.
pub fn fill(sentence: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once("%{") {
        filled.push_str(before);
        let place = after.split_once('}');
        match place.and_then(|(name, after)| Some((values.iter().find(|(known, _)| *known == name)?.1, after))) {
            Some((value, after)) => {
                filled.push_str(value);
                rest = after;
            }
            None => {
                filled.push_str("%{");
                rest = after;
            }
        }
    }
    filled + rest
}

/// The sentence for an error code: what happened and what to do.
#[cfg(feature = "engine")]
pub fn error_text(locale: Locale, code: ErrorCode) -> String {
    text(locale, &format!("error.{}", code.as_str()))
}

/// The sentence beside a field.
#[cfg(feature = "engine")]
pub fn issue_text(locale: Locale, issue: FieldIssue) -> String {
    let (min, max) = (password::MIN_LENGTH.to_string(), password::MAX_LENGTH.to_string());
    text_with(locale, &format!("issue.{}", issue.as_str()), &[("min", &min), ("max", &max)])
}

/// The sentence of an event.
#[cfg(feature = "engine")]
pub fn event_text(locale: Locale, kind: EventKind) -> String {
    text(locale, &event_key(kind))
}

/// The key of the sentence of an event. A dot would begin another level of keys.
#[cfg(feature = "engine")]
pub fn event_key(kind: EventKind) -> String {
    format!("event.{}", kind.as_str().replace('.', "_"))
}

/// A moment in words and in UTC, such as `January 15, 2027 at 08:00 UTC`.
#[cfg(feature = "engine")]
pub fn moment_text(locale: Locale, at: Timestamp) -> String {
    moment_text_in(locale, at, None)
}

/// A moment in words and in a zone, such as `January 15, 2027 at 09:00 CET`; in UTC when none.
#[cfg(feature = "engine")]
pub fn moment_text_in(locale: Locale, at: Timestamp, zone: Option<&TimeZone>) -> String {
    let civil = CivilDay::in_zone(at, zone);
    let (day, year) = (civil.day.to_string(), civil.year.to_string());
    let month = text(locale, &format!("ui.month_{}", civil.month));
    let date = text_with(locale, "ui.date", &[("day", &day), ("month", &month), ("year", &year)]);
    text_with(locale, "ui.moment", &[("date", &date), ("time", &civil.time), ("zone", &civil.zone)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_said_in_words() {
        let at = Timestamp(1_800_000_000_000);
        assert_eq!(moment_text(Locale::En, at), "January 15, 2027 at 08:00 UTC");
        assert_eq!(moment_text(Locale::Fr, at), "15 janvier 2027 à 08:00 UTC");
    }

    #[test]
    fn a_moment_is_said_as_the_clocks_of_its_zone_show_it() {
        let (paris, at) = (TimeZone::parse("Europe/Paris").unwrap(), Timestamp(1_800_000_000_000));
        assert_eq!(moment_text_in(Locale::En, at, Some(&paris)), "January 15, 2027 at 09:00 CET");
        assert_eq!(moment_text_in(Locale::Fr, at, Some(&paris)), "15 janvier 2027 à 09:00 CET");
        let kiritimati = TimeZone::parse("Pacific/Kiritimati").unwrap();
        let late = Timestamp(1_800_000_000_000).plus_seconds(4 * 60 * 60);
        assert_eq!(moment_text_in(Locale::En, late, Some(&kiritimati)), "January 16, 2027 at 02:00 UTC+14:00");
    }

    #[test]
    fn a_value_is_never_taken_for_a_place() {
        let values = [("name", "%{email} %{name}"), ("email", "a@example.com")];
        assert_eq!(
            fill("%{name}, %{email}: %{unknown} 100%{", &values),
            "%{email} %{name}, a@example.com: %{unknown} 100%{"
        );
    }
}
