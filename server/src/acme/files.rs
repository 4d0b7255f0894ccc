//! What the authority gave, in files that nobody else may read.

use anyhow::Context as _;
use std::fs::{DirBuilder, File, OpenOptions, rename};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// Writes a file that its owner alone may read, whole or not at all.
///
/// # Errors
/// When the folder cannot be made, or the file not written.
pub(super) fn write_private(folder: &Path, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
    let whole = folder.join(name);
    let mut file = new_private(folder, name)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    rename(half_of(folder, name), whole)?;
    Ok(())
}

fn new_private(folder: &Path, name: &str) -> anyhow::Result<File> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder).with_context(|| folder.display().to_string())?;
    let half = half_of(folder, name);
    // One of a start that was broken off may be anybody's.
    let _ = std::fs::remove_file(&half);
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&half);
    file.with_context(|| half.display().to_string())
}

fn half_of(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.new"))
}
