//! What a backup is called: `keywright-20270115T080000Z-sqlite.backup`, or `…-sqlite-before.backup` of one that was taken before
//! tables were changed. Retention goes by it, so that it needs no key.

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
    /// Whether it was taken because tables were to be changed.
    pub is_before_change: bool,
}

impl BackupName {
    /// Of a backup that is taken now.
    pub fn of(now: Timestamp, kind: DatabaseKind) -> Self {
        let moment = jiff::Timestamp::from_second(now.seconds()).unwrap_or_default();
        Self { taken_at: moment.to_zoned_datetime(TimeZone::UTC).datetime(), kind, is_before_change: false }
    }

    /// The same, taken because tables were to be changed.
    #[must_use]
    pub const fn before_change(self) -> Self {
        Self { is_before_change: true, ..self }
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
        let before = if self.is_before_change { BEFORE } else { "" };
        write!(f, "{BEGINNING}{}-{}{before}{END}", self.taken_at.strftime(MOMENT), self.kind.as_str())
    }
}

impl FromStr for BackupName {
    type Err = ();

    /// Reads a name and nothing that looks like one: what is not read is never deleted.
    fn from_str(text: &str) -> Result<Self, ()> {
        let rest = text.strip_prefix(BEGINNING).and_then(|rest| rest.strip_suffix(END)).ok_or(())?;
        let (rest, is_before_change) = rest.strip_suffix(BEFORE).map_or((rest, false), |rest| (rest, true));
        let (moment, kind) = rest.split_once('-').ok_or(())?;
        let taken_at = DateTime::strptime(MOMENT, moment).map_err(|_| ())?;
        let name = Self { taken_at, kind: DatabaseKind::parse(kind).ok_or(())?, is_before_change };
        if name.to_string() == text { Ok(name) } else { Err(()) }
    }
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
        let before = name.before_change();
        assert_eq!(before.to_string(), "keywright-20270115T080000Z-sqlite-before.backup");
        assert_eq!(before.to_string().parse(), Ok(before));
        assert!(before.is_of(Timestamp(1_800_000_000_999), DatabaseKind::Sqlite));
        assert!(!before.is_of(Timestamp(1_800_000_001_000), DatabaseKind::Sqlite));
        assert!(!before.is_of(Timestamp(1_800_000_000_000), DatabaseKind::Postgres));
        for other in [
            "keywright-20270115T080000Z-sqlite.backup.part",
            "keywright-20270115T080000Z-mysql.backup",
            "keywright-20270115T080000Z-sqlite-before-before.backup",
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
