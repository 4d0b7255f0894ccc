//! Which backups are kept: the newest of each of the last days, weeks and months that have one. The newest of all stays whatever
//! is set, so that a mistake in the settings deletes no last good one. Those that were taken before tables were changed are
//! counted by themselves: the backup of that evening must not take away what leads back.
//!
//! What is called after a moment to come was taken by a clock that is ahead, or this one is behind. It stays and counts for
//! nothing until then: as the newest of all it would have each new one deleted.

use jiff::civil::Date;
use std::collections::BTreeSet;

use super::BackupName;
use crate::Timestamp;

/// How many of those before a change are kept.
const BEFORE_CHANGES: usize = 3;

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
pub fn superfluous(names: &[BackupName], keep: Keep, now: Timestamp) -> Vec<BackupName> {
    let mut sorted: Vec<BackupName> = names.iter().copied().filter(|name| name.at() <= now).collect();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.reverse();
    let (before, sorted): (Vec<BackupName>, Vec<BackupName>) =
        sorted.into_iter().partition(|name| name.before_change.is_some());
    let mut kept: BTreeSet<BackupName> = sorted.first().copied().into_iter().collect();
    newest_of_each(&sorted, keep.daily, |day| day, &mut kept);
    newest_of_each(&sorted, keep.weekly, week_of, &mut kept);
    newest_of_each(&sorted, keep.monthly, Date::first_of_month, &mut kept);
    let superfluous = sorted.into_iter().filter(|name| !kept.contains(name));
    superfluous.chain(before.into_iter().skip(BEFORE_CHANGES)).collect()
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
    use crate::backup::DatabaseKind;

    const DAY: i64 = 24 * 60 * 60;
    const START: Timestamp = Timestamp(1_800_000_000_000);
    const LATER: Timestamp = START.plus_seconds(1000 * DAY);

    fn every_six_hours(days: i64) -> Vec<BackupName> {
        (0..days * 4).map(|number| BackupName::of(START.plus_seconds(number * DAY / 4), DatabaseKind::Sqlite)).collect()
    }

    fn left(names: &[BackupName], keep: Keep) -> Vec<BackupName> {
        let gone = superfluous(names, keep, LATER);
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
        assert!(superfluous(&[], nothing, LATER).is_empty());
        let names = every_six_hours(3);
        assert_eq!(left(&names, nothing), [names[11]]);
        assert_eq!(left(&names[..1], nothing), [names[0]]);
        // A gap is no reason: ten days ago is the last day that has one.
        assert_eq!(left(&names, Keep { daily: 3, ..nothing }).len(), 3);
    }

    #[test]
    fn what_a_clock_that_was_ahead_left_takes_the_place_of_none() {
        let keep = Keep { daily: 1, weekly: 0, monthly: 0 };
        let mut names = every_six_hours(3);
        let (newest, now) = (names[11], names[11].at());
        let ahead = BackupName::of(LATER, DatabaseKind::Sqlite);
        names.push(ahead);
        let gone = superfluous(&names, keep, now);
        assert!(!gone.contains(&newest) && !gone.contains(&ahead) && gone.len() == 11, "{gone:?}");
        // A clock that fell far back deletes nothing of what it does not understand.
        assert!(superfluous(&names, keep, START.minus_seconds(DAY)).is_empty());
        // The control: once its moment came it is one of them.
        assert_eq!(left(&names, keep), [ahead]);
    }

    #[test]
    fn what_leads_back_from_a_change_outlives_the_backup_of_that_evening() {
        let keep = Keep { daily: 1, weekly: 0, monthly: 0 };
        let all = every_six_hours(2);
        let names: Vec<BackupName> =
            all.iter().enumerate().map(|(at, name)| if at < 5 { name.before(41) } else { *name }).collect();
        assert_eq!(left(&names, keep), [names[2], names[3], names[4], names[7]]);
        assert_eq!(left(&all, keep), [all[7]], "the control");
    }
}
