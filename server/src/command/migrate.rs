//! `keywright migrate`, and `keywright migrate --check`, which changes nothing and ends with 3 when something waits.

use auth::store::{DatabaseSettings, MigrationState, Store};
use std::process::ExitCode;

use crate::{Settings, before_migration};

/// What `--check` ends with when changes wait.
const WAITING: u8 = 3;

/// Brings the database up to date, after a backup, and says so.
///
/// # Errors
/// When the settings are refused, the master key is not that of the database, or the backup or a migration fails.
pub async fn migrate() -> anyhow::Result<()> {
    let settings = Settings::load().await?;
    settings.prepare_folder()?;
    let database = DatabaseSettings { migrates: true, ..settings.database() };
    let ready = before_migration::make_ready(&settings, &database).await?;
    if let Some(place) = &ready.backup {
        println!("A backup was taken before: {place}.");
    }
    before_migration::open(&database, &ready).await?.close().await;
    ready.end().await;
    println!("The database is up to date.");
    Ok(())
}

/// Says what would be done.
///
/// # Errors
/// When the settings are refused, or the database cannot be reached.
pub async fn check() -> anyhow::Result<ExitCode> {
    let settings = Settings::load().await?;
    // SQLite would make the file to look into it.
    let is_missing = settings.data_file().is_some_and(|file| !settings.database_url.contains('%') && !file.exists());
    let state =
        if is_missing { MigrationState::of_nothing() } else { Store::migration_state(&settings.database()).await? };
    if let Some(change) = state.must_know {
        anyhow::bail!(
            "the tables are for versions that know change {change}, which this one does not; use a newer one"
        );
    }
    if state.newer > 0 {
        println!("A newer version made {} changes that this one need not know.", state.newer);
    }
    if state.waiting.is_empty() {
        println!("The database is up to date.");
        return Ok(ExitCode::SUCCESS);
    }
    println!("{} were made, {} wait:", state.made, state.waiting.len());
    for (number, name) in &state.waiting {
        println!("  {number:04} {name}");
    }
    println!("{}", backup_before(&settings, state.made));
    Ok(ExitCode::from(WAITING))
}

fn backup_before(settings: &Settings, made: usize) -> String {
    match &settings.backup.target {
        _ if made == 0 => "There is nothing yet that a backup could be taken of.".to_owned(),
        _ if !settings.backup.before_migration => {
            "No backup would be taken: backup_before_migration is off.".to_owned()
        }
        Some(target) => format!("A backup would be put into {} first.", target.place),
        None if before_migration::copied_file(settings).is_some() => {
            "The file would be copied beside itself first.".to_owned()
        }
        None if before_migration::lacks_place(settings) => {
            format!("It would be refused: {}.", before_migration::NO_PLACE)
        }
        None => "No backup would be taken: backup_place is not set.".to_owned(),
    }
}
