//! The machine: memory, files that may be opened, disks, and who runs the program.

use auth::backup::Place;
use rustix::fs::{statfs, statvfs};
use rustix::system::sysinfo;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::share::{Look, look_at_share};
use crate::settings::Settings;

/// What is known of the machine; what the system does not tell is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    /// Bytes of memory that the program may have.
    pub memory: Option<u64>,
    /// Files that it may have open.
    pub open_files: Option<u64>,
    /// Whether what is in memory is written to the disk when the program ends in a crash.
    pub dumps_core: bool,
    /// Whether it runs as the user who may do everything.
    pub is_root: bool,
    /// The disk of SQLite; none on PostgreSQL.
    pub disk: Option<Disk>,
    /// The disk on which backups are made.
    pub work_disk: Look,
    /// The disk to which backups go; none where they go into a bucket, or nowhere.
    pub backup_disk: Look,
}

/// A disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disk {
    /// Bytes that are free for this program.
    pub free: u64,
    /// Bytes in all.
    pub size: u64,
    /// What it is.
    pub kind: DiskKind,
}

/// What a disk is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiskKind {
    /// Of this machine, as far as one can tell.
    Local,
    /// Memory: it is empty after a restart.
    Memory,
    /// Another machine's, whose locks SQLite must not rely on.
    Network,
}

impl Machine {
    /// Looks at it.
    pub fn look(settings: &Settings) -> Self {
        let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
        let of_data = settings.data_file().map(|_| settings.data_folder().unwrap_or_default());
        Self {
            memory: memory(),
            open_files: soft_limit(&limits, "Max open files").and_then(|limit| limit.parse().ok()),
            dumps_core: soft_limit(&limits, "Max core file size").is_some_and(|limit| limit != "0"),
            is_root: std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0),
            disk: of_data.as_deref().and_then(Disk::look),
            work_disk: look_at_share(&settings.backup.work_folder),
            backup_disk: folder_of_backups(settings).and_then(look_at_share),
        }
    }
}

impl Disk {
    pub(super) fn look(folder: &Path) -> Option<Self> {
        let folder = nearest(folder)?;
        let space = statvfs(&folder).ok()?;
        // As Linux names them (statfs(2)).
        let kind = match statfs(&folder).ok()?.f_type {
            // TMPFS_MAGIC, RAMFS_MAGIC.
            0x0102_1994 | 0x8584_58f6 => DiskKind::Memory,
            // NFS_SUPER_MAGIC, SMB_SUPER_MAGIC, SMB2_MAGIC_NUMBER, CIFS_MAGIC_NUMBER, CEPH_SUPER_MAGIC, V9FS_MAGIC.
            0x6969 | 0x517b | 0xfe53_4d42 | 0xff53_4d42 | 0x00c3_6400 | 0x0102_1997 => DiskKind::Network,
            _ => DiskKind::Local,
        };
        let bytes = |blocks: u64| blocks.saturating_mul(space.f_frsize);
        Some(Self { free: bytes(space.f_bavail), size: bytes(space.f_blocks), kind })
    }
}

/// The nearest folder that is there: before the first start that of the data is not.
pub(super) fn nearest(folder: &Path) -> Option<PathBuf> {
    let folder = std::path::absolute(folder).ok().or_else(|| std::env::current_dir().ok())?;
    folder.ancestors().find(|folder| folder.is_dir()).map(Path::to_path_buf)
}

fn folder_of_backups(settings: &Settings) -> Option<&Path> {
    match &settings.backup.target.as_ref()?.place {
        Place::Folder(folder) => Some(folder),
        Place::Bucket(_) => None,
    }
}

/// The memory of the machine, or the least that a group may have which the program is in (control groups, version 2). Asked of
/// the kernel: a service may be kept from `/proc/meminfo`, as that of `deploy/systemd` is.
fn memory() -> Option<u64> {
    let machine = sysinfo();
    let of_machine = machine.totalram.saturating_mul(u64::from(machine.mem_unit));
    let of_groups = groups(&std::fs::read_to_string("/proc/self/cgroup").unwrap_or_default())
        .into_iter()
        .filter_map(|group| std::fs::read_to_string(group.join("memory.max")).ok()?.trim().parse::<u64>().ok());
    of_groups.chain([of_machine]).min().filter(|bytes| *bytes > 0)
}

/// The folders of the group and of those around it; within a container they end at its own.
fn groups(told: &str) -> Vec<PathBuf> {
    const ALL: &str = "/sys/fs/cgroup";
    let own = told.lines().find_map(|line| line.strip_prefix("0::/")).unwrap_or_default();
    let own = Path::new(ALL).join(own);
    own.ancestors().filter(|group| group.starts_with(ALL)).map(Path::to_path_buf).collect()
}

/// The soft limit of a name, as Linux writes it.
fn soft_limit<'a>(limits: &'a str, name: &str) -> Option<&'a str> {
    limits.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::source::from_toml;

    const RECIPIENT: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

    #[test]
    fn limits_are_read_as_linux_writes_them() {
        let limits = "Limit                     Soft Limit           Hard Limit           Units     \n\
                      Max core file size        0                    unlimited            bytes     \n\
                      Max open files            1024                 524288               files     \n";
        assert_eq!(soft_limit(limits, "Max open files"), Some("1024"));
        assert_eq!(soft_limit(limits, "Max core file size"), Some("0"));
        assert_eq!(soft_limit("", "Max open files"), None);
    }

    #[test]
    fn memory_is_that_of_the_closest_group_or_of_the_machine() {
        let service =
            ["/sys/fs/cgroup/system.slice/keywright.service", "/sys/fs/cgroup/system.slice", "/sys/fs/cgroup"];
        assert_eq!(groups("0::/system.slice/keywright.service\n"), service.map(PathBuf::from));
        for container in ["0::/\n", "", "4:memory:/old\n"] {
            assert_eq!(groups(container), [PathBuf::from("/sys/fs/cgroup")], "{container}");
        }
        assert!(memory().is_some_and(|bytes| bytes > 64 * 1024 * 1024));
    }

    #[test]
    fn the_disk_is_found_before_the_folder_is_made() {
        let folder = tempfile::tempdir().unwrap();
        let toml = format!("database_url = 'sqlite://{}?mode=rwc'", folder.path().join("data/new/k.db").display());
        let machine = Machine::look(&Settings::parse(&from_toml(&toml).unwrap()).unwrap());
        assert!(machine.disk.is_some_and(|disk| disk.size > 0 && disk.free <= disk.size), "{machine:?}");
        let size = |disk: Option<Disk>| disk.map(|disk| disk.size);
        let work_disk = machine.work_disk.and_then(Result::ok);
        assert_eq!((size(work_disk), machine.backup_disk), (size(machine.disk), None), "it is made beside it");
        let elsewhere = format!(
            "database_url = 'postgres://localhost/keywright'\nbackup_place = '{}'\nbackup_recipient = '{RECIPIENT}'",
            folder.path().join("backups").display()
        );
        let machine = Machine::look(&Settings::parse(&from_toml(&elsewhere).unwrap()).unwrap());
        assert!(machine.disk.is_none() && matches!(machine.backup_disk, Some(Ok(_))), "{machine:?}");
    }
}
