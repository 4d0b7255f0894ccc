//! Bringing the tables up to date, by one node at a time: the others wait for it and find it done.
//!
//! On SQLite all changes are one transaction that takes the writer's place at once. On PostgreSQL each change is one, and
//! whoever makes them holds an advisory lock of the server meanwhile; a change that does not get its table within seconds
//! steps back, so that those who work on it do not queue behind it.

use std::time::{Duration, Instant};

use sqlx::any::AnyConnectOptions;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{AnyConnection, Connection as _, Executor as _};

use super::migration_turn::let_go_when_gone;
use super::transaction::BEGIN;
use super::{is_busy, is_deadlock};

/// How long a node waits for the one that is at it, in all.
const TURN: Duration = Duration::from_secs(10 * 60);
/// Between two tries.
const REST: Duration = Duration::from_millis(200);
/// After a change that did not get its table: whoever works on it had to wait behind that try, and goes first now. A backup may
/// read the table for minutes.
const APART: Duration = Duration::from_secs(5);

/// Makes every change that waits.
pub(super) async fn migrate(options: &AnyConnectOptions, known: &Migrator) -> anyhow::Result<()> {
    let known = beside_newer(known);
    let (begun, mut has_told) = (Instant::now(), false);
    while let Err(error) = try_once(options, &known).await {
        if !is_taken(&error) || begun.elapsed() > TURN {
            return Err(error.into());
        }
        if !std::mem::replace(&mut has_told, true) {
            tracing::info!("another node is at the tables; this one waits for it");
        }
        tokio::time::sleep(REST).await;
    }
    Ok(())
}

/// The same, for tables that a newer version added to: whether this one may work on them was asked before.
fn beside_newer(known: &Migrator) -> Migrator {
    let mut known = Migrator::with_migrations(known.iter().cloned().collect());
    known.set_ignore_missing(true);
    known
}

/// On a connection of its own: closing it gives the lock back, whatever happened.
async fn try_once(options: &AnyConnectOptions, known: &Migrator) -> Result<(), MigrateError> {
    let mut connection = AnyConnection::connect_with(options).await?;
    let done = change(options.database_url.scheme() == "sqlite", &mut connection, known).await;
    if done.as_ref().is_err_and(is_apart) {
        // Ends what was begun: an idle transaction may not last for as long.
        let _ = connection.ping().await;
        // With the lock: else the next of many nodes would hold people up at once, and the one after it.
        tokio::time::sleep(APART).await;
    }
    let closed = connection.close().await;
    done?;
    Ok(closed?)
}

async fn change(is_sqlite: bool, connection: &mut AnyConnection, known: &Migrator) -> Result<(), MigrateError> {
    if is_sqlite {
        let mut tx = connection.begin_with(BEGIN).await?;
        known.run_direct(None, &mut *tx, false).await?;
        return Ok(tx.commit().await?);
    }
    let_go_when_gone(connection).await?;
    connection.execute("SET lock_timeout = '2s'").await?;
    // Of the account, as a rule for people's questions. A long change would be ended by it, and begun again for nothing.
    connection.execute("SET statement_timeout = 0").await?;
    known.run_direct(None, connection, false).await
}

/// Whether people are left alone after this: a change did not get its table.
fn is_apart(error: &MigrateError) -> bool {
    matches!(error, MigrateError::ExecuteMigration(..)) && is_taken(error)
}

/// Whether another node, or somebody who works, has what is needed.
fn is_taken(error: &MigrateError) -> bool {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => is_busy(error) || is_deadlock(error),
        _ => false,
    }
}
