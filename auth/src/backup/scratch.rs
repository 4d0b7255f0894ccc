//! A folder for work in progress: rows that are not encrypted yet. Nobody else may enter it, and it goes with what was made in it,
//! whatever happens. Who works there holds a lock (`flock(2)`), which a kill lets go of: then whoever looks next sweeps it away.

use anyhow::Context as _;
use std::fs::{DirBuilder, DirEntry, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::archive::private_file;
use crate::Timestamp;
use crate::random::Random;

const BEGINNING: &str = ".keywright-work-";
/// As long as nobody holds its lock yet, and nothing is in it.
const BEGUN: &str = ".keywright-new-";
const LOCK: &str = "lock";
/// Seconds after which nobody is at something any more.
const OLD: i64 = 24 * 60 * 60;

/// The folder.
pub struct Scratch {
    path: PathBuf,
    _lock: File,
}

impl Scratch {
    /// Makes one, and sweeps away those that a kill left.
    ///
    /// # Errors
    /// When it cannot be made, or the disk knows no locks.
    pub fn make(within: &Path, random: &dyn Random, now: Timestamp) -> anyhow::Result<Self> {
        let words = || format!("the folder {} cannot be used for work", within.display());
        std::fs::create_dir_all(within).with_context(words)?;
        Self::sweep(within, now);
        let mut bytes = [0; 8];
        random.fill(&mut bytes);
        let number = format!("{:016x}", u64::from_be_bytes(bytes));
        let begun = within.join(format!("{BEGUN}{number}"));
        DirBuilder::new().mode(0o700).create(&begun).with_context(words)?;
        let lock = private_file(&begun.join(LOCK))?;
        lock.lock().with_context(words)?;
        // It has its name once the lock is held: nobody takes it for one that was left.
        let path = within.join(format!("{BEGINNING}{number}"));
        std::fs::rename(&begun, &path).with_context(words)?;
        Ok(Self { path, _lock: lock })
    }

    /// Sweeps away those in which nobody works any more.
    pub fn sweep(within: &Path, now: Timestamp) {
        let Ok(entries) = std::fs::read_dir(within) else { return };
        // A link is none of ours: in a folder that others may write to, it would lead to files that they may not delete.
        for entry in entries.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())) {
            let name = entry.file_name();
            let begins = |beginning: &str| name.to_str().is_some_and(|name| name.starts_with(beginning));
            let is_over = match (begins(BEGINNING), begins(BEGUN)) {
                (true, _) => is_free(&entry, now),
                (_, true) => is_left(&entry, now),
                _ => false,
            };
            if is_over {
                // Another program may be about to do the same. This follows no link that is put there in this moment.
                let _ = std::fs::remove_dir_all(entry.path());
            }
        }
    }

    /// The path of something in it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Who looks after a kill in this moment finds a lock that nobody holds, and does the rest.
        if let Err(error) = remove(&self.path)
            && error.kind() != ErrorKind::NotFound
        {
            let folder = self.path.display();
            tracing::warn!(%error, %folder, "rows that are not encrypted are left there: delete it");
        }
    }
}

/// Removes a folder of our own, its lock last: rows that a kill leaves are known as let go.
fn remove(folder: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)?.flatten().filter(|entry| entry.file_name() != LOCK) {
        // What is no file goes with the folder.
        let _ = std::fs::remove_file(entry.path());
    }
    std::fs::remove_dir_all(folder)
}

/// Whether nobody holds its lock. In one without a lock an older version may be at work, which knew none.
fn is_free(folder: &DirEntry, now: Timestamp) -> bool {
    // Not for reading alone: over NFS whoever may not write may not lock.
    match OpenOptions::new().write(true).open(folder.path().join(LOCK)) {
        Ok(lock) => lock.try_lock().is_ok(),
        Err(error) => error.kind() == ErrorKind::NotFound && is_left(folder, now),
    }
}

