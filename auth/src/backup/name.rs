//! What a backup is called: `keywright-20270115T080000Z-sqlite.backup`, or `…-sqlite-before-0041.backup` of one that was taken before
//! tables were changed, with the first change that waited. Retention goes by it, so that it needs no key.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use std::fmt;
use std::str::FromStr;

use super::DatabaseKind;
use crate::Timestamp;

pub(super) const BEGINNING: &str = "keywright-";
const BEFORE: &str = "-before";
const END: &str = ".backup";
const MOMENT: &str = "%Y%m%dT%H%M%SZ";

/// A name, taken apart. Names sort by their moments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BackupName {
    /// When it was taken, in UTC, to the second.
    pub taken_at: DateTime,
    /// Of which database.
    pub kind: DatabaseKind,
    /// The change of tables that it was taken before; 0: one that is not told, as in names of before numbers were.
    pub before_change: Option<i64>,
}

impl BackupName {
    /// Of a backup that is taken now.
    pub fn of(now: Timestamp, kind: DatabaseKind) -> Self {
        let moment = jiff::Timestamp::from_second(now.seconds()).unwrap_or_default();
        Self { taken_at: moment.to_zoned_datetime(TimeZone::UTC).datetime(), kind, before_change: None }
    }

    /// The same, taken before a change of tables.
    #[must_use]
    pub const fn before(self, change: i64) -> Self {
        Self { before_change: Some(change), ..self }
    }

    /// Whether a backup of this moment and database is called so.
    pub fn is_of(&self, taken_at: Timestamp, kind: DatabaseKind) -> bool {
        let of = Self::of(taken_at, kind);
        (self.taken_at, self.kind) == (of.taken_at, of.kind)
    }

    /// The day in UTC.
    pub fn day(&self) -> Date {
        self.taken_at.date()
    }

    /// The moment.
    pub fn at(&self) -> Timestamp {
        Timestamp(
            self.taken_at.to_zoned_datetime(TimeZone::UTC).map_or(0, |moment| moment.timestamp().as_millisecond()),
        )
    }
}

impl fmt::Display for BackupName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{BEGINNING}{}-{}", self.taken_at.strftime(MOMENT), self.kind.as_str())?;
        match self.before_change {
            None => f.write_str(END),
            Some(0) => write!(f, "{BEFORE}{END}"),
            Some(change) => write!(f, "{BEFORE}-{change:04}{END}"),
        }
    }
}

impl FromStr for BackupName {
    type Err = ();

    /// Reads a name and nothing that looks like one: what is not read is never deleted.
    fn from_str(text: &str) -> Result<Self, ()> {
        let rest = text.strip_prefix(BEGINNING).and_then(|rest| rest.strip_suffix(END)).ok_or(())?;
        let (rest, before_change) = match rest.split_once(BEFORE) {
            None => (rest, None),
            Some((rest, "")) => (rest, Some(0)),
            Some((rest, change)) => (rest, Some(change.strip_prefix('-').and_then(number).ok_or(())?)),
        };
        let (moment, kind) = rest.split_once('-').ok_or(())?;
        let taken_at = DateTime::strptime(MOMENT, moment).map_err(|_| ())?;
        let name = Self { taken_at, kind: DatabaseKind::parse(kind).ok_or(())?, before_change };
        if name.to_string() == text { Ok(name) } else { Err(()) }
    }
}

/// The number of a change, which is above 0.
fn number(text: &str) -> Option<i64> {
    text.parse::<i64>().ok().filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_as_it_was_written_and_no_other_is() {
        let name = BackupName::of(Timestamp(1_800_000_000_000), DatabaseKind::Sqlite);
        assert_eq!(name.to_string(), "keywright-20270115T080000Z-sqlite.backup");
        assert_eq!(name.to_string().parse(), Ok(name));
        assert_eq!(name.at(), Timestamp(1_800_000_000_000));
        let before = name.before(41);
        assert_eq!(before.to_string(), "keywright-20270115T080000Z-sqlite-before-0041.backup");
        assert_eq!(before.to_string().parse(), Ok(before));
        let of_before = "keywright-20270115T080000Z-sqlite-before.backup";
        assert_eq!(of_before.parse(), Ok(name.before(0)));
        assert_eq!(name.before(0).to_string(), of_before);
        assert!(before.is_of(Timestamp(1_800_000_000_999), DatabaseKind::Sqlite));
        assert!(!before.is_of(Timestamp(1_800_000_001_000), DatabaseKind::Sqlite));
        assert!(!before.is_of(Timestamp(1_800_000_000_000), DatabaseKind::Postgres));
        for other in [
            "keywright-20270115T080000Z-sqlite.backup.part",
            "keywright-20270115T080000Z-mysql.backup",
            "keywright-20270115T080000Z-sqlite-before-before.backup",
            "keywright-20270115T080000Z-sqlite-before-41.backup",
            "keywright-20270115T080000Z-sqlite-before-0000.backup",
            "keywright-20270115T080000Z-sqlite-before--041.backup",
            "keywright-20270115T080000Z-sqlite-before-0041-before.backup",
            "keywright-20270115T080000Z-before.backup",
            "keywright-20270115T080000-sqlite.backup",
            "keywright-2027115T080000Z-sqlite.backup",
            "keywright.db",
            "../keywright-20270115T080000Z-sqlite.backup",
        ] {
            assert_eq!(other.parse::<BackupName>(), Err(()), "{other}");
        }
    }
}
