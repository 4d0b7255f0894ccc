//! Stories of moving from one database to another, there and back: nothing is lost on the way, and people go on.

use crate::support::database::{Database, postgres, run_statements, run_while_dropping, sqlite};
use crate::support::skipped::{NO_POSTGRES, skipped};
use crate::support::totp::enrol;
use crate::support::{START, World, context};
use auth::flow::{self, SEED_PASSWORD, SeedPlan, SignIn};
use auth::master_key::QUIET_SECONDS;
use auth::store::{DatabaseSettings, MOVED_TABLES, Move, Moved, Store};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Connection, Row};
use std::collections::BTreeSet;

const ALICE: &str = "alice@example.com";
const BOB: &str = "bob@example.com";
/// More than one statement holds.
const PLAN: SeedPlan = SeedPlan { users: 1200, organizations: 8, audit_lines: 3000, seed: 7 };

/// Moves when no node told of itself for `quiet` seconds; `tell` hears how far it is.
async fn try_to_move(
    (from, to): (&Database, &Database),
    (quiet, is_rehearsal): (i64, bool),
    tell: impl FnMut(&str, i64, i64),
) -> anyhow::Result<Moved> {
    let (from, to) = (DatabaseSettings::at(&from.url), DatabaseSettings::at(&to.url));
    let now = START.plus_seconds(quiet);
    Store::move_all(&Move { from: &from, to: &to, is_rehearsal, now }, tell).await
}

async fn move_all(from: &Database, to: &Database) -> anyhow::Result<Moved> {
    let mut told = Vec::new();
    let tell = |table: &str, done: i64, all: i64| told.push((table.to_owned(), done, all));
    // Whatever the clock of the story came to.
    let moved = try_to_move((from, to), (86_400, false), tell).await?;
    assert!(told.iter().all(|(_, done, all)| done <= all));
    assert!(told.iter().filter(|(table, ..)| table == "audit_events").count() > 1, "a large table tells how far it is");
    for table in &moved.tables {
        assert!(told.contains(&(table.name.clone(), table.rows, table.rows)), "{}", table.name);
    }
    Ok(moved)
}

fn rows(moved: &Moved, name: &str) -> i64 {
    moved.tables.iter().find(|table| table.name == name).unwrap().rows
}

/// What each table has, in words that are the same on both databases.
fn checksums(moved: &Moved) -> Vec<(&str, i64, &str)> {
    moved.tables.iter().map(|table| (table.name.as_str(), table.rows, table.checksum.as_str())).collect()
}

