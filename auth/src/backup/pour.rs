//! Putting the rows of an opened backup into an empty database, and comparing what is there with what it says of itself. The tables
//! are those of the backup's version until the store is opened.

use anyhow::{Context as _, ensure};
use std::ffi::OsStr;
use std::path::Path;

use super::{DatabaseKind, Manifest, Opened, PostgresTools};
use crate::store::{DatabaseSettings, MigrationState, SnapshotState, Store};

/// What is there now.
pub struct Poured {
    /// What is in the database.
    pub state: SnapshotState,
    /// References to rows that are not there.
    pub dangling: i64,
}

/// Pours the rows into a database. Of SQLite they become the file `sqlite_file`, which must not be there; PostgreSQL must be empty.
///
/// # Errors
/// When the backup is of the other database or of a newer version, or the database is not empty or cannot be used.
pub async fn pour(
    opened: &Opened,
    database: &DatabaseSettings,
    sqlite_file: Option<&Path>,
    tools: &PostgresTools,
) -> anyhow::Result<Poured> {
    let kind = if database.is_sqlite() { DatabaseKind::Sqlite } else { DatabaseKind::Postgres };
    let made_of = opened.manifest.database;
    ensure!(
        kind == made_of,
        "the backup is one of {}, and database_url is one of {}: restore it there, then use `keywright move`",
        made_of.as_str(),
        kind.as_str()
    );
    ensure!(
        opened.manifest.schema <= MigrationState::newest_known(),
        "the backup is one of a newer version, {}: restore it with that one",
        opened.manifest.version
    );
    if database.is_sqlite() {
        let file = sqlite_file.context("a backup of SQLite becomes a file")?;
        ensure!(!file.exists(), "{} is there already", file.display());
        std::fs::rename(&opened.rows, file).with_context(|| format!("the file {}", file.display()))?;
    } else {
        Store::begin_restore(database).await?;
        let name = database_name(database)?;
        let arguments = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", "--dbname", &name];
        let arguments: Vec<&OsStr> = arguments.into_iter().map(OsStr::new).chain([opened.rows.as_os_str()]).collect();
        tools.run("pg_restore", &arguments, database).await?;
    }
    let state = Store::poured_state(database).await?;
    Ok(Poured { state, dangling: Store::dangling_references(database).await? })
}

/// What is not as the manifest says, in words.
pub fn differences(manifest: &Manifest, poured: &Poured) -> Vec<String> {
    let mut found = Vec::new();
    if poured.state.schema != manifest.schema {
        found.push(format!("its tables are of migration {}, not {}", poured.state.schema, manifest.schema));
    }
    for (table, rows) in &manifest.counts {
        let there = poured.state.counts.get(table).copied().unwrap_or_default();
        if there != *rows {
            found.push(format!("{table} has {there} rows, not {rows}"));
        }
    }
    let head = poured.state.audit_head.as_ref().map(ToString::to_string);
    if head != manifest.audit_head {
        found.push("the audit log ends elsewhere".to_owned());
    }
    if poured.dangling > 0 {
        found.push(format!("{} references lead nowhere", poured.dangling));
    }
    found
}

/// `pg_restore` asks for the name of the database among its arguments.
fn database_name(database: &DatabaseSettings) -> anyhow::Result<String> {
    super::postgres_tools::database_name(database)?.context("database_url names no database")
}
