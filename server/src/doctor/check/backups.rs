//! Backups, trials of them, and how long what proves an act is kept.

use auth::Timestamp;
use auth::view::{CheckFinding, CheckGroup};

use super::{advice, days, fault, good};
use crate::doctor::{Check, Facts};

const GROUP: CheckGroup = CheckGroup::Database;

pub(super) const CHECKS: [Check; 3] = [
    Check::one("backup", GROUP, "docs/operations.md#backup", backup).in_production(),
    Check::one("restore_trial", GROUP, "docs/operations.md#backup", restore_trial).in_production(),
    Check::one("audit_retention", GROUP, "docs/audit.md#retention", audit_retention).in_production(),
];

/// One a night, and some hours for a night that was late.
const BACKUP_HOURS: i64 = 30;
/// A backup that nobody restored is a hope. Once a quarter it is known.
const TRIAL_DAYS: i64 = 100;
/// Break-ins are found after months.
const RETENTION_DAYS: i64 = 180;
/// How far clocks of machines may differ. A moment that is further ahead says nothing of when it was.
const AHEAD_SECONDS: i64 = 3600;

fn backup(facts: &Facts) -> CheckFinding {
    let own = facts.rows.as_ref().and_then(|rows| rows.backups.backup);
    let made_at = latest(facts.now, [facts.backups.made_at, own]);
    let Some(hours) = made_at.map(|at| hours(facts.now, at).max(0)) else { return fault("unknown") };
    let finding = if hours > BACKUP_HOURS { fault("old") } else { good("young") };
    finding.with("hours", hours)
}

fn restore_trial(facts: &Facts) -> CheckFinding {
    let own = facts.rows.as_ref().and_then(|rows| rows.backups.restore_test);
    let Some(at) = latest(facts.now, [facts.backups.tried_at, own]) else { return advice("never") };
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

/// What a stamp says or the database, whichever was later.
fn latest(now: Timestamp, moments: [Option<Timestamp>; 2]) -> Option<Timestamp> {
    moments.into_iter().flatten().filter(|at| now.seconds_since(*at) >= -AHEAD_SECONDS).max()
}

fn hours(now: Timestamp, at: Timestamp) -> i64 {
    now.seconds_since(at).div_euclid(3600)
}

#[cfg(test)]
mod tests {
    use crate::doctor::Facts;
    use crate::doctor::facts::Backups;
    use crate::doctor::trial::{fails, finds, passes};

    #[test]
    fn backup_passes() {
        passes("backup", "young");
    }

    #[test]
    fn backups_of_the_program_itself_need_no_stamp() {
        let without_stamps = |facts: &mut Facts| {
            facts.backups = Backups::default();
            let moments = &mut facts.rows.as_mut().unwrap().backups;
            (moments.backup, moments.restore_test) = (Some(facts.now), Some(facts.now));
        };
        finds("backup", "young", without_stamps);
        finds("restore_trial", "young", without_stamps);
    }

    #[test]
    fn backup_fails() {
        fails("backup", "unknown", |facts| facts.backups.made_at = None);
        fails("backup", "old", |facts| facts.backups.made_at = Some(facts.now.minus_seconds(31 * 3600)));
        fails("backup", "unknown", |facts| facts.backups.made_at = Some(facts.now.plus_seconds(2 * 3600)));
    }

    #[test]
    fn restore_trial_passes() {
        passes("restore_trial", "young");
    }

    #[test]
    fn restore_trial_fails() {
        fails("restore_trial", "never", |facts| facts.backups.tried_at = None);
        fails("restore_trial", "old", |facts| facts.backups.tried_at = Some(facts.now.minus_seconds(101 * 86_400)));
        fails("restore_trial", "never", |facts| facts.backups.tried_at = Some(facts.now.plus_seconds(86_400)));
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