/// A world with people and much to move goes to another database, and is whole there; then back.
async fn there_and_back(world: World, there: Database, back: Database) {
    world.create_account(ALICE).await;
    world.create_account(BOB).await;
    let before = world.sign_in(BOB).await;
    enrol(&world, &world.caller(&world.sign_in(ALICE).await)).await;
    flow::seed(&world.auth, PLAN, |_, _, _| {}).await.unwrap();
    world.seal().await;
    let lines = world.verified().await;
    assert!(lines.is_whole);

    let moved = move_all(&world.database, &there).await.unwrap();
    assert_eq!((rows(&moved, "users"), rows(&moved, "audit_events")), (1202, world.count("audit_events").await));
    let arrived = world.restored_from(there).await;
    assert!(arrived.verified().await.is_whole, "the audit log is whole");
    assert_eq!(arrived.verified().await.head, lines.head);
    flow::refresh(&arrived.auth, &before.refresh_token, &context()).await.expect("who was signed in stays so");
    arrived.sign_in(BOB).await;
    let asked = arrived.try_sign_in(ALICE, crate::support::PASSWORD).await.unwrap();
    assert!(matches!(asked, SignIn::NeedsSecondFactor(_)), "her authenticator app is known there");
    let seeded = arrived.try_sign_in("user1199@example.com", SEED_PASSWORD).await.unwrap();
    assert!(matches!(seeded, SignIn::SignedIn(_)));
    arrived.create_account("carol@example.com").await;
    arrived.seal().await;

    let returned = move_all(&arrived.database, &back).await.unwrap();
    assert_eq!(rows(&returned, "users"), 1203);
    let home = arrived.restored_from(back).await;
    assert!(home.verified().await.is_whole);
    home.sign_in("carol@example.com").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn from_sqlite_to_postgres_and_back() {
    let Some(there) = postgres().await else { return skipped(NO_POSTGRES) };
    there_and_back(World::on(sqlite()).await, there, sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn from_postgres_to_sqlite_and_back() {
    let Some(database) = postgres().await else { return skipped(NO_POSTGRES) };
    let back = postgres().await.unwrap();
    there_and_back(World::on(database).await, sqlite(), back).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn from_one_file_to_another() {
    there_and_back(World::on(sqlite()).await, sqlite(), sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_rows_have_the_same_checksums_on_both_databases() {
    let Some(there) = postgres().await else { return skipped(NO_POSTGRES) };
    let world = World::on(sqlite()).await;
    flow::seed(&world.auth, PLAN, |_, _, _| {}).await.unwrap();
    let first = move_all(&world.database, &there).await.unwrap();
    let second = move_all(&there, &sqlite()).await.unwrap();
    assert_eq!(checksums(&first), checksums(&second));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_move_that_fails_leaves_the_target_empty() {
    let Some(there) = postgres().await else { return skipped(NO_POSTGRES) };
    let world = World::on(sqlite()).await;
    flow::seed(&world.auth, PLAN, |_, _, _| {}).await.unwrap();
    // PostgreSQL has no such text. Accounts come before many other tables.
    let broken = "UPDATE organizations SET name = 'A' || char(0) || 'B'";
    run_statements(&world.database.url, [broken.to_owned()]).await;
    let error = move_all(&world.database, &there).await.err().unwrap();
    let told = format!("{error:#}");
    for part in ["run the same command once more", "organizations cannot be moved"] {
        assert!(told.contains(part), "{part} in {told}");
    }
    let started = Store::connect(&there.url).await.err().expect("no node starts on what is not whole");
    assert!(started.to_string().contains("was broken off"), "{started:#}");
    run_statements(&world.database.url, ["UPDATE organizations SET name = 'Acme'".to_owned()]).await;
    move_all(&world.database, &there).await.expect("nothing was left there, so it may be tried again");
    world.restored_from(there).await.create_account(ALICE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_a_restore_has_not_ended_yet_is_not_moved() {
    let Some(source) = postgres().await else { return skipped(NO_POSTGRES) };
    run_statements(&source.url, ["CREATE TABLE restore_unfinished (id TEXT NOT NULL PRIMARY KEY)".to_owned()]).await;
    let error = move_all(&source, &sqlite()).await.err().unwrap();
    assert!(format!("{error:#}").contains("was broken off"), "{error:#}");
}

on_both_databases! {
    // Whoever adds a column adds it to the list, or it would stay behind.
    async fn every_column_of_every_table_is_moved(world: World) {
        let statement = if world.database.url.starts_with("sqlite:") {
            "SELECT m.name AS table_name, p.name AS column_name, p.type AS type_name FROM sqlite_master m, \
             pragma_table_info(m.name) p WHERE m.type = 'table' AND m.name <> '_sqlx_migrations'"
        } else {
            "SELECT CAST(table_name AS TEXT) AS table_name, CAST(column_name AS TEXT) AS column_name, \
             CAST(data_type AS TEXT) AS type_name FROM information_schema.columns WHERE table_schema = 'public' \
             AND table_name <> '_sqlx_migrations'"
        };
        let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
        let rows = sqlx::query(statement).fetch_all(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        let word = |row: &AnyRow, name: &str| row.get::<String, _>(name).to_lowercase();
        let there = rows.iter().map(|row| ["table_name", "column_name", "type_name"].map(|name| word(row, name)));
        let columns = MOVED_TABLES.iter().flat_map(|table| table.columns.iter().map(move |column| (table.name, column)));
        let listed = columns.map(|(table, column)| {
            [table, column.name, if column.is_number { "bigint" } else { "text" }].map(str::to_owned)
        });
        assert_eq!(listed.collect::<BTreeSet<_>>(), there.collect::<BTreeSet<_>>());
    }

    async fn a_target_that_somebody_works_on_is_left_alone(world: World) {
        let source = World::on(sqlite()).await;
        let error = move_all(&source.database, &world.database).await.err().unwrap();
        assert!(format!("{error:#}").contains("the target is not empty"), "{error:#}");
        world.create_account(ALICE).await;
        world.another_node().await;
    }

    async fn a_target_with_tables_of_something_else_is_left_alone(world: World) {
        let target = world.database.empty().await;
        run_statements(&target.url, ["CREATE TABLE recipes (name TEXT)".to_owned()]).await;
        let error = move_all(&world.database, &target).await.err().unwrap();
        assert!(error.to_string().contains("such as recipes"), "{error:#}");
        run_statements(&target.url, ["INSERT INTO recipes VALUES ('Bread')".to_owned()]).await;
    }

    async fn nobody_moves_while_a_node_works_on_the_source(world: World) {
        world.create_account(ALICE).await;
        let target = world.database.empty().await;
        let pair = (&world.database, &target);
        for seconds in [-5, 0, QUIET_SECONDS - 1] {
            let error = try_to_move(pair, (seconds, false), |_, _, _| {}).await.err().unwrap();
            let wait = format!("stop every node, wait {} seconds", QUIET_SECONDS - seconds);
            assert!(error.to_string().contains(&wait), "{wait} in {error:#}");
        }
        let waiting = Store::waiting_migrations(&DatabaseSettings::at(&target.url)).await.unwrap();
        assert_eq!(i64::try_from(waiting).unwrap(), world.count("_sqlx_migrations").await, "nothing was written there");
        try_to_move(pair, (QUIET_SECONDS, false), |_, _, _| {}).await.expect("the control: it is quiet now");
        world.restored_from(target).await.sign_in(ALICE).await;
    }

    async fn a_rehearsal_copies_beside_a_node_and_nobody_starts_on_it(world: World) {
        world.create_account(ALICE).await;
        let target = world.database.empty().await;
        let rehearsed = try_to_move((&world.database, &target), (0, true), |_, _, _| {}).await.unwrap();
        assert_eq!(rows(&rehearsed, "users"), 1);
        let started = Store::connect(&target.url).await.err().expect("no node starts on it");
        assert!(started.to_string().contains("was a rehearsal"), "{started:#}");
        let error = try_to_move((&target, &world.database), (86_400, false), |_, _, _| {}).await.err().unwrap();
        assert!(format!("{error:#}").contains("the source is not whole"), "{error:#}");
        let error = try_to_move((&world.database, &target), (86_400, false), |_, _, _| {}).await.err().unwrap();
        assert!(format!("{error:#}").contains("the target is not empty"), "{error:#}");
    }

    async fn what_changes_while_it_is_copied_breaks_the_move_off(world: World) {
        world.create_account(ALICE).await;
        let target = world.database.empty().await;
        let (pair, quiet) = ((&world.database, &target), (QUIET_SECONDS, false));
        let change = |table: &str, _: i64, _: i64| {
            if table == "users" {
                let statement = "UPDATE users SET name = 'Alice B.'".to_owned();
                assert!(run_while_dropping(world.database.url.clone(), vec![statement]));
            }
        };
        let error = try_to_move(pair, quiet, change).await.err().expect("somebody wrote");
        assert!(format!("{error:#}").contains("users was changed in the source"), "{error:#}");
        let started = Store::connect(&target.url).await.err().expect("no node starts on it");
        assert!(started.to_string().contains("was broken off"), "{started:#}");
        let moved = try_to_move(pair, quiet, |_, _, _| {}).await.expect("nothing was left there");
        assert_eq!(rows(&moved, "users"), 1);
        world.restored_from(target).await.sign_in(ALICE).await;
    }

    async fn a_source_that_is_not_up_to_date_stays_as_it_is(world: World) {
        let newest = "DELETE FROM _sqlx_migrations WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)";
        run_statements(&world.database.url, [newest.to_owned()]).await;
        let error = move_all(&world.database, &sqlite()).await.err().unwrap();
        assert!(format!("{error:#}").contains("`keywright migrate`"), "{error:#}");
        let waiting = Store::waiting_migrations(&DatabaseSettings::at(&world.database.url)).await.unwrap();
        assert_eq!(waiting, 1, "the source is not written");
    }

    async fn nobody_moves_onto_the_source(world: World) {
        let error = move_all(&world.database, &world.database).await.err().unwrap();
        assert!(error.to_string().contains("are the same"), "{error:#}");
        world.create_account(ALICE).await;
    }
}
