//! A PostgreSQL, part of which lies on a small disk of its own that a story fills: a file system in memory, mounted where nobody
//! else sees it (`unshare --mount`), and gone with its value.

use super::cluster::{Cluster, is_root, programs};
use super::skipped::{NO_CLUSTER, NO_DISK};
use std::fs::File;
use std::io::{BufRead as _, BufReader, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Mounts it, gives it to whoever owns the folder around it, says so, and stays until nobody speaks to it any more.
const MOUNT: &str = "mount -t tmpfs -o size=64m,mode=700 tmpfs \"$0\" && chown \"$(stat -c %u \"${0%/*}\")\" \"$0\" \
                     && echo mounted && exec cat";

/// What lies on the small disk.
#[derive(Clone, Copy)]
pub enum Part {
    /// All but the write-ahead log.
    Tables,
    /// The write-ahead log.
    Log,
}

/// A cluster with such a disk.
pub struct SmallDisk {
    /// First, so that it stops while its disk is there.
    pub cluster: Cluster,
    disk: Disk,
}

impl SmallDisk {
    /// Makes and starts one; or says why there is none, where PostgreSQL is not installed or nothing can be mounted.
    pub fn start(part: Part) -> anyhow::Result<Result<Self, &'static str>> {
        let Some(programs) = programs() else { return Ok(Err(NO_CLUSTER)) };
        let mut cluster = Cluster::without_data(programs, "-c fsync=off")?;
        let log = cluster.folder.path().join("wal");
        let mounted = match part {
            Part::Tables => cluster.data(),
            Part::Log => log.clone(),
        };
        let Some(disk) = Disk::mount(&mounted)? else { return Ok(Err(NO_DISK)) };
        cluster.entering = disk.entering()?;
        // Small files of the log: one that is begun has room in it, however full the disk is.
        let at = format!("--waldir={}", log.display());
        let small = Self { cluster, disk };
        small.cluster.make_data(&["--wal-segsize=1", &at])?;
        small.cluster.go_on()?;
        Ok(Ok(small))
    }

    /// Uses up all that is left.
    pub fn fill(&self) {
        let mut filler = File::options().create(true).append(true).open(self.filler()).unwrap();
        let refused = loop {
            if let Err(refused) = filler.write_all(&[0; 4096]) {
                break refused;
            }
        };
        assert_eq!(refused.kind(), ErrorKind::StorageFull, "{refused}");
    }

    pub fn make_room(&self) {
        std::fs::remove_file(self.filler()).unwrap();
    }

    /// Removes what PostgreSQL keeps beside its tables for who connects, as it does itself when its own tables change: the next
    /// one writes it again, where there is room. There is none.
    pub fn forget_init_files(&self) {
        let databases = std::fs::read_dir(self.disk.seen_from_here.join("base")).unwrap();
        let files = databases.map(|database| database.unwrap().path().join("pg_internal.init"));
        let removed = files.filter(|file| std::fs::remove_file(file).is_ok()).count();
        assert!(removed > 0, "somebody was connected before");
        self.fill();
    }

    /// Waits until PostgreSQL ended by itself.
    pub fn wait_until_ended(&self) {
        let begun = Instant::now();
        while self.cluster.data().join("postmaster.pid").exists() {
            assert!(begun.elapsed() < Duration::from_secs(20), "PostgreSQL goes on without room for its log");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn filler(&self) -> PathBuf {
        self.disk.seen_from_here.join("filler")
    }
}

/// The mounted disk, for as long as a process stays in its namespace.
struct Disk {
    keeper: Child,
    /// The way to it from outside of the namespace.
    seen_from_here: PathBuf,
}

impl Disk {
    fn mount(at: &Path) -> anyhow::Result<Option<Self>> {
        std::fs::create_dir(at)?;
        let mut command = Command::new("unshare");
        if !is_root()? {
            // Whoever has a namespace of users may mount in it. They stay who they are there: PostgreSQL refuses to run as root.
            command.args(["--user", "--map-current-user", "--keep-caps"]);
        }
        command.args(["--mount", "--propagation=private", "sh", "-c", MOUNT]).arg(at);
        let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let Ok(keeper) = started else { return Ok(None) };
        let inside = PathBuf::from(format!("/proc/{}/root", keeper.id()));
        let mut disk = Self { keeper, seen_from_here: inside.join(at.strip_prefix("/")?) };
        let mut said = String::new();
        if let Some(output) = disk.keeper.stdout.take() {
            BufReader::new(output).read_line(&mut said)?;
        }
        Ok((said == "mounted\n").then_some(disk))
    }

    /// The words by which a program is run where it is mounted.
    fn entering(&self) -> anyhow::Result<Vec<String>> {
        let target = format!("--target={}", self.keeper.id());
        let mut words = vec!["nsenter".to_owned(), target, "--mount".to_owned()];
        if !is_root()? {
            words.extend(["--user", "--preserve-credentials"].map(str::to_owned));
        }
        Ok(words)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = self.keeper.kill();
        let _ = self.keeper.wait();
    }
}
