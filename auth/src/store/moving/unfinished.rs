//! The mark of a database that nobody may start on: a move into it was broken off, or was a rehearsal. It is a table, which
//! is dropped together with the commit of everything else.

use anyhow::ensure;
use sqlx::{AnyConnection, Executor as _};

use super::super::Result;
use super::super::table_counts::tables_there;
use super::is_sqlite;

/// What the table is called.
pub(super) const UNFINISHED: &str = "move_unfinished";

/// Marks it.
pub(super) async fn mark(target: &mut AnyConnection) -> Result<()> {
    target.execute("CREATE TABLE IF NOT EXISTS move_unfinished (id TEXT NOT NULL PRIMARY KEY)").await.map(|_| ())
}

/// Takes the mark off.
pub(super) async fn unmark(target: &mut AnyConnection) -> Result<()> {
    target.execute("DROP TABLE IF EXISTS move_unfinished").await.map(|_| ())
}

/// Refuses a database that has it.
pub(in crate::store) async fn refuse_unfinished(connection: &mut AnyConnection) -> anyhow::Result<()> {
    let is_sqlite = is_sqlite(connection);
    let there = tables_there(connection, is_sqlite).await?;
    ensure!(
        !there.contains(UNFINISHED),
        "a move into it was broken off, or was a rehearsal: make a new database in its place, and run `keywright move` with \
         all nodes stopped"
    );
    Ok(())
}
