//! The database: that it answers, who may open it, and whether what it acknowledged lasts.

use auth::view::{CheckFinding, CheckGroup};

use super::{advice, deadly, fault, good, no_database};
use crate::doctor::facts::Reached;
use crate::doctor::{Check, Facts};
use crate::settings::database::is_safe;

const GROUP: CheckGroup = CheckGroup::Database;

pub(super) const CHECKS: [Check; 7] = [
    Check::one("database", GROUP, "docs/database.md", database),
    Check::one("migrations", GROUP, "docs/operations/upgrade.md", migrations),
    Check::one("database_rights", GROUP, "docs/database.md", database_rights).in_production().deadly(),
    Check::one("database_account", GROUP, "docs/database.md#the-least-rights", database_account).in_production(),
    Check::one("database_way", GROUP, "docs/database.md#postgresql", database_way).in_production().deadly(),
    Check::one("durability", GROUP, "docs/database.md", durability).in_production(),
    Check::several("jobs", GROUP, "docs/operations/running.md#mail", jobs).in_production(),
];

const BY_OTHERS: u32 = 0o007;
const WRITTEN_BY_OTHERS: u32 = 0o002;
/// Everybody may write into such a folder, but replace nothing of others.
const STICKY: u32 = 0o1000;
/// A worker looks every second; what is due for longer waits for somebody who is not there.
const LATE_SECONDS: i64 = 15 * 60;

fn database(facts: &Facts) -> CheckFinding {
    match &facts.reached {
        Reached::NotAsked => no_database(),
        Reached::NotMade(file) => good("not_made").with("file", file),
        Reached::Missing(file) => fault("missing").with("file", file),
        Reached::Silent => fault("silent"),
        Reached::Refused(why) => fault("refused").with("why", why),
        Reached::Answers(_) => good("answers"),
    }
}

fn migrations(facts: &Facts) -> CheckFinding {
    let Reached::Answers(waiting) = facts.reached else { return no_database() };
    let case = match (waiting, facts.settings.migrate_at_start) {
        (0, _) => return good("made"),
        (_, true) => "wait_for_start",
        (_, false) => "wait",
    };
    fault(case).with("count", waiting)
}

fn database_rights(facts: &Facts) -> CheckFinding {
    let Some(file) = &facts.data_file else { return good("no_file") };
    let finding = if file.mode & BY_OTHERS != 0 {
        deadly("file_open")
    } else if file.folder_mode & WRITTEN_BY_OTHERS != 0 && file.folder_mode & STICKY == 0 {
        fault("folder_open")
    } else {
        good("own")
    };
    finding.with("file", file.path.display()).with("mode", format!("{:o}", file.mode))
}

fn database_account(facts: &Facts) -> CheckFinding {
    let Some(rows) = &facts.rows else { return no_database() };
    match rows.account {
        None => good("no_account"),
        Some(account) if account.is_superuser => fault("superuser"),
        Some(account) if account.may_more => fault("may_more"),
        Some(_) => good("least"),
    }
}

fn database_way(facts: &Facts) -> CheckFinding {
    if is_safe(&facts.settings.database_url) { good("safe") } else { deadly("heard") }
}

fn durability(facts: &Facts) -> CheckFinding {
    let Some(rows) = &facts.rows else { return no_database() };
    let weak = rows.durability.iter().filter(|(name, value)| !is_durable(name, value));
    let weak: Vec<String> = weak.map(|(name, value)| format!("{name} = {value}")).collect();
    if weak.is_empty() { good("lasts") } else { fault("weak").with("settings", weak.join(", ")) }
}

/// Whether a setting lets nothing go that was acknowledged.
fn is_durable(name: &str, value: &str) -> bool {
    match name {
        // FULL or EXTRA.
        "synchronous" => matches!(value, "2" | "3"),
        "journal_mode" => matches!(value, "wal" | "delete" | "truncate" | "persist"),
        _ => value != "off",
    }
}

