//! What comes before tables are changed: the master key must be that of the database, and a backup is taken, because what a new
//! version makes of them cannot be taken back by an old one.

use anyhow::{Context as _, ensure};
use auth::backup::{Source, copy_before_migration, take};
use auth::clock::{Clock as _, SystemClock};
use auth::crypto::{MasterKeys, Sealer};
use auth::random::{Random, SystemRandom};
use auth::store::{DatabaseSettings, MigrationTurn, Store};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::settings::Mode;
use crate::{Settings, master_key};

/// How long a node waits for the one that takes the backup: `pg_dump` of a large database takes long.
const PATIENCE: Duration = Duration::from_secs(60 * 60);

/// Why production changes no tables that it cannot back up, and what to do.
pub const NO_PLACE: &str = "production changes no tables of PostgreSQL, or of a file whose address is no plain path, without a \
     backup before: set backup_place and backup_recipient, or backup_before_migration = off where something else takes one";

/// What was made ready. Other nodes wait until [`Ready::end`].
#[derive(Default)]
pub struct Ready {
    /// Where a backup was put; none: there was no need, or no place.
    pub backup: Option<String>,
    turn: Option<MigrationTurn>,
}

impl Ready {
    /// The tables are changed: the next one may look.
    pub async fn end(self) {
        let Some(turn) = self.turn else { return };
        if let Err(error) = turn.release().await {
            // A second backup, at worst.
            tracing::warn!(error = format!("{error:#}"), "the turn at the tables was lost before its end");
        }
    }
}

/// Whether there is no place for a backup that production insists on.
pub fn lacks_place(settings: &Settings) -> bool {
    settings.mode == Mode::Production && settings.backup.target.is_none() && copied_file(settings).is_none()
}

/// The file of SQLite that is copied beside itself where no place is set. One whose address is no path letter by letter is not.
pub fn copied_file(settings: &Settings) -> Option<PathBuf> {
    settings.data_file().filter(|_| !settings.database_url.contains('%'))
}

/// When changes wait for a database with rows in it: compares the master key, takes a backup and says where it is. Into its place
/// where one is set; else a file of SQLite is copied beside itself. Of another database without a place there is none in development,
/// and the log says so. Of nodes that start together one takes it; the others wait for that one, and then find nothing to do.
///
/// # Errors
/// When the master key is not that of the database, production has no place, or the backup cannot be taken: then nothing should
/// be changed.
pub async fn make_ready(settings: &Settings, database: &DatabaseSettings) -> anyhow::Result<Ready> {
    if !database.migrates || first_that_waits(database).await?.is_none() {
        return Ok(Ready::default());
    }
    let keys = master_key::load(settings)?;
    auth::master_key::check(&keys, database).await?;
    if !settings.backup.before_migration {
        return Ok(Ready::default());
    }
    ensure!(!lacks_place(settings), "{NO_PLACE}");
    let turn = Store::take_migration_turn(database, PATIENCE).await?;
    // Whoever had it before may have done all of it.
    let Some(change) = first_that_waits(database).await? else {
        return Ok(Ready { backup: None, turn: Some(turn) });
    };
    let backup = take_now(settings, &keys, database, change).await.context(
        "the backup before the change of the tables failed, so nothing was changed (backup_before_migration = off goes on \
         without)",
    )?;
    match &backup {
        Some(place) => tracing::info!(place, "a backup was taken before the tables are changed"),
        None => tracing::warn!("the tables are changed without a backup before: backup_place is not set"),
    }
    Ok(Ready { backup, turn: Some(turn) })
}

/// The first change that waits where there is something to lose. Tables that need a newer program are refused by the start itself.
async fn first_that_waits(database: &DatabaseSettings) -> anyhow::Result<Option<i64>> {
    let state = Store::migration_state(database).await.context("the database cannot be opened")?;
    let has_rows = state.made > 0 && state.must_know.is_none();
    Ok(state.waiting.first().filter(|_| has_rows).map(|(number, _)| *number))
}

/// Opens the database, and changes what waits in its tables.
///
/// # Errors
/// When it cannot be opened or changed: [`ChangeFailed`] where a backup was taken before.
pub async fn open(database: &DatabaseSettings, ready: &Ready) -> anyhow::Result<Store> {
    let opened = Store::open(database).await.context("the database cannot be opened");
    if ready.backup.is_some() { opened.context(ChangeFailed) } else { opened }
}

/// What failed after a backup was taken for it: a person should look before it is tried again.
#[derive(Debug)]
pub struct ChangeFailed;

impl std::fmt::Display for ChangeFailed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the tables could not be changed, and a backup of before was taken")
    }
}

async fn take_now(
    settings: &Settings,
    keys: &MasterKeys,
    database: &DatabaseSettings,
    change: i64,
) -> anyhow::Result<Option<String>> {
    let (plan, now) = (settings.backup_plan(), SystemClock.now());
    let random: Arc<dyn Random> = Arc::new(SystemRandom);
    if let Some(target) = &plan.settings.target {
        let source = Source {
            settings: &plan.settings,
            database,
            version: plan.version,
            sealer: &Sealer::new(keys),
            before_change: Some(change),
        };
        let taken = take(&source, target, &random, now).await?;
        return Ok(Some(format!("{} in {}", taken.name, target.place)));
    }
    let Some(file) = copied_file(settings) else { return Ok(None) };
    let copy = copy_before_migration(&plan.settings, database, &file, &*random, now).await?;
    Ok(Some(copy.display().to_string()))
}
