//! A backup before tables are changed: what a new version makes of them cannot be taken back by an old one.

use anyhow::Context as _;
use auth::backup::{Source, copy_before_migration, take};
use auth::clock::{Clock as _, SystemClock};
use auth::crypto::Sealer;
use auth::random::{Random, SystemRandom};
use auth::store::{DatabaseSettings, Store};
use std::sync::Arc;

use crate::{Settings, master_key};

/// Takes a backup when changes wait for a database with rows in it, and says where it is. Into its place where one is set; else a
/// file of SQLite is copied beside itself. Of PostgreSQL without a place there is none, and the log says so.
///
/// # Errors
/// When it cannot be taken: then nothing should be changed.
pub async fn back_up(settings: &Settings, database: &DatabaseSettings) -> anyhow::Result<Option<String>> {
    if !settings.backup.before_migration || !database.migrates {
        return Ok(None);
    }
    let state = Store::migration_state(database).await.context("the database cannot be opened")?;
    if state.made == 0 || state.waiting.is_empty() {
        return Ok(None);
    }
    let done = now(settings, database).await;
    let done = done.context(
        "the backup before the change of the tables failed, so nothing was changed (backup_before_migration = off goes on \
         without)",
    )?;
    match &done {
        Some(place) => tracing::info!(place, "a backup was taken before the tables are changed"),
        None => tracing::warn!("the tables are changed without a backup before: backup_place is not set"),
    }
    Ok(done)
}

async fn now(settings: &Settings, database: &DatabaseSettings) -> anyhow::Result<Option<String>> {
    let (plan, now) = (settings.backup_plan(), SystemClock.now());
    let random: Arc<dyn Random> = Arc::new(SystemRandom);
    if let Some(target) = &plan.settings.target {
        let source = Source {
            settings: &plan.settings,
            database,
            version: plan.version,
            sealer: &Sealer::new(&master_key::load(settings)?),
            is_before_change: true,
        };
        let taken = take(&source, target, &random, now).await?;
        return Ok(Some(format!("{} in {}", taken.name, target.place)));
    }
    let Some(file) = settings.data_file().filter(|_| !database.url.contains('%')) else { return Ok(None) };
    let copy = copy_before_migration(&plan.settings, database, &file, &*random, now).await?;
    Ok(Some(copy.display().to_string()))
}