fn jobs(facts: &Facts) -> Vec<CheckFinding> {
    let Some(rows) = &facts.rows else { return vec![no_database()] };
    let late = rows.due_since.map(|since| facts.now.seconds_since(since)).filter(|late| *late > LATE_SECONDS);
    let late = late.map(|late| fault("late").with("minutes", late / 60));
    let dead = (rows.dead_jobs > 0).then(|| advice("dead").with("count", rows.dead_jobs));
    let found: Vec<CheckFinding> = late.into_iter().chain(dead).collect();
    if found.is_empty() { vec![good("none_late")] } else { found }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::facts::Rows;
    use crate::doctor::trial::{fails, finds, passes};
    use auth::store::AccountRights;

    fn rows(facts: &mut Facts) -> &mut Rows {
        facts.rows.as_mut().unwrap()
    }

    #[test]
    fn database_passes() {
        passes("database", "answers");
    }

    #[test]
    fn database_fails() {
        for (reached, case) in [
            (Reached::Missing("keywright.db".to_owned()), "missing"),
            (Reached::Silent, "silent"),
            (Reached::Refused("no".to_owned()), "refused"),
        ] {
            fails("database", case, |facts| facts.reached = reached);
        }
        finds("database", "not_made", |facts| facts.reached = Reached::NotMade("keywright.db".to_owned()));
    }

    #[test]
    fn migrations_passes() {
        passes("migrations", "made");
    }

    #[test]
    fn migrations_fails() {
        fails("migrations", "wait_for_start", |facts| facts.reached = Reached::Answers(2));
        fails("migrations", "wait", |facts| {
            facts.reached = Reached::Answers(2);
            facts.settings.migrate_at_start = false;
        });
    }

    #[test]
    fn database_rights_passes() {
        passes("database_rights", "own");
        finds("database_rights", "own", |facts| facts.data_file.as_mut().unwrap().folder_mode = 0o1777);
    }

    #[test]
    fn database_rights_fails() {
        for mode in [0o644, 0o602, 0o601] {
            fails("database_rights", "file_open", |facts| facts.data_file.as_mut().unwrap().mode = mode);
        }
        fails("database_rights", "folder_open", |facts| facts.data_file.as_mut().unwrap().folder_mode = 0o777);
    }

    #[test]
    fn database_account_passes() {
        passes("database_account", "no_account");
        let least = AccountRights { is_superuser: false, may_more: false };
        finds("database_account", "least", |facts| rows(facts).account = Some(least));
    }

    #[test]
    fn database_account_fails() {
        for (is_superuser, case) in [(true, "superuser"), (false, "may_more")] {
            let account = AccountRights { is_superuser, may_more: true };
            fails("database_account", case, |facts| rows(facts).account = Some(account));
        }
    }

    #[test]
    fn database_way_passes() {
        passes("database_way", "safe");
    }

    #[test]
    fn database_way_fails() {
        let heard = "postgres://db.example.com/keywright?sslmode=require";
        fails("database_way", "heard", |facts| facts.settings.database_url = heard.to_owned());
    }

    #[test]
    fn durability_passes() {
        passes("durability", "lasts");
        let of_postgres = [("fsync", "on"), ("full_page_writes", "on"), ("synchronous_commit", "remote_apply")];
        let of_postgres = of_postgres.map(|(name, value)| (name.to_owned(), value.to_owned()));
        finds("durability", "lasts", |facts| rows(facts).durability = of_postgres.to_vec());
    }

    #[test]
    fn durability_fails() {
        for (name, value) in [
            ("synchronous", "1"),
            ("synchronous", "0"),
            ("journal_mode", "memory"),
            ("journal_mode", "off"),
            ("fsync", "off"),
            ("full_page_writes", "off"),
            ("synchronous_commit", "off"),
        ] {
            let weak = vec![(name.to_owned(), value.to_owned())];
            fails("durability", "weak", |facts| rows(facts).durability = weak);
        }
    }

    #[test]
    fn jobs_passes() {
        passes("jobs", "none_late");
        finds("jobs", "none_late", |facts| {
            let now = facts.now;
            rows(facts).due_since = Some(now.minus_seconds(60));
        });
    }

    #[test]
    fn jobs_fails() {
        fails("jobs", "late", |facts| {
            let now = facts.now;
            rows(facts).due_since = Some(now.minus_seconds(3600));
        });
        fails("jobs", "dead", |facts| rows(facts).dead_jobs = 3);
    }
}
