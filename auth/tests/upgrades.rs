//! Databases of every released version, with rows in every table, are brought up to date, and their people sign in.
//!
//! `upgrades/<version>-<migration>.sql` has the rows as they were, one text for both databases; the tables are made by the
//! migrations up to that number, which are never changed. With a release comes the next file:
//! `KEYWRIGHT_UPDATE_UPGRADES=0.1.0-40 cargo test -p auth --features engine upgrades::` writes the rows of the story below, in the
//! tables as they were after that migration; without a number known to it nothing is written.

use crate::support::backups::Vault;
use crate::support::database::{Database, postgres_server, run_statements, sqlite};
use crate::support::skipped::{NO_POSTGRES, skipped};
use crate::support::upgrades::{Released, checksums, empty_postgres, is_wanted, statements_of, tables_at};
use crate::support::{PASSWORD, World};
use auth::flow;
use auth::flow::SignIn;
use auth::store::{DatabaseSettings, Store};
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/upgrades")
}

/// Version and number of the newest migration, such as `0.1.0` and 37.
fn release_of(path: &Path) -> (String, i64) {
    let name = path.file_stem().unwrap().to_string_lossy().into_owned();
    let (version, number) = name.rsplit_once('-').unwrap();
    (version.to_owned(), number.parse().unwrap())
}

fn releases() -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|end| end == "sql")).collect();
    files.sort();
    files
}

/// A database as a released version left it.
async fn as_released(database: Database, file: &Path) -> Database {
    tables_at(&database.url, release_of(file).1).await;
    run_statements(&database.url, statements_of(&std::fs::read_to_string(file).unwrap())).await;
    database
}

/// What a start of this version makes of it.
async fn is_brought_up_to_date(database: Database, file: &Path) {
    let name = file.display();
    let settings = DatabaseSettings::at(&database.url);
    let before = Store::migration_state(&settings).await.unwrap();
    assert_eq!(before.newer, 0, "{name}");
    let rows = Store::poured_state(&settings).await.unwrap().counts;
    for (table, rows) in &rows {
        assert!(*rows > 0 || Released::EMPTY.contains(&table.as_str()), "{name} has no row of {table}");
    }
    let world = World::on(database).await;
    assert!(Store::migration_state(&settings).await.unwrap().waiting.is_empty(), "{name}");
    let after = Store::poured_state(&settings).await.unwrap();
    for (table, rows) in &rows {
        assert!(after.counts.get(table).is_some_and(|after| after >= rows), "{name} lost rows of {table}");
    }
    assert_eq!(Store::dangling_references(&settings).await.unwrap(), 0, "{name}");

    let SignIn::SignedIn(session) = world.try_sign_in(Released::PLAIN, PASSWORD).await.unwrap() else {
        panic!("{} cannot sign in after {name}", Released::PLAIN);
    };
    flow::refresh(&world.auth, &session.refresh_token, &crate::support::context()).await.unwrap();
    let asked = world.try_sign_in(Released::WITH_APP, PASSWORD).await.unwrap();
    assert!(matches!(asked, SignIn::NeedsSecondFactor(_)), "{name}");
    let found = flow::check_sealed_values(&world.auth).await.unwrap();
    assert!(found.open > 0 && found.closed.is_empty(), "{name}: {found:?}");
    world.auth.seal_audit_log().await.unwrap();
    assert!(flow::verify_audit(&world.auth, None).await.unwrap().is_whole, "{name}");
    // What was taken of it is a backup like any other.
    let vault = Vault::new();
    let taken = world.back_up(&vault).await;
    let restored = world.restore(&vault, &taken.name).await;
    restored.sign_in(Released::PLAIN).await;
}

/// The tables of the stories are made by the migrations of now: if one of then was changed, they would be others than a released
/// version left, and a database that has it refuses to start.
#[test]
fn migrations_of_releases_are_never_changed() {
    let (now, pinned) = (checksums(), include_str!("upgrades/migrations.txt"));
    let pinned: Vec<(i64, &str)> = pinned
        .lines()
        .map(|line| line.split_once(' ').unwrap())
        .map(|(number, sum)| (number.parse().unwrap(), sum))
        .collect();
    for (number, sum) in &pinned {
        assert_eq!(now.get(number).map(String::as_str), Some(*sum), "{number:04} was changed: make another one");
    }
    let newest = releases().iter().map(|file| release_of(file).1).max().unwrap_or(37);
    let unpinned: Vec<&i64> = now
        .range(..=newest)
        .map(|(number, _)| number)
        .filter(|number| !pinned.iter().any(|(known, _)| known == *number))
        .collect();
    assert!(unpinned.is_empty(), "write number and SHA-384 of these into upgrades/migrations.txt: {unpinned:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_release_is_brought_up_to_date() {
    if let Some((version, number)) = is_wanted() {
        let rows = Released::make().await.rows_at(number).await;
        std::fs::create_dir_all(folder()).unwrap();
        std::fs::write(folder().join(format!("{version}-{number}.sql")), rows).unwrap();
    }
    let releases = releases();
    assert!(!releases.is_empty(), "there is no file of 0.1.0: see the head of this file");
    for file in &releases {
        is_brought_up_to_date(as_released(sqlite(), file).await, file).await;
        match postgres_server() {
            Some(server) => is_brought_up_to_date(as_released(empty_postgres(&server).await, file).await, file).await,
            None => skipped(NO_POSTGRES),
        }
    }
}
