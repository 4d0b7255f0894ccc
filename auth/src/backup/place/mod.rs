//! Where backups lie: a folder, or a bucket of a storage that speaks S3. A backup is there whole under its name, or not at all.

use anyhow::Context as _;
use std::fmt;
use std::fs::{File, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use super::BackupName;
use super::name::BEGINNING;
use super::scratch::is_left;
use crate::Timestamp;
use crate::random::Random;

mod s3;
pub mod signature;

pub use s3::{Bucket, BucketSettings};

/// Most backups that are looked at in a place.
const MOST: usize = 20_000;
/// How what is half written ends.
const PART: &str = ".part";

/// A place for backups.
#[derive(Clone)]
pub enum Place {
    /// A folder, which may be that of another machine.
    Folder(PathBuf),
    /// A bucket, or a part of one.
    Bucket(Box<Bucket>),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(path) => write!(f, "the folder {}", path.display()),
            Self::Bucket(bucket) => write!(f, "{bucket}"),
        }
    }
}

impl Place {
    /// Puts a file there under a name.
    ///
    /// # Errors
    /// When it cannot be written; then the name is not there.
    pub async fn put(&self, name: &str, file: &Path, random: &dyn Random, now: Timestamp) -> anyhow::Result<()> {
        match self {
            Self::Folder(folder) => {
                let (folder, name, file) = (folder.clone(), name.to_owned(), file.to_owned());
                // Two nodes may be at the same name, and neither is to write into what the other has begun.
                let mut bytes = [0; 8];
                random.fill(&mut bytes);
                let unfinished = folder.join(format!(".{name}.{:016x}{PART}", u64::from_be_bytes(bytes)));
                tokio::task::spawn_blocking(move || {
                    std::fs::create_dir_all(&folder)?;
                    sweep(&folder, now);
                    put_into_folder(&folder, &name, &file, &unfinished)
                })
                .await?
            }
            Self::Bucket(bucket) => bucket.put(name, file, now).await,
        }
    }

    /// The backups that are there. What is called otherwise is none of our business.
    ///
    /// # Errors
    /// When the place cannot be used.
    pub async fn list(&self, now: Timestamp) -> anyhow::Result<Vec<BackupName>> {
        let names = match self {
            Self::Folder(folder) => {
                let entries = std::fs::read_dir(folder).with_context(|| format!("the folder {}", folder.display()))?;
                let names = entries.take(MOST).flatten().filter_map(|entry| entry.file_name().into_string().ok());
                names.collect()
            }
            Self::Bucket(bucket) => bucket.list(now).await?,
        };
        let mut names: Vec<BackupName> = names.iter().filter_map(|name| name.parse().ok()).collect();
        names.sort_unstable();
        Ok(names)
    }

    /// Brings a backup into a new file.
    ///
    /// # Errors
    /// When it is not there or cannot be read.
    pub async fn get(&self, name: &BackupName, into: &Path, now: Timestamp) -> anyhow::Result<()> {
        match self {
            Self::Folder(folder) => {
                let from = folder.join(name.to_string());
                let into = into.to_owned();
                let copied = tokio::task::spawn_blocking(move || std::fs::copy(from, into)).await?;
                copied.with_context(|| format!("{name} cannot be read"))?;
                Ok(())
            }
            Self::Bucket(bucket) => bucket.get(&name.to_string(), into, now).await,
        }
    }

    /// Deletes a backup; one that is gone is no failure.
    ///
    /// # Errors
    /// When the place cannot be used.
    pub(super) async fn delete(&self, name: &str, now: Timestamp) -> anyhow::Result<()> {
        match self {
            Self::Folder(folder) => match std::fs::remove_file(folder.join(name)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
                _ => Ok(()),
            },
            Self::Bucket(bucket) => bucket.delete(name, now).await,
        }
    }
}

/// Under another name first: a name says that all of it reached the disk.
fn put_into_folder(folder: &Path, name: &str, file: &Path, unfinished: &Path) -> anyhow::Result<()> {
    let copied = std::fs::copy(file, unfinished).map_err(anyhow::Error::from).and_then(|_| make_private(unfinished));
    let done = copied.and_then(|()| Ok(std::fs::rename(unfinished, folder.join(name))?));
    if done.is_err() {
        // It may not even have been made.
        let _ = std::fs::remove_file(unfinished);
    }
    done?;
    Ok(File::open(folder)?.sync_all()?)
}

/// Deletes what a kill left half written. It is encrypted, but fills the disk.
fn sweep(folder: &Path, now: Timestamp) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.take(MOST).flatten() {
        let is_ours = entry.file_name().to_str().is_some_and(|name| {
            name.strip_prefix('.').is_some_and(|name| name.starts_with(BEGINNING)) && name.ends_with(PART)
        });
        if is_ours && is_left(&entry, now) {
            // Another node may be about to do the same.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// For its owner alone, and on the disk.
pub(super) fn make_private(path: &Path) -> anyhow::Result<()> {
    let file = File::open(path)?;
    file.set_permissions(Permissions::from_mode(0o600))?;
    Ok(file.sync_all()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backup::DatabaseKind;
    use crate::random::SystemRandom;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    #[tokio::test]
    async fn a_folder_has_whole_backups_alone() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::Folder(folder.path().join("backups"));
        let file = folder.path().join("file");
        std::fs::write(&file, "all of it").unwrap();
        let name = BackupName::of(NOW, DatabaseKind::Sqlite);
        place.put(&name.to_string(), &file, &SystemRandom, NOW).await.unwrap();
        std::fs::write(folder.path().join("backups/notes.txt"), "somebody's").unwrap();
        std::fs::write(folder.path().join(format!("backups/.{name}.part")), "half").unwrap();
        assert_eq!(place.list(NOW).await.unwrap(), [name]);
        let path = folder.path().join("backups").join(name.to_string());
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let back = folder.path().join("back");
        place.get(&name, &back, NOW).await.unwrap();
        assert_eq!(std::fs::read_to_string(&back).unwrap(), "all of it");
        place.delete(&name.to_string(), NOW).await.unwrap();
        place.delete(&name.to_string(), NOW).await.unwrap();
        assert!(place.list(NOW).await.unwrap().is_empty());
        let missing = folder.path().join("missing");
        assert!(place.put(&name.to_string(), &missing, &SystemRandom, NOW).await.is_err());
        assert!(place.list(NOW).await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn what_a_kill_left_half_written_goes_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::Folder(folder.path().join("backups"));
        let file = folder.path().join("file");
        std::fs::write(&file, "all of it").unwrap();
        std::fs::create_dir(folder.path().join("backups")).unwrap();
        let name = BackupName::of(NOW, DatabaseKind::Sqlite).to_string();
        let left = folder.path().join("backups").join(format!(".{name}.0123456789abcdef.part"));
        for path in [&left, &folder.path().join("backups/.somebodys.part")] {
            std::fs::write(path, "half").unwrap();
        }
        let written = std::fs::metadata(&left).unwrap().modified().unwrap();
        let written = written.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
        let written = Timestamp(i64::try_from(written).unwrap() * 1000);
        place.put(&name, &file, &SystemRandom, written).await.unwrap();
        assert!(left.exists(), "another node may be at it");
        place.put(&name, &file, &SystemRandom, written.plus_seconds(2 * 24 * 60 * 60)).await.unwrap();
        assert!(!left.exists());
        assert_eq!(std::fs::read_dir(folder.path().join("backups")).unwrap().count(), 2, "a backup, and somebody's");
    }
}
