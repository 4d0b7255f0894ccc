//! Backups, trials of them, and how long what proves an act is kept. The database remembers when a backup was taken and when
//! one was restored, whoever did it: a node by the clock, or a command.

use auth::Timestamp;
use auth::view::{CheckFinding, CheckGroup};

use super::{advice, days, fault, good, no_database};
use crate::doctor::{Check, Facts};

const GROUP: CheckGroup = CheckGroup::Database;

pub(super) const CHECKS: [Check; 3] = [
    Check::one("backup", GROUP, "docs/operations/backup.md#setting-it-up", backup).in_production(),
    Check::one("restore_trial", GROUP, "docs/operations/backup.md#the-restore-drill", restore_trial).in_production(),
    Check::one("audit_retention", GROUP, "docs/audit.md#retention", audit_retention).in_production(),
];

const DAY_HOURS: i64 = 24;
/// For a backup that was late.
const GRACE_HOURS: i64 = 6;
/// A backup that nobody restored is a hope. Once a quarter it is known.
const TRIAL_DAYS: i64 = 100;
/// Break-ins are found after months.
const RETENTION_DAYS: i64 = 180;
/// How far clocks of machines may differ. A moment that is further ahead says nothing of when it was.
const AHEAD_SECONDS: i64 = 3600;

fn backup(facts: &Facts) -> CheckFinding {
    let has_place = facts.settings.backup.target.is_some();
    let at = facts.rows.as_ref().map(|rows| past(facts.now, rows.backups.backup));
    match at {
        Some(Some(at)) => aged(facts, facts.now.seconds_since(at).div_euclid(3600)),
        // Of a file nobody else takes one while it is written.
        _ if !has_place && facts.settings.database().is_sqlite() => fault("no_place"),
        None => no_database(),
        // Whoever looks after PostgreSQL may have backups that nobody tells us of.
        Some(None) if !has_place => advice("elsewhere"),
        Some(None) => fault("never"),
    }
}

fn aged(facts: &Facts, hours: i64) -> CheckFinding {
    let every = match facts.settings.backup.every_hours {
        // Somebody else's clock runs the command.
        0 => DAY_HOURS,
        every => every,
    };
    let finding = if hours > every + GRACE_HOURS {
        fault("old")
    } else if hours > DAY_HOURS + GRACE_HOURS {
        advice("rare")
    } else {
        good("young")
    };
    finding.with("hours", hours)
}

fn restore_trial(facts: &Facts) -> CheckFinding {
    let Some(rows) = &facts.rows else { return no_database() };
    // One that was restored in earnest was no less tried.
    let tried = past(facts.now, rows.backups.restore_test).max(past(facts.now, rows.backups.restored));
    let Some(at) = tried else { return advice("never") };
    let days = days(facts.now.seconds_since(at).max(0));
    let finding = if days > TRIAL_DAYS { advice("old") } else { good("young") };
    finding.with("days", days)
}

fn audit_retention(facts: &Facts) -> CheckFinding {
    let kept = facts.settings.audit_retention_days;
    let finding = match kept {
        0 => good("for_ever"),
        1..RETENTION_DAYS => advice("short"),
        _ => good("long"),
    };
    finding.with("days", kept)
}

/// A moment, unless it is yet to come: then it says nothing of when it was.
fn past(now: Timestamp, at: Option<Timestamp>) -> Option<Timestamp> {
    at.filter(|at| now.seconds_since(*at) >= -AHEAD_SECONDS)
}

#[cfg(test)]
mod tests {
    use crate::doctor::Facts;
    use crate::doctor::trial::{fails, finds, passes, told};

    /// The last backup is so old, and they are taken so often.
    fn taken(facts: &mut Facts, hours: i64, every_hours: i64) {
        let now = facts.now;
        facts.settings.backup.every_hours = every_hours;
        told(facts).backups.backup = Some(now.minus_seconds(hours * 3600));
    }

    fn never(facts: &mut Facts) {
        told(facts).backups.backup = None;
    }

    fn on_postgresql(facts: &mut Facts) {
        facts.settings.database_url = "postgres://localhost/keywright".to_owned();
    }

    #[test]
    fn backup_passes() {
        passes("backup", "young");
        for (hours, every) in [(30, 24), (30, 0), (12, 6), (30, 168)] {
            finds("backup", "young", |facts| taken(facts, hours, every));
        }
        // It was taken, whatever these settings say.
        finds("backup", "young", |facts| facts.settings.backup.target = None);
    }

    #[test]
    fn backup_fails() {
        for (hours, every, case) in
            [(31, 24, "old"), (31, 0, "old"), (13, 6, "old"), (175, 168, "old"), (31, 168, "rare")]
        {
            fails("backup", case, |facts| taken(facts, hours, every));
        }
        fails("backup", "never", never);
        fails("backup", "never", |facts| taken(facts, -2, 24));
        fails("backup", "never", |facts| {
            never(facts);
            on_postgresql(facts);
        });
    }

    #[test]
    fn where_no_backup_can_go_that_is_told_even_before_the_first_start() {
        fails("backup", "no_place", |facts| {
            never(facts);
            facts.settings.backup.target = None;
        });
        fails("backup", "no_place", |facts| {
            facts.rows = None;
            facts.settings.backup.target = None;
        });
        // Others may take them there.
        fails("backup", "elsewhere", |facts| {
            never(facts);
            on_postgresql(facts);
            facts.settings.backup.target = None;
        });
    }

    #[test]
    fn restore_trial_passes() {
        passes("restore_trial", "young");
        finds("restore_trial", "young", |facts| {
            let now = facts.now;
            told(facts).backups.restore_test = None;
            told(facts).backups.restored = Some(now.minus_seconds(86_400));
        });
    }

    #[test]
    fn restore_trial_fails() {
        fails("restore_trial", "never", |facts| told(facts).backups.restore_test = None);
        fails("restore_trial", "never", |facts| {
            let now = facts.now;
            told(facts).backups.restore_test = Some(now.plus_seconds(86_400));
        });
        fails("restore_trial", "old", |facts| {
            let now = facts.now;
            told(facts).backups.restore_test = Some(now.minus_seconds(101 * 86_400));
        });
    }

    #[test]
    fn audit_retention_passes() {
        passes("audit_retention", "long");
    }

    #[test]
    fn audit_retention_fails() {
        fails("audit_retention", "short", |facts| facts.settings.audit_retention_days = 30);
    }
}
