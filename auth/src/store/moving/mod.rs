//! Moving everything from one database to another: SQLite to PostgreSQL, back, or to another of the same kind.
//!
//! The source is read in one snapshot and never written. The target is written in one transaction, which is committed when
//! every table of it has the rows and the checksum of the source: until then, and after any failure, it is empty, and
//! nobody can start on it. Sealed values travel as they are: what they are sealed for names table, column and row, and no
//! database.

use anyhow::{Context as _, ensure};
use sqlx::{AnyConnection, Connection as _, Executor as _};

use super::table_counts::tables_there;
use super::transaction::BEGIN;
use super::waiting_migrations::{applied, unknown, waiting};
use super::{DatabaseSettings, MIGRATIONS, Store};
use crate::Timestamp;
use tables::Table;

mod checksum;
mod copy;
mod quiet;
mod tables;
mod unfinished;

pub use tables::MOVED_TABLES;
pub(super) use unfinished::refuse_unfinished;

/// How many rows a new database has, in the tables in which it has any.
const BEGUN: [(&str, i64); 7] = [
    ("audit_anchor", 1),
    ("backup_marks", 3),
    ("platform_locks", 1),
    ("policy_state", 1),
    ("policy_versions", 1),
    ("schema_floor", 1),
    ("webhook_feed", 1),
];

/// What is asked for.
pub struct Move<'a> {
    /// The source.
    pub from: &'a DatabaseSettings,
    /// The target.
    pub to: &'a DatabaseSettings,
    /// Whether nodes may work on the source meanwhile. Then none starts on the target.
    pub is_rehearsal: bool,
    /// The time.
    pub now: Timestamp,
}

/// What was moved.
pub struct Moved {
    /// Each table, in the order in which they were written.
    pub tables: Vec<MovedTable>,
}

/// A table that is the same on both sides.
pub struct MovedTable {
    /// What it is called.
    pub name: String,
    /// How many rows it has.
    pub rows: i64,
    /// Of all its values, whatever the order of its rows.
    pub checksum: String,
}

impl Store {
    /// Moves everything, and tells for each table how many of its rows are there.
    ///
    /// # Errors
    /// When the source does not have the tables of this program, a restore or a move into it was broken off, or a node may
    /// work on it; when anything is in the target. Then the target is as before. When a database fails, when the target is
    /// not the same in the end, and when the source was changed meanwhile. Then the target is empty, no node starts on it,
    /// and the move may begin again.
    pub async fn move_all(asked: &Move<'_>, mut tell: impl FnMut(&str, i64, i64)) -> anyhow::Result<Moved> {
        let (from, to) = (asked.from, asked.to);
        ensure!(from.url != to.url, "source and target are the same");
        // What was not ended in it yet would be good again in the target.
        Self::refuse_half_restored(from).await.context("the source cannot be opened")?;
        let mut source = from.connect().await.context("the source cannot be opened")?;
        stay(&mut source).await?;
        refuse_unfinished(&mut source).await.context("the source is not whole")?;
        begin_snapshot(&mut source).await?;
        let made = applied(&mut source).await?;
        ensure!(
            waiting(&MIGRATIONS, &made) == 0,
            "the tables of the source are not up to date: run `keywright migrate` on it first"
        );
        ensure!(unknown(&MIGRATIONS, &made) == 0, "the source is of a newer version: move it with that one");
        if !asked.is_rehearsal {
            quiet::ensure_quiet(&mut source, asked.now).await?;
        }

        let mut target = to.connect().await.context("the target cannot be opened")?;
        ensure_empty(&mut target).await?;
        Self::refuse_half_restored(to).await.context("the target cannot be opened")?;
        // Before there are tables: a node that starts again and again finds no moment in which it may.
        unfinished::mark(&mut target).await?;
        target.close().await?;
        let prepared = Self::open_as(&DatabaseSettings { migrates: true, replica: None, ..to.clone() }, true).await;
        prepared.context("the tables of the target cannot be made: give the move a new, empty database")?.close().await;
        let mut target = to.connect().await?;
        stay(&mut target).await?;
        let tables = fill(asked, &mut source, &mut target, &mut tell).await.context(
            "the move was broken off, and the target has nothing of it: mend the cause, and run the same command once more",
        )?;
        target.execute("COMMIT").await.context(
            "the target did not say whether it took everything: run the same command once more. If the target is not empty \
             then, everything is there",
        )?;
        if !is_sqlite(&target) {
            // It knows nothing of what was written, and would look for an account by reading all of them.
            target.execute("ANALYZE").await.context("everything is moved, but ANALYZE failed: run it in the target")?;
        }
        // Everything is there, whatever becomes of the connections.
        let _ = target.close().await;
        let _ = source.close().await;
        Ok(Moved { tables })
    }
}

