//! `keywright restore FILE --identity FILE`: puts a backup into the empty database of the settings. Nothing is overwritten; no
//! server may run on it meanwhile.

use anyhow::{Context as _, ensure};
use auth::backup::Scratch;
use auth::clock::{Clock as _, SystemClock};
use auth::flow;
use auth::random::SystemRandom;
use auth::store::DatabaseSettings;
use auth::token::Algorithm;
use rustix::fs::{CWD, RenameFlags, renameat_with};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::backup::file_and_identity;
use crate::Settings;
use crate::restoring::{self, Restored};

/// What it ends with when everything was restored, and something of it was not well before.
const NOT_WELL: u8 = 3;

/// What is to be restored.
#[derive(Debug, PartialEq, Eq)]
pub struct Options {
    /// Its path, or its name in `backup_place`.
    file: String,
    /// The file with the key that opens it.
    identity: PathBuf,
}

impl Options {
    /// Reads the words after `keywright restore`.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn parse(words: &[&str]) -> Result<Self, String> {
        file_and_identity(words).map(|(file, identity)| Self { file, identity })
    }
}

/// Restores it, and says what was done.
///
/// # Errors
/// When the backup is not whole, the database not empty, or the master key another one.
pub async fn restore(options: &Options) -> anyhow::Result<ExitCode> {
    let settings = Settings::load().await?;
    let file = empty_file(&settings)?;
    let scratch = Scratch::make(&settings.backup.work_folder, &SystemRandom, SystemClock.now())?;
    let opened = restoring::open(&settings, &options.file, &options.identity, &scratch).await?;
    println!("{} is whole: {}.", options.file, restoring::in_words(&opened.manifest));
    // A file of SQLite gets its name at the end: until then nobody can start on it.
    let unfinished = file.as_ref().map(|_| scratch.file("restored.db"));
    let database = match &unfinished {
        Some(path) => DatabaseSettings::of_file(path)?,
        None => settings.database(),
    };
    let Restored { auth, faults, seen } =
        restoring::restore(&settings, &opened, &database, unfinished.as_deref()).await?;
    let context = restoring::context("keywright restore");
    let finished = flow::finish_restore(&auth, &options.file, opened.manifest.taken_at, &context).await;
    auth.store().close().await;
    finished.context("the restore was not finished")?;
    if let (Some(from), Some(to)) = (&unfinished, &file) {
        name_it(from, to)?;
    }
    println!("Restored: {seen}.");
    let is_well = faults.is_empty();
    for fault in faults {
        println!("Not well: {fault}.");
    }
    println!("Everybody signs in again. Sessions, codes, links and personal access tokens of before have ended.");
    if settings.keys.algorithm == Algorithm::Hs256 {
        println!("Set another hs256_secret before anything starts: what the one of before signed is refused.");
    }
    println!("Whoever was suspended or deleted after the backup is not: do it again (docs/operations/backup.md).");
    Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::from(NOT_WELL) })
}

/// The file of SQLite, if it is one, and it is not there yet.
fn empty_file(settings: &Settings) -> anyhow::Result<Option<PathBuf>> {
    if !settings.database().is_sqlite() {
        return Ok(None);
    }
    let file = settings.data_file().filter(|_| !settings.database_url.contains('%'));
    let file = file.context("database_url must be a path without %")?;
    if let Some(folder) = settings.data_folder() {
        std::fs::create_dir_all(folder)?;
    }
    for ending in ["", "-wal", "-journal"] {
        let mut path = file.clone().into_os_string();
        path.push(ending);
        let path = PathBuf::from(path);
        let is_there = std::fs::symlink_metadata(&path).is_ok();
        ensure!(!is_there, "{} is there, so the database is not empty: move it away", path.display());
    }
    Ok(Some(file))
}

/// Gives the finished file its name, at once and whole, and only while nothing has that name. Its other name, where the disk knows
/// files of two names, goes with the scratch folder.
///
/// # Errors
/// When something has the name, or the disk can do neither.
fn name_it(from: &Path, to: &Path) -> anyhow::Result<()> {
    let mut journal = from.as_os_str().to_owned();
    journal.push("-wal");
    // What ended in the last step must not stay behind in it.
    let left = std::fs::metadata(&journal).map_or(0, |data| data.len());
    ensure!(left == 0, "the file was not closed well: nothing was restored");
    // Some disks know no hard links, such as FAT and shares of Windows.
    let named = std::fs::hard_link(from, to).or_else(|why| match why.kind() {
        ErrorKind::AlreadyExists => Err(why),
        _ => rename_to_new(from, to),
    });
    named.with_context(|| match std::fs::symlink_metadata(to) {
        Ok(_) => format!("{} was made meanwhile: nothing was restored", to.display()),
        Err(_) => format!(
            "{} must be on the same disk as backup_work_folder, and one that knows hard links or renames that replace nothing: \
             nothing was restored",
            to.display()
        ),
    })?;
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok(std::fs::File::open(folder)?.sync_all()?)
}

/// A rename that replaces nothing, not even what somebody began there a moment ago.
fn rename_to_new(from: &Path, to: &Path) -> io::Result<()> {
    Ok(renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_made_meanwhile_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let [from, to] = ["restored.db", "keywright.db"].map(|name| folder.path().join(name));
        std::fs::write(&from, "restored").unwrap();
        // Also when there is nothing in it yet: a server that starts makes it so.
        for begun in ["", "somebody's"] {
            std::fs::write(&to, begun).unwrap();
            let error = format!("{:#}", name_it(&from, &to).unwrap_err());
            assert!(error.contains("keywright.db was made meanwhile: nothing was restored"), "{error}");
            assert_eq!(std::fs::read_to_string(&to).unwrap(), begun);
        }
        std::fs::remove_file(&to).unwrap();
        name_it(&from, &to).unwrap();
        std::fs::remove_file(&from).unwrap();
        assert_eq!(std::fs::read_to_string(&to).unwrap(), "restored", "the control");
        let nowhere = folder.path().join("nowhere/keywright.db");
        assert!(format!("{:#}", name_it(&to, &nowhere).unwrap_err()).contains("on the same disk"));
    }

    #[test]
    fn where_nothing_can_have_two_names_it_is_renamed_and_nothing_is_written_over() {
        let within = tempfile::tempdir().unwrap();
        // A folder is to every disk what a file is to one that knows no hard links (EPERM, link(2)).
        let [from, to] = ["restored", "keywright"].map(|name| within.path().join(name));
        std::fs::create_dir(&from).unwrap();
        std::fs::write(from.join("rows"), "restored").unwrap();
        assert!(std::fs::hard_link(&from, &to).is_err(), "the control");
        // An empty folder is what a rename like others would replace.
        std::fs::create_dir(&to).unwrap();
        let error = format!("{:#}", name_it(&from, &to).unwrap_err());
        assert!(error.contains("keywright was made meanwhile: nothing was restored"), "{error}");
        assert_eq!(rename_to_new(&from, &to).unwrap_err().kind(), ErrorKind::AlreadyExists);
        assert!(from.join("rows").exists() && !to.join("rows").exists());
        std::fs::remove_dir(&to).unwrap();
        name_it(&from, &to).unwrap();
        assert_eq!(std::fs::read_to_string(to.join("rows")).unwrap(), "restored");
        assert!(!from.exists(), "it has one name");
    }
}
