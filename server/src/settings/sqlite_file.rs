//! The file of SQLite: where it is, and that nobody else on the machine reads it.

use anyhow::{Context as _, ensure};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use super::{Mode, Settings};

/// What those may do with a file who are neither its owner nor of its group.
const OTHERS: u32 = 0o007;

impl Settings {
    /// Makes the folder of an SQLite file, and the file.
    ///
    /// # Errors
    /// When it cannot be made; in production also when everybody on the machine may open it.
    pub fn prepare_folder(&self) -> anyhow::Result<()> {
        if let Some(folder) = self.data_folder() {
            std::fs::create_dir_all(&folder).with_context(|| format!("the folder {}", folder.display()))?;
        }
        // An address with % is not a path letter by letter.
        let Some(path) = self.data_file().filter(|_| !self.database_url.contains('%')) else { return Ok(()) };
        // Made here and not by SQLite: its owner alone may read it, and its journal takes after it.
        if self.database_url.contains("mode=rwc") {
            make(&path)?;
        }
        if self.mode == Mode::Production {
            let rights = std::fs::metadata(&path).map_or(0, |file| file.permissions().mode());
            ensure!(rights & OTHERS == 0, "everybody on this machine may open {0}: chmod 600 {0}", path.display());
        }
        Ok(())
    }

    /// The SQLite file.
    pub fn data_file(&self) -> Option<PathBuf> {
        file_of(&self.database_url)
    }

    /// The folder of the SQLite file.
    pub fn data_folder(&self) -> Option<PathBuf> {
        folder_of(&self.database_url)
    }
}

/// Makes the file, where there is none, for its owner alone.
///
/// # Errors
/// When it cannot be made.
pub(crate) fn make(path: &Path) -> anyhow::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true).mode(0o600);
    options.open(path).map(|_| ()).with_context(|| format!("the file {}", path.display()))
}

fn file_of(database_url: &str) -> Option<PathBuf> {
    let path = database_url.strip_prefix("sqlite://")?.split('?').next()?;
    Some(PathBuf::from(path)).filter(|path| !path.as_os_str().is_empty())
}

/// The folder of the SQLite file of an address.
pub(super) fn folder_of(database_url: &str) -> Option<PathBuf> {
    file_of(database_url)?.parent().map(PathBuf::from).filter(|folder| !folder.as_os_str().is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::source::from_toml;
    use super::*;
    use std::fs::{Permissions, metadata, set_permissions};

    fn settings(path: &Path, mode: Mode) -> Settings {
        let toml = format!("database_url = 'sqlite://{}?mode=rwc'", path.display());
        Settings { mode, ..Settings::parse(&from_toml(&toml).unwrap()).unwrap() }
    }

    #[test]
    fn the_file_is_made_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data/keywright.db");
        for mode in [Mode::Development, Mode::Production] {
            settings(&path, mode).prepare_folder().unwrap();
            assert_eq!(metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn production_opens_no_file_that_everybody_may_open() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keywright.db");
        settings(&path, Mode::Production).prepare_folder().unwrap();
        set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        settings(&path, Mode::Development).prepare_folder().unwrap();
        let error = settings(&path, Mode::Production).prepare_folder().unwrap_err().to_string();
        assert!(error.contains("chmod 600") && error.contains("keywright.db"), "{error}");
        set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        settings(&path, Mode::Production).prepare_folder().unwrap();
    }
}
