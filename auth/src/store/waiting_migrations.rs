//! Which changes of the tables a database still waits for, asked without making any; and whether this program may work on
//! what a newer one made of them.

use anyhow::ensure;
use sqlx::any::AnyRow;
use sqlx::migrate::Migrator;
use sqlx::{AnyConnection, Connection as _, Row as _};

use super::connections::Connections;
use super::faults::is_no_table;
use super::{DatabaseSettings, MIGRATIONS, Result, Store};

/// Which changes of the tables were made, and which wait.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MigrationState {
    /// How many were made.
    pub made: usize,
    /// What waits, by number and name.
    pub waiting: Vec<(i64, String)>,
    /// How many were made by a newer version.
    pub newer: usize,
    /// The change that a program must know to work on these tables, where this one does not.
    pub must_know: Option<i64>,
}

impl MigrationState {
    /// Of a database that is not there yet.
    pub fn of_nothing() -> Self {
        Self::of(&[], 0)
    }

    /// The newest change that this program knows.
    pub fn newest_known() -> i64 {
        newest(&MIGRATIONS)
    }

    fn of(applied: &[i64], floor: i64) -> Self {
        let waits = MIGRATIONS.iter().filter(|migration| !applied.contains(&migration.version));
        Self {
            made: applied.len(),
            waiting: waits.map(|migration| (migration.version, migration.description.to_string())).collect(),
            newer: unknown(&MIGRATIONS, applied),
            must_know: (floor > Self::newest_known()).then_some(floor),
        }
    }
}

impl Store {
    /// Which migrations a database has, and which it waits for. Nothing is changed, but SQLite makes a file that is missing
    /// where the address says so.
    ///
    /// # Errors
    /// When the database cannot be reached, or its account may not read which were made.
    pub async fn migration_state(settings: &DatabaseSettings) -> anyhow::Result<MigrationState> {
        let mut connection = settings.connect().await?;
        let state = state(&mut connection).await;
        connection.close().await?;
        Ok(state?)
    }

    /// How many migrations a database waits for; all of them when it is empty. Nothing is changed, but SQLite makes a file
    /// that is missing where the address says so.
    ///
    /// # Errors
    /// When the database cannot be reached, or its account may not read which were made.
    pub async fn waiting_migrations(settings: &DatabaseSettings) -> anyhow::Result<usize> {
        let mut connection = settings.connect().await?;
        let applied = applied(&mut connection).await;
        connection.close().await?;
        Ok(waiting(&MIGRATIONS, &applied?))
    }
}

impl Connections {
    /// Refuses tables that this program does not know how to work on, and changes nothing. What a newer one only added is
    /// no fault, so that nodes of both versions run during an upgrade (`docs/operations/upgrades-of-nodes.md`). What waits
    /// is a fault where nobody makes it.
    pub(super) async fn check(&self, known: &Migrator, migrates: bool) -> anyhow::Result<()> {
        let mut connection = self.get().await?;
        let applied = applied(&mut connection).await?;
        let newer = unknown(known, &applied);
        if newer > 0 {
            let (floor, newest) = (floor(&mut connection).await?, newest(known));
            ensure!(
                floor <= newest,
                "its tables have {newer} changes that this version does not know, and are for versions that know \
                 change {floor}; this one knows those up to {newest}; start a newer one"
            );
            tracing::info!(newer, "a newer version changed the tables, and this one works on them as well");
        }
        let waiting = waiting(known, &applied);
        ensure!(
            migrates || waiting == 0,
            "its tables lack {waiting} changes; run `keywright migrate` as the account that owns them"
        );
        Ok(())
    }
}

/// The migrations of a program that were not made.
pub(super) fn waiting(known: &Migrator, applied: &[i64]) -> usize {
    known.iter().filter(|migration| !applied.contains(&migration.version)).count()
}

/// Those that were made and that a program does not know.
pub(super) fn unknown(known: &Migrator, applied: &[i64]) -> usize {
    applied.iter().filter(|version| !known.version_exists(**version)).count()
}

fn newest(known: &Migrator) -> i64 {
    known.iter().map(|migration| migration.version).max().unwrap_or(0)
}

async fn state(connection: &mut AnyConnection) -> Result<MigrationState> {
    let applied = applied(connection).await?;
    Ok(MigrationState::of(&applied, floor(connection).await?))
}

/// The migrations that were made; none in an empty database.
pub(super) async fn applied(connection: &mut AnyConnection) -> Result<Vec<i64>> {
    let rows = if_there(sqlx::query("SELECT version FROM _sqlx_migrations").fetch_all(connection).await)?;
    rows.iter().map(|row| row.try_get("version")).collect()
}

/// The newest migration that a program must know; 0 in tables of before that was written down.
async fn floor(connection: &mut AnyConnection) -> Result<i64> {
    let rows = if_there(sqlx::query("SELECT version FROM schema_floor WHERE id = 1").fetch_all(connection).await)?;
    rows.first().map_or(Ok(0), |row| row.try_get("version"))
}

/// No rows when there is no such table. A database that another node holds for too long is no empty one: a backup would be
/// left out before its tables are changed.
pub(super) fn if_there(asked: Result<Vec<AnyRow>>) -> Result<Vec<AnyRow>> {
    match asked {
        Err(error) if is_no_table(&error) => Ok(Vec::new()),
        asked => asked,
    }
}
