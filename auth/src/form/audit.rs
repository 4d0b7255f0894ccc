//! What somebody looks for in the audit log.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::refusal;
use crate::audit::Outcome;
use crate::id::{OrganizationId, UserId};
use crate::organization::Slug;
use crate::time_zone::day_in_zone;
use crate::{Cursor, Email, EventKind, Field, FieldIssue, Refusal, TimeZone, Timestamp};

/// Longest text that is looked for.
const MAX_LENGTH: usize = 254;

/// What is looked for, as sent. What is empty does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AuditForm {
    /// A kind of event, or the beginning of kinds such as `session`.
    pub kind: String,
    /// An account, by its id or its address.
    pub person: String,
    /// An organization, by its id or its slug.
    pub organization: String,
    /// `done` or `refused`.
    pub outcome: String,
    /// The address of a client.
    pub address: String,
    /// The id of a request.
    pub request_id: String,
    /// The first day, such as `2027-01-15`.
    pub from: String,
    /// The last day.
    pub to: String,
    /// Where the list goes on.
    pub after: Option<Cursor>,
}

/// What is looked for.
#[derive(Clone, Debug)]
pub struct AuditFilter {
    /// Kinds of events; none: all.
    pub kinds: Option<AuditKinds>,
    /// An account that did it, or that it was done to or with.
    pub person: Option<AuditWho>,
    /// Where.
    pub organization: Option<AuditPlace>,
    /// What became of it.
    pub outcome: Option<Outcome>,
    /// From where.
    pub address: Option<String>,
    /// The request.
    pub request_id: Option<String>,
    /// Not earlier than this.
    pub since: Timestamp,
    /// Earlier than this.
    pub before: Timestamp,
    /// No line can be so: nothing needs to be looked through.
    pub fits_nothing: bool,
}

/// Kinds of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditKinds {
    /// Each of them.
    pub kinds: Vec<EventKind>,
    /// A pattern of `LIKE` that fits them, with the escape `!`.
    pub pattern: String,
}

/// An account that is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditWho {
    /// By its id.
    Id(UserId),
    /// By its address.
    Email(Email),
}

/// An organization that is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditPlace {
    /// By its id.
    Id(OrganizationId),
    /// By its slug.
    Slug(Slug),
}

/// How lines are handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditFormat {
    /// A table (RFC 4180).
    Csv,
    /// One JSON object a line.
    Jsonl,
}

impl AuditFormat {
    /// Reads the name of a format.
    ///
    /// # Errors
    /// A [`Refusal`] that names the field.
    pub fn parse(name: &str) -> Result<Self, Refusal> {
        match name {
            "csv" => Ok(Self::Csv),
            "jsonl" => Ok(Self::Jsonl),
            _ => Err(refusal([(Field::Format, Some(FieldIssue::Unknown))])),
        }
    }

    /// Its name, and the end of the names of files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
        }
    }
}

impl AuditForm {
    /// Parses it; the cursor is judged by the flow. Days begin in this zone, in UTC without one. What nobody can be called
    /// is no fault and fits nothing.
    ///
    /// # Errors
    /// One [`Refusal`] that names a day that is none, and an outcome that there is not.
    pub fn parse(&self, zone: Option<&TimeZone>) -> Result<AuditFilter, Refusal> {
        let outcome = given(&self.outcome).map(|name| Outcome::parse(name).ok_or(FieldIssue::Unknown)).transpose();
        let day = |text: &str| given(text).map(|day| day_in_zone(day, zone).ok_or(FieldIssue::Unknown)).transpose();
        let (outcome, from, to) = match (outcome, day(&self.from), day(&self.to)) {
            (Ok(outcome), Ok(from), Ok(to)) => (outcome, from, to),
            (outcome, from, to) => {
                let faults = [(Field::Outcome, outcome.err()), (Field::From, from.err()), (Field::To, to.err())];
                return Err(refusal(faults));
            }
        };
        let kinds = given(&self.kind).map(kinds_of);
        let person = given(&self.person).map(person_of);
        let organization = given(&self.organization).map(organization_of);
        let (address, request) = (given(&self.address), given(&self.request_id));
        let fits_nothing = kinds.as_ref().is_some_and(Option::is_none)
            || person.as_ref().is_some_and(Option::is_none)
            || organization.as_ref().is_some_and(Option::is_none)
            || [address, request].into_iter().flatten().any(|text| !is_plain(text));
        Ok(AuditFilter {
            kinds: kinds.flatten(),
            person: person.flatten(),
            organization: organization.flatten(),
            outcome,
            address: address.map(str::to_owned),
            request_id: request.map(str::to_owned),
            since: from.map_or(Timestamp(i64::MIN), |(begin, _)| begin),
            before: to.map_or(Timestamp(i64::MAX), |(_, end)| end),
            fits_nothing,
        })
    }
}

