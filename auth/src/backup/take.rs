//! Taking a backup: the database writes its state, it is encrypted, and put into its place under its name at once and whole.

use anyhow::Context as _;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::archive::{measure, write_archive};
use super::{BackupName, BackupSettings, DatabaseKind, Manifest, Scratch, Target, superfluous};
use crate::Timestamp;
use crate::crypto::Sealer;
use crate::random::Random;
use crate::store::{DatabaseSettings, SnapshotState, Store};

/// A backup that was taken.
#[derive(Clone, Debug)]
pub struct Taken {
    /// What it is called in its place.
    pub name: String,
    /// Its bytes.
    pub bytes: u64,
    /// What is in it.
    pub manifest: Manifest,
}

/// What is backed up, and who does it.
pub struct Source<'a> {
    /// How.
    pub settings: &'a BackupSettings,
    /// The database.
    pub database: &'a DatabaseSettings,
    /// The version of the program.
    pub version: &'a str,
    /// Proves that this installation took it.
    pub sealer: &'a Sealer,
    /// The first change of tables that is to be made after it; none: it is one like any other.
    pub before_change: Option<i64>,
}

/// Takes a backup and puts it into its place.
///
/// # Errors
/// When the database or the place cannot be used; then nothing lies there that looks like a backup.
pub async fn take(
    source: &Source<'_>,
    target: &Target,
    random: &Arc<dyn Random>,
    now: Timestamp,
) -> anyhow::Result<Taken> {
    let settings = source.settings;
    let scratch = Scratch::make(&settings.work_folder, &**random, now)?;
    let rows = scratch.file("rows");
    let (kind, state) = dump(settings, source.database, &rows).await.context("the database cannot be backed up")?;
    let measured = rows.clone();
    let (bytes, sha256) = tokio::task::spawn_blocking(move || measure(&measured)).await??;
    let manifest = Manifest {
        version: source.version.to_owned(),
        schema: state.schema,
        database: kind,
        taken_at: now,
        counts: state.counts,
        audit_head: state.audit_head.map(|head| head.to_string()),
        bytes,
        sha256,
        proof: String::new(),
    };
    let manifest = manifest.proved(source.sealer, &**random)?;
    let file = scratch.file("backup");
    let writing = tokio::task::spawn_blocking({
        let (file, manifest, recipient, random) =
            (file.clone(), manifest.clone(), target.recipient, Arc::clone(random));
        move || {
            write_archive(&file, &recipient, &*random, &manifest, &rows)?;
            anyhow::Ok(std::fs::metadata(&file)?.len())
        }
    });
    let bytes = writing.await?.context("the backup cannot be written")?;
    let name = BackupName::of(now, kind);
    let name = source.before_change.map_or(name, |change| name.before(change)).to_string();
    target
        .place
        .put(&name, &file, &**random, now)
        .await
        .with_context(|| format!("the backup cannot be put into {}", target.place))?;
    Ok(Taken { name, bytes, manifest })
}

/// Deletes what retention does not keep; says which.
///
/// # Errors
/// When the place cannot be used.
pub async fn prune(settings: &BackupSettings, target: &Target, now: Timestamp) -> anyhow::Result<Vec<String>> {
    let names = target.place.list(now).await?;
    let gone = superfluous(&names, settings.keep, now);
    let mut deleted = Vec::new();
    for name in gone {
        let name = name.to_string();
        target.place.delete(&name, now).await?;
        deleted.push(name);
    }
    Ok(deleted)
}

/// Copies a file of SQLite beside itself before its tables are changed: what is there without any setting. As safe as the
/// database, and no safer. A copy of the same state of the tables is replaced.
///
/// # Errors
/// When it cannot be written.
pub async fn copy_before_migration(
    settings: &BackupSettings,
    database: &DatabaseSettings,
    file: &Path,
    random: &dyn Random,
    now: Timestamp,
) -> anyhow::Result<PathBuf> {
    let scratch = Scratch::make(&settings.work_folder, random, now)?;
    let rows = scratch.file("rows");
    let state = Store::copy_sqlite(database, &rows).await?;
    let mut name = file.as_os_str().to_owned();
    name.push(format!(".before-migration-{:04}", state.schema));
    let copy = PathBuf::from(name);
    super::place::make_private(&rows)?;
    std::fs::rename(&rows, &copy).with_context(|| format!("the copy {}", copy.display()))?;
    Ok(copy)
}

async fn dump(
    settings: &BackupSettings,
    database: &DatabaseSettings,
    rows: &Path,
) -> anyhow::Result<(DatabaseKind, SnapshotState)> {
    if database.is_sqlite() {
        return Ok((DatabaseKind::Sqlite, Store::copy_sqlite(database, rows).await?));
    }
    let snapshot = Store::hold_postgres(database).await?;
    let (name, file) = (format!("--snapshot={}", snapshot.name), rows.as_os_str());
    let arguments = ["--format=custom", "--no-owner", "--no-privileges", "--no-comments", name.as_str(), "--file"];
    let arguments: Vec<&OsStr> = arguments.into_iter().map(OsStr::new).chain([file]).collect();
    settings.tools.run("pg_dump", &arguments, database).await?;
    let state = snapshot.state.clone();
    snapshot.release().await?;
    Ok((DatabaseKind::Postgres, state))
}
