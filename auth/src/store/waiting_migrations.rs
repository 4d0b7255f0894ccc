//! Which changes of the tables a database still waits for, asked without making any.

use anyhow::ensure;
use sqlx::migrate::Migrator;
use sqlx::{AnyConnection, Connection as _, Row as _};

use super::connections::Connections;
use super::faults::is_no_table;
use super::{DatabaseSettings, MIGRATIONS, Result, Store, install_drivers};

/// Which changes of the tables were made, and which wait.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MigrationState {
    /// How many were made.
    pub made: usize,
    /// What waits, by number and name.
    pub waiting: Vec<(i64, String)>,
    /// How many were made by a newer version.
    pub newer: usize,
}

impl MigrationState {
    /// Of a database that is not there yet.
    pub fn of_nothing() -> Self {
        Self::of(&[])
    }

    /// The newest change that this program knows.
    pub fn newest_known() -> i64 {
        MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default()
    }

    fn of(applied: &[i64]) -> Self {
        let waits = MIGRATIONS.iter().filter(|migration| !applied.contains(&migration.version));
        Self {
            made: applied.len(),
            waiting: waits.map(|migration| (migration.version, migration.description.to_string())).collect(),
            newer: applied.iter().filter(|version| !MIGRATIONS.version_exists(**version)).count(),
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
        let applied = applied(&mut connection).await;
        connection.close().await?;
        Ok(MigrationState::of(&applied?))
    }

    /// How many migrations a database waits for; all of them when it is empty. Nothing is changed, but SQLite makes a file
    /// that is missing where the address says so.
    ///
    /// # Errors
    /// When the database cannot be reached, or its account may not read which were made.
    pub async fn waiting_migrations(settings: &DatabaseSettings) -> anyhow::Result<usize> {
        install_drivers();
        let options = settings.options()?;
        let options = settings.password(&options)?.map_or(options, |password| password.connect_options());
        let mut connection = AnyConnection::connect_with(&options).await?;
        let applied = applied(&mut connection).await;
        connection.close().await?;
        Ok(waiting(&MIGRATIONS, &applied?))
    }
}

impl Connections {
    /// Refuses tables that are not as this program knows them, and changes nothing: the account may not.
    pub(super) async fn check(&self, known: &Migrator) -> anyhow::Result<()> {
        let applied = applied(&mut *self.get().await?).await?;
        let waiting = waiting(known, &applied);
        ensure!(
            waiting == 0,
            "its tables lack {waiting} changes; run `keywright migrate` as the account that owns them"
        );
        let newer = applied.iter().filter(|version| !known.version_exists(**version)).count();
        ensure!(newer == 0, "its tables have {newer} changes that this version does not know; start a newer one");
        Ok(())
    }
}

fn waiting(known: &Migrator, applied: &[i64]) -> usize {
    known.iter().filter(|migration| !applied.contains(&migration.version)).count()
}

/// The migrations that were made; none in an empty database. One that does not say is not empty: of an empty one no backup is
/// taken before its tables are made.
async fn applied(connection: &mut AnyConnection) -> Result<Vec<i64>> {
    match sqlx::query("SELECT version FROM _sqlx_migrations").fetch_all(connection).await {
        Ok(rows) => rows.iter().map(|row| row.try_get("version")).collect(),
        Err(error) if is_no_table(&error) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}
