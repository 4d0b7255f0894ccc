//! Stories of nodes that start on the same new database in the same moment: one makes the tables, the others wait for it.

use crate::support::database::{Database, NUMBER, postgres_server, run_statements, sqlite, url_of};
use crate::support::skipped::{NO_POSTGRES, skipped};
use auth::store::{DatabaseSettings, Store};
use sqlx::{AnyConnection, Connection, Executor};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

const NODES: usize = 8;

async fn start_together(database: &Database) {
    let starts: Vec<_> = (0..NODES)
        .map(|_| {
            let url = database.url.clone();
            tokio::spawn(async move { Store::connect(&url).await })
        })
        .collect();
    for start in starts {
        let store = start.await.unwrap().expect("no node fails because of another");
        let (made, known) = store.migrations().await.unwrap();
        assert_eq!(made, known, "each change is made once");
        store.close().await;
    }
    assert_eq!(Store::waiting_migrations(&DatabaseSettings::at(&database.url)).await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_on_sqlite() {
    let database = sqlite();
    start_together(&database).await;
    start_together(&database).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_on_postgres() {
    let Some(server) = postgres_server() else { return skipped(NO_POSTGRES) };
    let name = format!("together_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::SeqCst));
    run_statements(&server, [format!("CREATE DATABASE {name}")]).await;
    let database = Database::at(url_of(&server, &name));
    start_together(&database).await;
    start_together(&database).await;
}

/// An operator bounds the questions of the account, as many do. A change that is bounded so would be begun again and again.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_change_of_tables_may_take_longer_than_questions_of_its_account() {
    let Some(server) = postgres_server() else { return skipped(NO_POSTGRES) };
    let name = format!("slow_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::SeqCst));
    run_statements(&server, [format!("CREATE DATABASE {name}")]).await;
    let database = Database::at(url_of(&server, &name));
    Store::connect(&database.url).await.unwrap().close().await;
    let slowly = [
        "DROP TABLE backup_marks",
        "DELETE FROM _sqlx_migrations WHERE version = 39",
        "CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(3); RETURN NEW; END'",
        "CREATE TRIGGER slowly BEFORE INSERT ON _sqlx_migrations FOR EACH ROW EXECUTE FUNCTION slowly()",
    ];
    run_statements(&database.url, slowly.map(str::to_owned)).await;
    run_statements(&server, [format!("ALTER DATABASE {name} SET statement_timeout = '2s'")]).await;
    let start = tokio::time::timeout(Duration::from_secs(60), Store::connect(&database.url)).await;
    let store = start.expect("it is not begun again").unwrap();
    let (made, known) = store.migrations().await.unwrap();
    assert_eq!(made, known);
    store.close().await;
}

/// Somebody works on a table for long, such as a backup that reads it. However many nodes want to change it, whoever comes to that
/// table waits behind one short try, and then works undisturbed for longer.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_nodes_hold_people_up_no_longer_than_one() {
    let Some(server) = postgres_server() else { return skipped(NO_POSTGRES) };
    let name = format!("apart_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::SeqCst));
    run_statements(&server, [format!("CREATE DATABASE {name}")]).await;
    let database = Database::at(url_of(&server, &name));
    Store::connect(&database.url).await.unwrap().close().await;
    let undone = [
        "ALTER TABLE jobs DROP COLUMN request_id",
        "ALTER TABLE webhook_deliveries DROP COLUMN request_id",
        "DELETE FROM _sqlx_migrations WHERE version = 40",
    ];
    run_statements(&database.url, undone.map(str::to_owned)).await;
    let mut reader = AnyConnection::connect(&database.url).await.unwrap();
    reader.execute("BEGIN").await.unwrap();
    reader.execute("LOCK TABLE jobs IN ACCESS SHARE MODE").await.unwrap();
    let starts: Vec<_> = (0..NODES)
        .map(|_| {
            let url = database.url.clone();
            tokio::spawn(async move { Store::connect(&url).await })
        })
        .collect();
    let mut looks = AnyConnection::connect(&database.url).await.unwrap();
    let (mut held_up, begun) = (0, Instant::now());
    while begun.elapsed() < Duration::from_secs(6) {
        let waiting = "SELECT COUNT(*) FROM pg_locks WHERE relation = 'jobs'::regclass AND NOT granted \
                       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
        let waiting: i64 = sqlx::query_scalar(waiting).fetch_one(&mut looks).await.unwrap();
        held_up += u32::from(waiting > 0);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // Of sixty looks one try takes twenty; eight nodes one after the other take nearly all.
    assert!((1..35).contains(&held_up), "{held_up}");
    reader.execute("COMMIT").await.unwrap();
    reader.close().await.unwrap();
    looks.close().await.unwrap();
    for start in starts {
        start.await.unwrap().expect("the table is free").close().await;
    }
}
