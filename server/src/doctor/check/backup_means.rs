//! What backups need on this machine: folders that answer and let them in, room where they are made and where they go, and the
//! programs of PostgreSQL. Without them the backup of tonight fails, and that of last night hides it for a day.

use auth::view::{CheckFinding, CheckGroup};

use super::machine::{MEBIBYTE, is_little};
use super::{fault, good, no_database, not_asked};
use crate::doctor::facts::{AskedProgram, Disk, Unusable};
use crate::doctor::{Check, Facts};

const GROUP: CheckGroup = CheckGroup::Database;
const LINK: &str = "docs/operations/backup.md#setting-it-up";

pub(super) const CHECKS: [Check; 2] = [
    Check::several("backup_space", GROUP, LINK, backup_space).in_production(),
    Check::one("postgres_tools", GROUP, LINK, postgres_tools).in_production(),
];

fn backup_space(facts: &Facts) -> Vec<CheckFinding> {
    let machine = &facts.machine;
    // A file of SQLite is copied before a migration wherever backups go.
    if facts.settings.backup.target.is_none() && !facts.settings.database().is_sqlite() {
        return vec![good("none_made")];
    }
    // What the database wrote, and the same encrypted.
    let twice = facts.rows.as_ref().map(|rows| u64::try_from(rows.size).unwrap_or_default().saturating_mul(2));
    let (work, place) = (machine.work_disk.as_ref(), machine.backup_disk.as_ref());
    let looked_at = [("backup_work_folder", work, twice), ("backup_place", place, None)];
    let judged = looked_at.into_iter().filter_map(|(setting, look, needed)| Some(folder(look?, needed).about(setting)));
    let found: Vec<CheckFinding> = judged.collect();
    if found.is_empty() { vec![good("unknown")] } else { found }
}

fn folder(look: &Result<Disk, Unusable>, needed: Option<u64>) -> CheckFinding {
    match look {
        Ok(disk) => room(*disk, needed),
        Err(Unusable::Silent) => fault("silent"),
        Err(Unusable::Refused(why)) => fault("refused").with("why", why),
    }
}

/// Judges a disk by what is needed on it, and where nobody knows that as every disk.
fn room(disk: Disk, needed: Option<u64>) -> CheckFinding {
    let finding = match needed {
        Some(needed) if disk.free < needed => fault("less_than_needed").with("needed", needed / MEBIBYTE),
        None if is_little(disk) => fault("little"),
        _ => good("enough"),
    };
    finding.with("free", disk.free / MEBIBYTE).with("size", disk.size / MEBIBYTE)
}

fn postgres_tools(facts: &Facts) -> CheckFinding {
    if facts.settings.database().is_sqlite() {
        return good("none_needed");
    }
    if facts.settings.backup.target.is_none() {
        return good("none_made");
    }
    let Some(outside) = &facts.outside else { return not_asked() };
    let of_one = |program: &AskedProgram| program.version.clone().map(|version| (program.name, version));
    let versions: Result<Vec<(&str, i64)>, String> = outside.programs.iter().map(of_one).collect();
    let versions = match versions {
        Ok(versions) => versions,
        Err(why) => return fault("missing").with("why", why),
    };
    let Some(server) = facts.rows.as_ref().and_then(|rows| rows.server_version) else { return no_database() };
    match versions.iter().find(|(_, version)| *version < server) {
        Some((name, version)) => fault("older").with("program", name).with("version", version).with("server", server),
        None => good("there").with("server", server),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::facts::DiskKind;
    use crate::doctor::trial::{fails, finds, passes, told};

    const GIBIBYTE: u64 = 1024 * MEBIBYTE;

    fn disk(free: u64, size: u64) -> Disk {
        Disk { free, size, kind: DiskKind::Local }
    }

    /// `PostgreSQL` of version 15, with programs of these versions.
    fn on_postgresql(facts: &mut Facts, dump: Result<i64, String>, restore: Result<i64, String>) {
        facts.settings.database_url = "postgres://localhost/keywright".to_owned();
        told(facts).server_version = Some(15);
        let programs = [("pg_dump", dump), ("pg_restore", restore)];
        let programs = programs.map(|(name, version)| AskedProgram { name, version });
        facts.outside.as_mut().unwrap().programs = programs.to_vec();
    }

    fn refused() -> Unusable {
        Unusable::Refused("Permission denied (os error 13)".to_owned())
    }

    #[test]
    fn backup_space_passes() {
        passes("backup_space", "enough");
        // A small database needs little.
        finds("backup_space", "enough", |facts| {
            told(facts).size = 1;
            facts.machine.work_disk = Some(Ok(disk(60 * MEBIBYTE, 64 * MEBIBYTE)));
        });
        // A bucket has its own.
        finds("backup_space", "enough", |facts| facts.machine.backup_disk = None);
        finds("backup_space", "none_made", |facts| {
            on_postgresql(facts, Ok(15), Ok(15));
            facts.settings.backup.target = None;
            facts.machine.work_disk = Some(Ok(disk(0, GIBIBYTE)));
        });
    }

    #[test]
    fn backup_space_fails() {
        fails("backup_space", "little", |facts| {
            facts.machine.backup_disk = Some(Ok(disk(500 * MEBIBYTE, 20 * GIBIBYTE)));
        });
        fails("backup_space", "little", |facts| {
            facts.rows = None;
            facts.machine.work_disk = Some(Ok(disk(500 * MEBIBYTE, 20 * GIBIBYTE)));
        });
        fails("backup_space", "less_than_needed", |facts| {
            told(facts).size = 30 << 30;
            facts.machine.work_disk = Some(Ok(disk(59 * GIBIBYTE, 100 * GIBIBYTE)));
        });
        for (case, unusable) in [("silent", Unusable::Silent), ("refused", refused())] {
            fails("backup_space", case, |facts| facts.machine.backup_disk = Some(Err(unusable.clone())));
            fails("backup_space", case, |facts| {
                // That is known without the database.
                facts.rows = None;
                facts.machine.work_disk = Some(Err(unusable));
            });
        }
    }

    #[test]
    fn each_folder_is_told_by_its_setting() {
        let mut facts = crate::doctor::trial::sound();
        facts.machine.backup_disk = Some(Ok(disk(0, GIBIBYTE)));
        let told = backup_space(&facts).into_iter().map(|finding| (finding.about.unwrap_or_default(), finding.case));
        let expected = [("backup_work_folder", "enough"), ("backup_place", "little")];
        assert_eq!(told.collect::<Vec<_>>(), expected.map(|(name, case)| (name.to_owned(), case.to_owned())));
    }

    #[test]
    fn postgres_tools_passes() {
        passes("postgres_tools", "none_needed");
        finds("postgres_tools", "there", |facts| on_postgresql(facts, Ok(15), Ok(15)));
        finds("postgres_tools", "there", |facts| on_postgresql(facts, Ok(17), Ok(16)));
        finds("postgres_tools", "none_made", |facts| {
            on_postgresql(facts, Ok(13), Ok(13));
            facts.settings.backup.target = None;
        });
    }

    #[test]
    fn postgres_tools_fails() {
        let gone = || Err("it cannot be started".to_owned());
        fails("postgres_tools", "missing", |facts| on_postgresql(facts, gone(), Ok(15)));
        fails("postgres_tools", "missing", |facts| {
            on_postgresql(facts, Ok(15), gone());
            // That it is gone is known without the server.
            facts.rows = None;
        });
        fails("postgres_tools", "older", |facts| on_postgresql(facts, Ok(14), Ok(15)));
        fails("postgres_tools", "older", |facts| on_postgresql(facts, Ok(15), Ok(14)));
    }
}
