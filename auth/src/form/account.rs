//! What somebody sends about their own account.

use serde::Deserialize;

#[cfg(feature = "engine")]
use super::refusal;
use crate::{Cursor, EventFilter, Field, FieldIssue, PersonName, Refusal};
#[cfg(feature = "engine")]
use crate::{Locale, TimeZone};

/// Another name for the signed-in person, as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameForm {
    /// What the person wants to be called.
    #[serde(default)]
    pub name: String,
}

impl NameForm {
    /// Parses the name.
    ///
    /// # Errors
    /// A [`Refusal`] that names the field.
    pub fn parse(&self) -> Result<PersonName, Refusal> {
        PersonName::parse(&self.name).map_err(|issue| Refusal::invalid(vec![(Field::Name, issue)]))
    }
}

/// Another time zone for the signed-in person, as sent.
#[cfg(feature = "engine")]
pub struct TimeZoneForm {
    /// The name of a zone.
    pub time_zone: String,
}

#[cfg(feature = "engine")]
impl TimeZoneForm {
    /// Parses the name.
    ///
    /// # Errors
    /// A [`Refusal`] that names the field.
    pub fn parse(&self) -> Result<TimeZone, Refusal> {
        TimeZone::parse(&self.time_zone).map_err(|issue| Refusal::invalid(vec![(Field::TimeZone, issue)]))
    }
}

/// What is to change about the signed-in person, as sent by a program. What is missing stays.
#[cfg(feature = "engine")]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileForm {
    /// What the person wants to be called.
    #[serde(default)]
    pub name: Option<String>,
    /// The name of a time zone.
    #[serde(default)]
    pub time_zone: Option<String>,
    /// The tag of a language.
    #[serde(default)]
    pub locale: Option<String>,
}

/// A change of at least one thing.
#[cfg(feature = "engine")]
pub struct ProfileChange {
    /// What the person wants to be called.
    pub name: Option<PersonName>,
    /// The zone to show times in.
    pub time_zone: Option<TimeZone>,
    /// The language of mails.
    pub locale: Option<Locale>,
}

#[cfg(feature = "engine")]
impl ProfileForm {
    /// Parses what is there.
    ///
    /// # Errors
    /// One [`Refusal`] that names every field at fault; the name when there is nothing at all.
    pub fn parse(&self) -> Result<ProfileChange, Refusal> {
        let name = self.name.as_deref().map(PersonName::parse).transpose();
        let time_zone = self.time_zone.as_deref().map(TimeZone::parse).transpose();
        let locale = self.locale.as_deref().map(known_locale).transpose();
        match (name, time_zone, locale) {
            (Ok(None), Ok(None), Ok(None)) => Err(refusal([(Field::Name, Some(FieldIssue::Required))])),
            (Ok(name), Ok(time_zone), Ok(locale)) => Ok(ProfileChange { name, time_zone, locale }),
            (name, time_zone, locale) => Err(refusal([
                (Field::Name, name.err()),
                (Field::TimeZone, time_zone.err()),
                (Field::Locale, locale.err()),
            ])),
        }
    }
}

#[cfg(feature = "engine")]
fn known_locale(tag: &str) -> Result<Locale, FieldIssue> {
    Locale::ALL.into_iter().find(|known| known.tag() == tag).ok_or(FieldIssue::Unknown)
}

/// A part of the list of events, as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActivityForm {
    /// The name of a filter; everything when empty.
    #[serde(default)]
    pub filter: String,
    /// Where the list goes on.
    #[serde(default)]
    pub after: Option<Cursor>,
}

impl ActivityForm {
    /// Parses the filter; the cursor is judged by the flow, which can read it.
    ///
    /// # Errors
    /// A [`Refusal`] that names the field.
    pub fn parse(self) -> Result<(EventFilter, Option<Cursor>), Refusal> {
        match EventFilter::parse(&self.filter) {
            Some(filter) => Ok((filter, self.after)),
            None => Err(Refusal::invalid(vec![(Field::Filter, FieldIssue::Unknown)])),
        }
    }
}

#[cfg(all(test, feature = "engine"))]
mod tests {
    use super::*;

    fn form(name: Option<&str>, time_zone: Option<&str>, locale: Option<&str>) -> ProfileForm {
        let text = |text: Option<&str>| text.map(str::to_owned);
        ProfileForm { name: text(name), time_zone: text(time_zone), locale: text(locale) }
    }

    #[test]
    fn what_is_missing_stays() {
        let change = form(None, Some("Europe/Paris"), None).parse().ok().unwrap();
        assert!(change.name.is_none() && change.locale.is_none());
        assert_eq!(change.time_zone.unwrap().as_str(), "Europe/Paris");
        let change = form(Some("Alice"), None, Some("fr")).parse().ok().unwrap();
        assert_eq!((change.name.unwrap().as_str(), change.locale), ("Alice", Some(Locale::Fr)));
    }

    #[test]
    fn every_field_at_fault_is_named_and_nothing_at_all_is_a_missing_name() {
        let refusal = form(Some(" "), Some("Europe"), Some("fr-FR")).parse().err().unwrap();
        assert_eq!(refusal.issue(Field::Name), Some(FieldIssue::Required));
        assert_eq!(refusal.issue(Field::TimeZone), Some(FieldIssue::Unknown));
        assert_eq!(refusal.issue(Field::Locale), Some(FieldIssue::Unknown));
        let refusal = form(None, None, None).parse().err().unwrap();
        assert_eq!(refusal.fields, [(Field::Name, FieldIssue::Required)]);
    }
}