/// Writes everything in a transaction that it leaves open.
async fn fill(
    asked: &Move<'_>,
    source: &mut AnyConnection,
    target: &mut AnyConnection,
    tell: &mut impl FnMut(&str, i64, i64),
) -> anyhow::Result<Vec<MovedTable>> {
    let begin = if is_sqlite(target) { BEGIN } else { "BEGIN" };
    target.execute(begin).await?;
    ensure_empty(target).await?;
    for table in MOVED_TABLES.iter().rev() {
        copy::clear(table, target).await?;
    }
    let mut moved = Vec::with_capacity(MOVED_TABLES.len());
    for table in MOVED_TABLES {
        moved.push(move_one(table, source, target, tell).await?);
    }
    if !asked.is_rehearsal {
        quiet::ensure_unchanged(source, &moved).await?;
        unfinished::unmark(target).await?;
    }
    Ok(moved)
}

fn is_sqlite(connection: &AnyConnection) -> bool {
    connection.backend_name() == "SQLite"
}

/// One side does nothing while all of the other is read: that is no reason to end its connection.
async fn stay(connection: &mut AnyConnection) -> super::Result<()> {
    if !is_sqlite(connection) {
        connection.execute("SET idle_in_transaction_session_timeout = 0").await?;
    }
    Ok(())
}

/// What is read from now on is of one moment, and nobody is held up by it.
async fn begin_snapshot(source: &mut AnyConnection) -> super::Result<()> {
    // SQLite takes it with the first read.
    let begin = if is_sqlite(source) { "BEGIN" } else { "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" };
    source.execute(begin).await.map(|_| ())
}

/// Refuses a target in which there is more than what a new database begins with.
async fn ensure_empty(target: &mut AnyConnection) -> anyhow::Result<()> {
    let made = applied(target).await?;
    if made.is_empty() {
        let is_sqlite = is_sqlite(target);
        let there = tables_there(target, is_sqlite).await?;
        let strange = there.iter().find(|name| !["_sqlx_migrations", unfinished::UNFINISHED].contains(&name.as_str()));
        ensure!(
            strange.is_none(),
            "the target is not empty: it has tables of something else, such as {}. Make a new database",
            strange.map_or("", String::as_str)
        );
        return Ok(());
    }
    let is_ours = waiting(&MIGRATIONS, &made) == 0 && unknown(&MIGRATIONS, &made) == 0;
    ensure!(
        is_ours,
        "the target has the tables of another version. Make a new database, and start nothing on it before"
    );
    for table in MOVED_TABLES {
        let rows = copy::count(table, target).await?;
        let most = BEGUN.iter().find(|(name, _)| *name == table.name).map_or(0, |(_, rows)| *rows);
        ensure!(
            rows <= most,
            "the target is not empty: {} has {rows} rows. Make a new database, and start nothing on it before",
            table.name
        );
    }
    Ok(())
}

async fn move_one(
    table: &Table,
    source: &mut AnyConnection,
    target: &mut AnyConnection,
    tell: &mut impl FnMut(&str, i64, i64),
) -> anyhow::Result<MovedTable> {
    let name = table.name;
    let all = copy::count(table, source).await?;
    let sent = copy::copy(table, source, target, |done| {
        if done < all {
            tell(name, done, all);
        }
    });
    let sent = sent.await.with_context(|| format!("{name} cannot be moved"))?;
    let arrived = copy::sum(table, target).await?;
    ensure!(
        sent == arrived && sent.rows() == all,
        "{name} is not the same: {} of {all} rows were sent and {} arrived, with the checksums {sent} and {arrived}",
        sent.rows(),
        arrived.rows()
    );
    tell(name, all, all);
    Ok(MovedTable { name: name.to_owned(), rows: all, checksum: arrived.to_string() })
}
