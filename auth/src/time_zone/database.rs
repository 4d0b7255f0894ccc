//! What the engine knows of zones: which there are, and how far each is from UTC at a moment.
//!
//! The IANA Time Zone Database is compiled into the program (`jiff`): a machine without one, or with
//! an old one, shows the same hours.

use jiff::tz::TimeZoneDatabase;
use std::sync::LazyLock;

use super::{TimeZone, UTC};
use crate::{FieldIssue, Timestamp};

/// How far a zone is ahead of UTC at a moment, and what that is called there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offset {
    /// In seconds; negative to the west.
    pub seconds: i64,
    /// Such as `CET`, or `UTC-03:00` where people have no letters for it.
    pub name: String,
}

impl TimeZone {
    /// Reads the name of a zone. One that was renamed, such as `Asia/Calcutta`, gets its name of today.
    ///
    /// # Errors
    /// [`FieldIssue::Required`], and [`FieldIssue::Unknown`] for what is neither the zone of a place
    /// nor UTC.
    pub fn parse(raw: &str) -> Result<Self, FieldIssue> {
        let name = raw.trim();
        if name.is_empty() {
            return Err(FieldIssue::Required);
        }
        let zone = TimeZoneDatabase::bundled().get(name).map_err(|_| FieldIssue::Unknown)?;
        match zone.primary_iana_name() {
            Some(primary) if primary == UTC || zone.location().is_some() => Ok(Self(primary.to_owned())),
            _ => Err(FieldIssue::Unknown),
        }
    }

    /// The zones of all places, by name.
    pub fn all() -> &'static [Self] {
        static ALL: LazyLock<Vec<TimeZone>> = LazyLock::new(|| {
            let database = TimeZoneDatabase::bundled();
            let names = database.available();
            let zones =
                names.filter_map(|name| TimeZone::parse(name.as_str()).ok().filter(|zone| zone.0 == name.as_str()));
            zones.filter(|zone| zone.0 != UTC).collect()
        });
        &ALL
    }

    /// Where the zone stands at a moment. One that is not known any more stands at UTC.
    pub fn offset_at(&self, at: Timestamp) -> Offset {
        let known = TimeZoneDatabase::bundled().get(&self.0).ok();
        let Some((zone, at)) = known.zip(jiff::Timestamp::from_millisecond(at.0).ok()) else {
            return Offset { seconds: 0, name: UTC.to_owned() };
        };
        let info = zone.to_offset_info(at);
        let seconds = i64::from(info.offset().seconds());
        Offset { seconds, name: name_of(info.abbreviation(), seconds) }
    }
}

/// When a day such as `2027-01-15` begins in a zone, and when the day after it does; in UTC when none. None for what is no
/// day.
pub fn day_in_zone(day: &str, zone: Option<&TimeZone>) -> Option<(Timestamp, Timestamp)> {
    // A moment of a day would be read as well.
    let first: jiff::civil::Date = (day.len() == 10).then(|| day.parse().ok()).flatten()?;
    let zone = zone.and_then(|zone| TimeZoneDatabase::bundled().get(zone.as_str()).ok());
    let zone = zone.unwrap_or(jiff::tz::TimeZone::UTC);
    let begins = |date: jiff::civil::Date| {
        let begin = date.to_zoned_datetime(zone.clone()).ok()?;
        Some(Timestamp(begin.timestamp().as_millisecond()))
    };
    Some((begins(first)?, begins(first.tomorrow().ok()?)?))
}

/// An abbreviation in letters stays; `-03` alone would be read as anything.
fn name_of(abbreviation: &str, seconds: i64) -> String {
    if abbreviation.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return abbreviation.to_owned();
    }
    let (sign, minutes) = (if seconds < 0 { '-' } else { '+' }, seconds.abs() / 60);
    format!("UTC{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINTER: Timestamp = Timestamp(1_800_000_000_000);
    const SUMMER: Timestamp = Timestamp(1_815_000_000_000);

    fn offset(zone: &str, at: Timestamp) -> (i64, String) {
        let Offset { seconds, name } = TimeZone::parse(zone).unwrap().offset_at(at);
        (seconds / 60, name)
    }

    #[test]
    fn a_zone_knows_its_clocks_in_winter_and_in_summer() {
        assert_eq!(offset("Europe/Paris", WINTER), (60, "CET".into()));
        assert_eq!(offset("Europe/Paris", SUMMER), (120, "CEST".into()));
        assert_eq!(offset("America/New_York", WINTER), (-300, "EST".into()));
        assert_eq!(offset("America/Sao_Paulo", WINTER), (-180, "UTC-03:00".into()));
        assert_eq!(offset("Asia/Kathmandu", WINTER), (345, "UTC+05:45".into()));
        assert_eq!(offset("UTC", WINTER), (0, "UTC".into()));
    }

    #[test]
    fn names_are_read_whatever_their_case_and_age() {
        for (raw, name) in [
            (" europe/PARIS ", "Europe/Paris"),
            ("Asia/Calcutta", "Asia/Kolkata"),
            ("US/Eastern", "America/New_York"),
            ("Etc/UTC", "UTC"),
            ("utc", "UTC"),
        ] {
            assert_eq!(TimeZone::parse(raw).unwrap().as_str(), name);
        }
        assert_eq!(TimeZone::parse(" "), Err(FieldIssue::Required));
        for unknown in ["Europe", "Europe/Atlantis", "CET/../..", "Factory", "Etc/GMT+5", "+02:00", "a\0b", "é"] {
            assert_eq!(TimeZone::parse(unknown), Err(FieldIssue::Unknown), "{unknown:?}");
        }
    }

    #[test]
    fn every_place_is_listed_once() {
        let all = TimeZone::all();
        assert!(all.len() > 400, "{}", all.len());
        assert!(all.is_sorted_by(|one, next| one.as_str() < next.as_str()));
        assert!(all.iter().all(|zone| zone.as_str().contains('/')));
        assert!(all.iter().any(|zone| zone.as_str() == "Europe/Paris"));
        assert!(!all.iter().any(|zone| zone.as_str() == "Asia/Calcutta"));
    }

    #[test]
    fn a_day_is_as_long_as_its_zone_counts_it() {
        let day = |text: &str, zone: &str| {
            let zone = TimeZone::parse(zone).unwrap();
            day_in_zone(text, Some(&zone)).map(|(begin, end)| (begin.seconds(), end.seconds_since(begin) / 3600))
        };
        assert_eq!(day("2027-01-15", "UTC"), Some((1_799_971_200, 24)));
        assert_eq!(day("2027-01-15", "Europe/Paris"), Some((1_799_971_200 - 3600, 24)));
        assert_eq!(day("2027-03-28", "Europe/Paris").map(|(_, hours)| hours), Some(23), "clocks go forward");
        assert_eq!(day_in_zone("2027-01-15", None), day_in_zone("2027-01-15", TimeZone::parse("UTC").ok().as_ref()));
        for bad in ["", "2027-02-30", "2027-1-15", "15.01.2027", "2027-01-15T08:00", "yesterday!", "2027é0115"] {
            assert_eq!(day_in_zone(bad, None), None, "{bad}");
        }
    }

    #[test]
    fn a_zone_of_another_time_is_utc() {
        let gone = TimeZone::from("Europe/Atlantis".to_owned()).offset_at(WINTER);
        assert_eq!(gone, Offset { seconds: 0, name: "UTC".into() });
    }
}
