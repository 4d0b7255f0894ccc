//! A folder for work in progress: rows that are not encrypted yet. Nobody else may enter it, and it goes with what was made in it,
//! whatever happens. After a kill the next one sweeps it away.

use anyhow::Context as _;
use std::fs::{DirBuilder, DirEntry};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use crate::Timestamp;
use crate::random::Random;

const BEGINNING: &str = ".keywright-work-";
/// Seconds after which nobody works in a folder any more.
const OLD: i64 = 24 * 60 * 60;

/// The folder.
pub struct Scratch(PathBuf);

impl Scratch {
    /// Makes one, and sweeps away those that a kill left.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn make(within: &Path, random: &dyn Random, now: Timestamp) -> anyhow::Result<Self> {
        let words = || format!("the folder {} cannot be used for work", within.display());
        std::fs::create_dir_all(within).with_context(words)?;
        sweep(within, now);
        let mut bytes = [0; 8];
        random.fill(&mut bytes);
        let path = within.join(format!("{BEGINNING}{:016x}", u64::from_be_bytes(bytes)));
        DirBuilder::new().mode(0o700).create(&path).with_context(words)?;
        Ok(Self(path))
    }

    /// The path of something in it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, folder = %self.0.display(), "rows that are not encrypted are left there: delete it");
        }
    }
}

fn sweep(within: &Path, now: Timestamp) {
    let Ok(entries) = std::fs::read_dir(within) else { return };
    for entry in entries.flatten() {
        let is_ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(BEGINNING));
        if is_ours && is_left(&entry, now) {
            // Another program may be about to do the same.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// Whether nobody works there any more.
pub(super) fn is_left(entry: &DirEntry, now: Timestamp) -> bool {
    let changed = entry.metadata().and_then(|data| data.modified()).ok();
    let age = changed.and_then(|changed| changed.duration_since(UNIX_EPOCH).ok()).map(|since| since.as_secs());
    age.and_then(|seconds| i64::try_from(seconds).ok()).is_some_and(|at| now.seconds() - at > OLD)
}
