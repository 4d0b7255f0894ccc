//! A state of the database that does not move: what a backup is made of. SQLite writes it to a file (`VACUUM INTO`), while others
//! read and write; PostgreSQL holds it for `pg_dump` (`pg_export_snapshot`), so that what is counted here is what is dumped.

use anyhow::{Context as _, ensure};
use sqlx::{AnyConnection, Connection as _, Executor as _, Row as _};
use std::collections::BTreeMap;
use std::path::Path;

use super::restored::UNFINISHED;
use super::table_counts::{counts, tables_there};
use super::{DatabaseSettings, Result, Store};
use crate::audit::AuditHead;

/// What is in a state of the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotState {
    /// The number of its newest migration.
    pub schema: i64,
    /// Rows of each table.
    pub counts: BTreeMap<String, i64>,
    /// The end of the audit log; none as long as nothing is sealed.
    pub audit_head: Option<AuditHead>,
}

/// A state that PostgreSQL holds until it is released.
pub struct PostgresSnapshot {
    connection: AnyConnection,
    /// By what `pg_dump` finds it.
    pub name: String,
    /// What is in it.
    pub state: SnapshotState,
}

impl PostgresSnapshot {
    /// Lets it go.
    ///
    /// # Errors
    /// When the database went away meanwhile.
    pub async fn release(mut self) -> anyhow::Result<()> {
        self.connection.execute("COMMIT").await?;
        Ok(self.connection.close().await?)
    }
}

impl Store {
    /// Writes the state of SQLite to a new file, and says what is in it.
    ///
    /// # Errors
    /// When the database is empty, or the file is there already or cannot be written.
    pub async fn copy_sqlite(settings: &DatabaseSettings, into: &Path) -> anyhow::Result<SnapshotState> {
        let file = into.to_str().context("the path of the copy is no text")?;
        let mut connection = settings.connect().await?;
        let copied = sqlx::query("VACUUM INTO $1").bind(file.to_owned()).execute(&mut connection).await;
        connection.close().await?;
        copied?;
        Self::poured_state(&DatabaseSettings::of_file(into)?).await
    }

    /// Holds the state of PostgreSQL.
    ///
    /// # Errors
    /// When the database is empty or cannot be reached.
    pub async fn hold_postgres(settings: &DatabaseSettings) -> anyhow::Result<PostgresSnapshot> {
        let mut connection = settings.connect().await?;
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        // It does nothing while another program dumps.
        connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0").await?;
        let row = sqlx::query("SELECT pg_export_snapshot() AS name").fetch_one(&mut connection).await?;
        let name = row.try_get("name")?;
        let there = tables_there(&mut connection, false).await?;
        ensure!(!there.contains(UNFINISHED), "a restore into it was not finished");
        let state = state(&mut connection, false).await?;
        Ok(PostgresSnapshot { connection, name, state })
    }

    /// What is in a database into which a backup was poured; and, of SQLite, that its pages are whole.
    ///
    /// # Errors
    /// When the database is empty, broken, or cannot be reached.
    pub async fn poured_state(settings: &DatabaseSettings) -> anyhow::Result<SnapshotState> {
        let mut connection = settings.connect().await?;
        if settings.is_sqlite() {
            let broken =
                "SELECT CAST(COUNT(*) AS BIGINT) AS faults FROM pragma_integrity_check WHERE integrity_check <> 'ok'";
            ensure!(faults(&mut connection, broken).await? == 0, "pages of the file are broken");
        }
        let state = state(&mut connection, settings.is_sqlite()).await?;
        connection.close().await?;
        Ok(state)
    }

    /// The names of the databases of a PostgreSQL server. SQLite has no server.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn databases_beside(settings: &DatabaseSettings) -> anyhow::Result<Vec<String>> {
        let mut connection = settings.connect().await?;
        let statement = "SELECT CAST(datname AS TEXT) AS name FROM pg_database WHERE NOT datistemplate";
        let names = sqlx::query(statement).fetch_all(&mut connection).await;
        connection.close().await?;
        Ok(names?.iter().map(|row| row.try_get("name")).collect::<Result<_>>()?)
    }

    /// References to rows that are not there. This differs between the databases: PostgreSQL looks when a reference is made.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn dangling_references(settings: &DatabaseSettings) -> anyhow::Result<i64> {
        let mut connection = settings.connect().await?;
        let statement = if settings.is_sqlite() {
            "SELECT CAST(COUNT(*) AS BIGINT) AS faults FROM pragma_foreign_key_check"
        } else {
            "SELECT CAST(COUNT(*) AS BIGINT) AS faults FROM pg_constraint WHERE contype = 'f' AND NOT convalidated"
        };
        let faults = faults(&mut connection, statement).await?;
        connection.close().await?;
        Ok(faults)
    }
}

async fn faults(connection: &mut AnyConnection, statement: &'static str) -> Result<i64> {
    sqlx::query(statement).fetch_one(connection).await?.try_get("faults")
}

async fn state(connection: &mut AnyConnection, is_sqlite: bool) -> anyhow::Result<SnapshotState> {
    let there = tables_there(connection, is_sqlite).await?;
    ensure!(there.contains("_sqlx_migrations"), "there is nothing in the database");
    let newest = "SELECT CAST(COALESCE(MAX(version), 0) AS BIGINT) AS version FROM _sqlx_migrations";
    let schema = sqlx::query(newest).fetch_one(&mut *connection).await?.try_get("version")?;
    let audit_head = if there.contains("audit_anchor") {
        let head = sqlx::query("SELECT sequence, hash FROM audit_anchor WHERE sequence > 0");
        let row = head.fetch_optional(&mut *connection).await?;
        row.map(|row| {
            Ok::<_, sqlx::Error>(AuditHead { sequence: row.try_get("sequence")?, hash: row.try_get("hash")? })
        })
        .transpose()?
    } else {
        None
    };
    Ok(SnapshotState { schema, counts: counts(connection, &there).await?, audit_head })
}