fn given(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

/// A database need not take every text: PostgreSQL refuses a zero byte.
fn is_plain(text: &str) -> bool {
    text.len() <= MAX_LENGTH && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn kinds_of(text: &str) -> Option<AuditKinds> {
    let exact = EventKind::parse(text);
    let kinds: Vec<EventKind> = match exact {
        Some(kind) => vec![kind],
        None => EventKind::ALL.iter().copied().filter(|kind| kind.as_str().starts_with(text)).collect(),
    };
    let mut pattern = text.replace('_', "!_");
    if exact.is_none() {
        pattern.push('%');
    }
    (!kinds.is_empty()).then_some(AuditKinds { kinds, pattern })
}

fn person_of(text: &str) -> Option<AuditWho> {
    match Uuid::try_parse(text) {
        Ok(id) => Some(AuditWho::Id(UserId(id.to_string()))),
        Err(_) => Email::parse(text).ok().map(AuditWho::Email),
    }
}

fn organization_of(text: &str) -> Option<AuditPlace> {
    match Uuid::try_parse(text) {
        Ok(id) => Some(AuditPlace::Id(OrganizationId(id.to_string()))),
        Err(_) => Slug::parse(text).ok().map(AuditPlace::Slug),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(change: impl FnOnce(&mut AuditForm)) -> Result<AuditFilter, Refusal> {
        let mut form = AuditForm::default();
        change(&mut form);
        form.parse(None)
    }

    #[test]
    fn nothing_fits_everything() {
        let filter = AuditForm::default().parse(None).ok().unwrap();
        assert!(!filter.fits_nothing && filter.kinds.is_none() && filter.person.is_none());
        assert!(filter.since < Timestamp(0) && filter.before > Timestamp(0));
    }

    #[test]
    fn a_kind_is_found_by_its_name_and_by_the_beginning_of_it() {
        let kinds = |text: &str| form(|form| form.kind = text.to_owned()).ok().unwrap().kinds;
        let exact = kinds("session.refused").unwrap();
        assert_eq!((exact.kinds.as_slice(), &*exact.pattern), (&[EventKind::SessionRefused][..], "session.refused"));
        let some = kinds("session.").unwrap();
        assert!(some.kinds.len() > 5 && some.kinds.iter().all(|kind| kind.as_str().starts_with("session.")));
        assert_eq!(some.pattern, "session.%");
        assert_eq!(kinds("sign_up").unwrap().pattern, "sign!_up%");
        for unknown in ["session.of_tomorrow", "%", "'", "\0"] {
            assert!(form(|form| form.kind = unknown.to_owned()).ok().unwrap().fits_nothing, "{unknown}");
        }
    }

    #[test]
    fn days_are_taken_whole_and_faults_are_named() {
        let filter = form(|form| (form.from, form.to) = ("2027-01-15".into(), "2027-01-15".into())).ok().unwrap();
        assert_eq!(filter.before.seconds_since(filter.since), 24 * 60 * 60);
        let refused = form(|form| {
            (form.from, form.to) = ("yesterday".into(), "2027-02-30".into());
            form.outcome = "Done".into();
        });
        let refusal = refused.err().unwrap();
        for field in [Field::From, Field::To, Field::Outcome] {
            assert_eq!(refusal.issue(field), Some(FieldIssue::Unknown), "{field:?}");
        }
    }

    #[test]
    fn somebody_is_found_by_id_and_by_address() {
        let id = "01890A5D-AC96-774B-BCCE-B302099A8057";
        let person = |text: &str| form(|form| form.person = text.to_owned()).ok().unwrap();
        assert_eq!(person(id).person, Some(AuditWho::Id(UserId(id.to_lowercase()))));
        let alice = Email::parse("alice@example.com").unwrap();
        assert_eq!(person(" Alice@Example.com ").person, Some(AuditWho::Email(alice)));
        assert!(person("alice").fits_nothing);
        let place = |text: &str| form(|form| form.organization = text.to_owned()).ok().unwrap();
        assert!(matches!(place("acme").organization, Some(AuditPlace::Slug(_))));
        assert!(matches!(place(id).organization, Some(AuditPlace::Id(_))));
        assert!(place("a b").fits_nothing);
        assert!(form(|form| form.address = "\0".into()).ok().unwrap().fits_nothing);
        assert!(form(|form| form.request_id = "x".repeat(255)).ok().unwrap().fits_nothing);
    }
}