/// Whether it is so old that nobody is at it any more.
pub(super) fn is_left(entry: &DirEntry, now: Timestamp) -> bool {
    let changed = entry.metadata().and_then(|data| data.modified()).ok();
    let age = changed.and_then(|changed| changed.duration_since(UNIX_EPOCH).ok()).map(|since| since.as_secs());
    age.and_then(|seconds| i64::try_from(seconds).ok()).is_some_and(|at| now.seconds() - at > OLD)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SystemRandom;

    /// A folder with rows, as a kill leaves it.
    fn plant(within: &Path, name: &str) -> PathBuf {
        let folder = within.join(name);
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("rows"), "of people").unwrap();
        folder
    }

    /// When it was made, by the clock of the disk.
    fn made_at(folder: &Path) -> Timestamp {
        let changed = std::fs::metadata(folder).unwrap().modified().unwrap();
        let seconds = changed.duration_since(UNIX_EPOCH).unwrap().as_secs();
        Timestamp(i64::try_from(seconds).unwrap() * 1000)
    }

    #[test]
    fn what_a_kill_left_goes_at_once_and_what_somebody_works_in_stays() {
        let within = tempfile::tempdir().unwrap();
        let let_go = plant(within.path(), ".keywright-work-1123456789abcdef");
        std::fs::write(let_go.join(LOCK), "").unwrap();
        let held = plant(within.path(), ".keywright-work-2123456789abcdef");
        let lock = private_file(&held.join(LOCK)).unwrap();
        lock.lock().unwrap();
        let somebodys = plant(within.path(), "somebodys");

        // Whoever makes one looks after the others.
        let now = made_at(&held);
        let scratch = Scratch::make(within.path(), &SystemRandom, now).unwrap();
        std::fs::write(scratch.file("rows"), "of people").unwrap();
        assert!(!let_go.exists());
        let days_later = now.plus_seconds(3 * OLD);
        Scratch::sweep(within.path(), days_later);
        assert!(scratch.file("rows").exists() && held.join("rows").exists() && somebodys.exists());

        drop(lock);
        drop(scratch);
        Scratch::sweep(within.path(), now);
        assert!(!held.exists(), "the control: without the lock it goes");
        assert_eq!(std::fs::read_dir(within.path()).unwrap().count(), 1, "somebody's");
    }

    #[test]
    fn what_a_link_leads_to_is_nobodys_work() {
        let (within, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let kept = plant(elsewhere.path(), "somebodys");
        for has_lock in [false, true] {
            if has_lock {
                std::fs::write(kept.join(LOCK), "").unwrap();
            }
            for name in [".keywright-new-0123456789abcdef", ".keywright-work-0123456789abcdef"] {
                let link = within.path().join(name);
                std::os::unix::fs::symlink(&kept, &link).unwrap();
                Scratch::sweep(within.path(), made_at(&kept).plus_seconds(3 * OLD));
                assert!(kept.join("rows").exists() && kept.join(LOCK).exists() == has_lock, "{name}");
                std::fs::remove_file(link).unwrap();
            }
        }
        let control = plant(within.path(), ".keywright-work-1123456789abcdef");
        Scratch::sweep(within.path(), made_at(&control).plus_seconds(3 * OLD));
        assert!(!control.exists(), "the control: a folder goes");
    }

    #[test]
    fn what_has_no_lock_is_left_for_a_day() {
        // The one is about to be locked; in the other a version works that knew no locks.
        for name in [".keywright-new-0123456789abcdef", ".keywright-work-0123456789abcdef"] {
            let within = tempfile::tempdir().unwrap();
            let begun = plant(within.path(), name);
            let now = made_at(&begun);
            Scratch::sweep(within.path(), now.plus_seconds(OLD));
            assert!(begun.join("rows").exists(), "{name}");
            Scratch::sweep(within.path(), now.plus_seconds(OLD + 1));
            assert!(!begun.exists(), "{name}");
        }
    }
}
