//! `keywright backup verify FILE --identity FILE`: a backup is restored into a database of its own, looked at, and thrown away. When
//! it is good, the database of the settings remembers it, for `keywright doctor`.

use anyhow::Context as _;
use auth::backup::{Scratch, TemporaryDatabase};
use auth::clock::{Clock as _, SystemClock};
use auth::flow;
use auth::random::SystemRandom;
use auth::store::{BackupMark, DatabaseSettings, Store};
use std::path::Path;
use std::process::ExitCode;

use crate::Settings;
use crate::restoring::{self, Restored};

/// Restores it on trial and says what was found.
pub(super) async fn verify(file: &str, identity: &Path) -> anyhow::Result<ExitCode> {
    let settings = Settings::load().await?;
    let scratch = Scratch::make(&settings.backup.work_folder, &SystemRandom, SystemClock.now())?;
    let opened = restoring::open(&settings, file, identity, &scratch).await?;
    println!("{file} is whole: {}.", restoring::in_words(&opened.manifest));
    let outcome = if settings.database().is_sqlite() {
        let path = scratch.file("trial.db");
        let restored =
            restoring::restore(&settings, &opened, &DatabaseSettings::of_file(&path)?, Some(path.as_path())).await;
        finish(restored, file, &opened).await
    } else {
        let (tools, beside) = (&settings.backup.tools, settings.database());
        let trial = TemporaryDatabase::make(tools, &beside, &SystemRandom, SystemClock.now()).await?;
        let restored = restoring::restore(&settings, &opened, &trial.database, None).await;
        let outcome = finish(restored, file, &opened).await;
        trial.discard().await.context("the database of the trial is left there")?;
        outcome
    };
    let (seen, faults) = outcome?;
    if !faults.is_empty() {
        println!("It was restored on trial, and not all is well:\n  - {}", faults.join("\n  - "));
        return Ok(ExitCode::FAILURE);
    }
    println!("It was restored on trial: {seen} are as they should be.");
    if let Err(error) = note(&settings, file, opened.manifest.bytes).await {
        println!("Nobody remembers that, because the database of the settings cannot be used: {error:#}.");
    }
    Ok(ExitCode::SUCCESS)
}

/// The last step is tried as well, and the database closed whatever happens.
async fn finish(
    restored: anyhow::Result<Restored>,
    file: &str,
    opened: &auth::backup::Opened,
) -> anyhow::Result<(String, Vec<String>)> {
    let Restored { auth, faults, seen } = restored?;
    let context = restoring::context("keywright backup verify");
    let finished = flow::finish_restore(&auth, file, opened.manifest.taken_at, &context).await;
    auth.store().close().await;
    finished?;
    Ok((seen, faults))
}

async fn note(settings: &Settings, file: &str, bytes: u64) -> anyhow::Result<()> {
    let database = settings.database();
    let is_missing = database.is_sqlite() && settings.data_file().is_none_or(|file| !file.exists());
    anyhow::ensure!(!is_missing, "it is not there");
    let store = Store::open(&DatabaseSettings { migrates: false, ..database }).await?;
    let noted = store
        .note_backup(BackupMark::RestoreTest, SystemClock.now(), file, i64::try_from(bytes).unwrap_or(i64::MAX))
        .await;
    store.close().await;
    Ok(noted?)
}
