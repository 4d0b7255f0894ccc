//! Which backups are kept: the newest of each of the last days, weeks and months that have one. The newest of all stays whatever
//! is set, so that a mistake in the settings deletes no last good one.

use jiff::civil::Date;
use std::collections::BTreeSet;

use super::BackupName;

/// How many are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// Days, of each the newest.
    pub daily: usize,
    /// Weeks, from Monday on.
    pub weekly: usize,
    /// Months.
    pub monthly: usize,
}

/// What may be deleted of these.
pub fn superfluous(names: &[BackupName], keep: Keep) -> Vec<BackupName> {
    let mut sorted = names.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.reverse();
    let mut kept: BTreeSet<BackupName> = sorted.first().copied().into_iter().collect();
    newest_of_each(&sorted, keep.daily, |day| day, &mut kept);
    newest_of_each(&sorted, keep.weekly, week_of, &mut kept);
    newest_of_each(&sorted, keep.monthly, Date::first_of_month, &mut kept);
    sorted.into_iter().filter(|name| !kept.contains(name)).collect()
}

/// A week from Monday on (ISO 8601), by its year and number.
fn week_of(day: Date) -> (i16, i8) {
    let week = day.iso_week_date();
    (week.year(), week.week())
}

fn newest_of_each<S: Ord>(
    newest_first: &[BackupName],
    spans: usize,
    span_of: impl Fn(Date) -> S,
    kept: &mut BTreeSet<BackupName>,
) {
    let mut seen = BTreeSet::new();
    for name in newest_first {
        if seen.len() == spans {
            return;
        }
        if seen.insert(span_of(name.day())) {
            kept.insert(*name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;
    use crate::backup::DatabaseKind;

    const DAY: i64 = 24 * 60 * 60;
    const START: Timestamp = Timestamp(1_800_000_000_000);

    fn every_six_hours(days: i64) -> Vec<BackupName> {
        (0..days * 4).map(|number| BackupName::of(START.plus_seconds(number * DAY / 4), DatabaseKind::Sqlite)).collect()
    }

    fn left(names: &[BackupName], keep: Keep) -> Vec<BackupName> {
        let gone = superfluous(names, keep);
        names.iter().copied().filter(|name| !gone.contains(name)).collect()
    }

    #[test]
    fn the_newest_of_each_day_week_and_month_stays() {
        let names = every_six_hours(200);
        let kept = left(&names, Keep { daily: 7, weekly: 4, monthly: 6 });
        assert_eq!(kept.last(), names.last());
        let days: BTreeSet<Date> = kept.iter().map(BackupName::day).collect();
        assert_eq!(days.len(), kept.len(), "one a day");
        let months: BTreeSet<Date> = kept.iter().map(|name| name.day().first_of_month()).collect();
        assert_eq!(months.len(), 6);
        assert!((7 + 2..=7 + 4 + 6).contains(&kept.len()), "{}", kept.len());
        // It holds from one day to the next: what is deleted today is not missed tomorrow.
        let tomorrow = BackupName::of(START.plus_seconds(200 * DAY), DatabaseKind::Sqlite);
        let (mut thinned, mut all) = (kept, names);
        thinned.push(tomorrow);
        all.push(tomorrow);
        let keep = Keep { daily: 7, weekly: 4, monthly: 6 };
        assert_eq!(left(&thinned, keep), left(&all, keep));
    }

    #[test]
    fn the_last_one_is_never_deleted() {
        let nothing = Keep { daily: 0, weekly: 0, monthly: 0 };
        assert!(superfluous(&[], nothing).is_empty());
        let names = every_six_hours(3);
        assert_eq!(left(&names, nothing), [names[11]]);
        assert_eq!(left(&names[..1], nothing), [names[0]]);
        // A gap is no reason: ten days ago is the last day that has one.
        assert_eq!(left(&names, Keep { daily: 3, ..nothing }).len(), 3);
    }
}
