//! What a backup is called: `keywright-20270115T080000Z-sqlite.backup`. Retention goes by it, so that it needs no key.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use std::fmt;
use std::str::FromStr;

use super::DatabaseKind;
use crate::Timestamp;

const BEGINNING: &str = "keywright-";
const END: &str = ".backup";
const MOMENT: &str = "%Y%m%dT%H%M%SZ";

/// A name, taken apart. Names sort by their moments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BackupName {
    /// When it was taken, in UTC, to the second.
    pub taken_at: DateTime,
    /// Of which database.
    pub kind: DatabaseKind,
}

impl BackupName {
    /// Of a backup that is taken now.
    pub fn of(now: Timestamp, kind: DatabaseKind) -> Self {
        let moment = jiff::Timestamp::from_second(now.seconds()).unwrap_or_default();
        Self { taken_at: moment.to_zoned_datetime(TimeZone::UTC).datetime(), kind }
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
        write!(f, "{BEGINNING}{}-{}{END}", self.taken_at.strftime(MOMENT), self.kind.as_str())
    }
}

impl FromStr for BackupName {
    type Err = ();

    /// Reads a name and nothing that looks like one: what is not read is never deleted.
    fn from_str(text: &str) -> Result<Self, ()> {
        let rest = text.strip_prefix(BEGINNING).and_then(|rest| rest.strip_suffix(END)).ok_or(())?;
        let (moment, kind) = rest.split_once('-').ok_or(())?;
        let taken_at = DateTime::strptime(MOMENT, moment).map_err(|_| ())?;
        let name = Self { taken_at, kind: DatabaseKind::parse(kind).ok_or(())? };
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
        for other in [
            "keywright-20270115T080000Z-sqlite.backup.part",
            "keywright-20270115T080000Z-mysql.backup",
            "keywright-20270115T080000-sqlite.backup",
            "keywright-2027115T080000Z-sqlite.backup",
            "keywright.db",
            "../keywright-20270115T080000Z-sqlite.backup",
        ] {
            assert_eq!(other.parse::<BackupName>(), Err(()), "{other}");
        }
    }
}
