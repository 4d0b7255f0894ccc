//! The file of SQLite, and who on this machine may open it.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use crate::settings::Settings;

/// The file, its folder, and what stands beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataFile {
    /// Where it is.
    pub path: PathBuf,
    /// Who may do what with the file, its log or its index, all taken together.
    pub mode: u32,
    /// The same of the folder.
    pub folder_mode: u32,
}

impl DataFile {
    /// Looks at it; none where there is none.
    pub fn look(settings: &Settings) -> Option<Self> {
        // An address with % is not a path letter by letter.
        let path = settings.data_file().filter(|_| !settings.database_url.contains('%'))?;
        let mut mode = mode_of(&path)?;
        for suffix in ["-wal", "-shm"] {
            let mut beside = path.clone().into_os_string();
            beside.push(suffix);
            mode |= mode_of(Path::new(&beside)).unwrap_or_default();
        }
        let folder = settings.data_folder().unwrap_or_else(|| PathBuf::from("."));
        Some(Self { mode, folder_mode: mode_of(&folder).unwrap_or_default(), path })
    }
}

fn mode_of(path: &Path) -> Option<u32> {
    Some(std::fs::metadata(path).ok()?.permissions().mode() & 0o1777)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::source::from_toml;
    use std::fs::{Permissions, set_permissions, write};

    #[test]
    fn the_log_beside_the_file_is_looked_at_as_well() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keywright.db");
        let toml = format!("database_url = 'sqlite://{}?mode=rwc'", path.display());
        let settings = Settings::parse(&from_toml(&toml).unwrap()).unwrap();
        assert_eq!(DataFile::look(&settings), None);
        for (name, mode) in [("keywright.db", 0o600), ("keywright.db-wal", 0o644)] {
            let file = folder.path().join(name);
            write(&file, "").unwrap();
            set_permissions(&file, Permissions::from_mode(mode)).unwrap();
        }
        let looked = DataFile::look(&settings).unwrap();
        assert_eq!((looked.mode, looked.path), (0o644, path));
    }
}
