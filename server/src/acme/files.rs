//! What the authority gave, in files that nobody else may read.

use anyhow::{Context as _, ensure};
use std::fs::{DirBuilder, File, OpenOptions, rename};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

/// Rights to the folder that nobody else may have: whoever writes there lays an account of theirs into it, in whose name the
/// host is then proved.
const WRITTEN_BY_OTHERS: u32 = 0o022;

/// Makes the folder, or sees that it is nobody else's.
///
/// # Errors
/// When it cannot be made, or others may write into it.
pub(super) fn own_folder(folder: &Path) -> anyhow::Result<()> {
    let named = || format!("acme_folder is {}", folder.display());
    DirBuilder::new().recursive(true).mode(0o700).create(folder).with_context(named)?;
    let mode = std::fs::metadata(folder).with_context(named)?.permissions().mode() & 0o777;
    ensure!(
        mode & WRITTEN_BY_OTHERS == 0,
        "acme_folder is {}, into which others on this machine may write (its mode is {mode:03o}); let it be 700",
        folder.display()
    );
    Ok(())
}

/// Writes a file that its owner alone may read, whole or not at all.
///
/// # Errors
/// When the folder is not ours alone, or the file cannot be written.
pub(super) fn write_private(folder: &Path, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
    let whole = folder.join(name);
    let mut file = new_private(folder, name)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    rename(half_of(folder, name), whole)?;
    Ok(())
}

fn new_private(folder: &Path, name: &str) -> anyhow::Result<File> {
    own_folder(folder)?;
    let half = half_of(folder, name);
    // One of a start that was broken off may be anybody's.
    let _ = std::fs::remove_file(&half);
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&half);
    file.with_context(|| half.display().to_string())
}

fn half_of(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.new"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_folder_into_which_others_write_holds_no_account() {
        let above = tempfile::tempdir().unwrap();
        let folder = above.path().join("data/acme");
        write_private(&folder, "account.json", b"{}").unwrap();
        assert_eq!((mode(&folder), mode(&folder.join("account.json"))), (0o700, 0o600), "the control");
        for (mode, is_ours) in [(0o777, false), (0o770, false), (0o702, false), (0o1777, false), (0o750, true)] {
            std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(mode)).unwrap();
            let owned = own_folder(&folder);
            assert_eq!(owned.is_ok(), is_ours, "{mode:o}");
            assert_eq!(write_private(&folder, "account.json", b"{}").is_ok(), is_ours, "{mode:o}");
            assert!(owned.err().is_none_or(|error| error.to_string().contains("let it be 700")));
        }
    }
}
