//! The machine: memory, open files, the disk, who runs the program.

use auth::view::{CheckFinding, CheckGroup};

use super::{advice, fault, good};
use crate::doctor::facts::{Disk, DiskKind};
use crate::doctor::{Check, Facts};

const GROUP: CheckGroup = CheckGroup::Program;

pub(super) const CHECKS: [Check; 6] = [
    Check::one("memory", GROUP, "docs/operations/sizing.md#hashes-of-passwords", memory).in_production(),
    Check::one("open_files", GROUP, "docs/proxies.md#slow-clients", open_files).in_production(),
    Check::one("disk_space", GROUP, "docs/operations/sizing.md#growth", disk_space).in_production(),
    Check::one("disk_kind", GROUP, "docs/database.md#the-choice", disk_kind).in_production(),
    Check::one("core_dumps", GROUP, "docs/secrets.md", core_dumps).in_production(),
    Check::one("user", GROUP, "docs/operations/running.md#start-and-stop", user).in_production(),
];

/// What the program holds besides hashes, as `docs/performance.md` has it, with room for a busy hour.
const BESIDE_HASHES: u64 = 256 * 1024 * 1024;
/// Below it the program has fewer connections than a busy page needs.
const FEW_FILES: u64 = 1024;
/// Bytes without which a day of work may not fit.
const LITTLE_SPACE: u64 = 1024 * 1024 * 1024;
pub(super) const MEBIBYTE: u64 = 1024 * 1024;

fn memory(facts: &Facts) -> CheckFinding {
    let settings = &facts.settings;
    let threads = u64::try_from(settings.hash_threads).unwrap_or(u64::MAX);
    let hashes = threads.saturating_mul(u64::from(settings.hash_cost.memory) * 1024);
    let Some(memory) = facts.machine.memory else { return good("unknown") };
    let needed = hashes.saturating_add(BESIDE_HASHES);
    let finding = if needed > memory { fault("little") } else { good("enough") };
    finding.with("needed", needed / MEBIBYTE).with("memory", memory / MEBIBYTE)
}

fn open_files(facts: &Facts) -> CheckFinding {
    let Some(files) = facts.machine.open_files else { return good("unlimited") };
    let connections = u64::try_from(facts.settings.door.connections).unwrap_or(u64::MAX);
    let finding = if files < FEW_FILES {
        fault("few")
    } else if files / 4 * 3 < connections {
        advice("fewer_connections")
    } else {
        good("enough")
    };
    finding.with("files", files).with("connections", connections)
}

fn disk_space(facts: &Facts) -> CheckFinding {
    let Some(disk) = facts.machine.disk else { return good("elsewhere") };
    let finding = if is_little(disk) { fault("little") } else { good("enough") };
    finding.with("free", disk.free / MEBIBYTE).with("size", disk.size / MEBIBYTE)
}

/// Whether a disk is about to be full.
pub(super) fn is_little(disk: Disk) -> bool {
    // A fiftieth: a large disk fills as surely as a small one, only later.
    disk.free < LITTLE_SPACE || disk.free < disk.size / 50
}

fn disk_kind(facts: &Facts) -> CheckFinding {
    match facts.machine.disk.map(|disk| disk.kind) {
        None => good("elsewhere"),
        Some(DiskKind::Local) => good("local"),
        Some(DiskKind::Memory) => fault("in_memory"),
        Some(DiskKind::Network) => fault("over_network"),
    }
}

fn core_dumps(facts: &Facts) -> CheckFinding {
    if facts.machine.dumps_core { advice("written") } else { good("none") }
}

fn user(facts: &Facts) -> CheckFinding {
    if facts.machine.is_root { advice("root") } else { good("own") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::trial::{fails, passes};

    #[test]
    fn memory_passes() {
        passes("memory", "enough");
    }

    #[test]
    fn memory_fails() {
        fails("memory", "little", |facts| facts.machine.memory = Some(200 * MEBIBYTE));
        fails("memory", "little", |facts| facts.settings.hash_threads = 1000);
    }

    #[test]
    fn open_files_passes() {
        passes("open_files", "enough");
    }

    #[test]
    fn open_files_fails() {
        fails("open_files", "few", |facts| facts.machine.open_files = Some(256));
        fails("open_files", "fewer_connections", |facts| facts.machine.open_files = Some(4096));
    }

    #[test]
    fn disk_space_passes() {
        passes("disk_space", "enough");
    }

    #[test]
    fn disk_space_fails() {
        let with = |free: u64, size: u64| Some(Disk { free, size, kind: DiskKind::Local });
        fails("disk_space", "little", |facts| facts.machine.disk = with(500 * MEBIBYTE, 20_000 * MEBIBYTE));
        fails("disk_space", "little", |facts| facts.machine.disk = with(2000 * MEBIBYTE, 1_000_000 * MEBIBYTE));
    }

    #[test]
    fn disk_kind_passes() {
        passes("disk_kind", "local");
    }

    #[test]
    fn disk_kind_fails() {
        for (kind, case) in [(DiskKind::Memory, "in_memory"), (DiskKind::Network, "over_network")] {
            fails("disk_kind", case, |facts| facts.machine.disk.as_mut().unwrap().kind = kind);
        }
    }

    #[test]
    fn core_dumps_passes() {
        passes("core_dumps", "none");
    }

    #[test]
    fn core_dumps_fails() {
        fails("core_dumps", "written", |facts| facts.machine.dumps_core = true);
    }

    #[test]
    fn user_passes() {
        passes("user", "own");
    }

    #[test]
    fn user_fails() {
        fails("user", "root", |facts| facts.machine.is_root = true);
    }
}
