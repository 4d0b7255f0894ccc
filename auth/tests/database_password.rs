//! Stories of a password of PostgreSQL that somebody rotates while the program runs (ASVS 5.0, 13.2.1).

use crate::support::World;
use crate::support::database::{postgres, run_statements};
use crate::support::database_roles::{role_with_password, url_as};
use crate::support::skipped::{NO_POSTGRES, skipped};
use auth::store::{DatabaseSettings, Store};
use std::time::Duration;

const ALICE: &str = "alice@example.com";
const FIRST: &str = "first: p@ss/wörd?%41&x=1+1";
const SECOND: &str = "the second one";
/// Longer than what the file said is believed.
const A_MOMENT: Duration = Duration::from_millis(1200);

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_program_goes_on_with_the_password_that_its_file_says_now() {
    let Some(database) = postgres().await else { return skipped(NO_POSTGRES) };
    let (_roles, name) = role_with_password(&database, FIRST).await;
    let server = database.url.clone();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("password");
    let say = |password: &str| std::fs::write(&path, format!("{password}\n")).unwrap();
    let settings = DatabaseSettings {
        password_file: Some(path.clone()),
        migrates: false,
        ..DatabaseSettings::at(&url_as(&server, &name, None))
    };
    say("another one");
    if Store::open(&settings).await.is_ok() {
        drop(database);
        return skipped("this PostgreSQL asks nobody for a password; the one that bin/test starts does");
    }
    say(FIRST);
    assert_eq!(Store::waiting_migrations(&settings).await.unwrap(), 0);
    let world = World::coming_by(database, &settings).await;
    world.create_account(ALICE).await;

    let open = world.auth.store().begin().await.unwrap();
    run_statements(&server, [format!("ALTER ROLE {name} PASSWORD '{SECOND}'")]).await;
    open.commit().await.expect("what is open goes on");
    let end = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{name}'");
    run_statements(&server, [end]).await;
    tokio::time::sleep(A_MOMENT).await;
    assert!(world.auth.store().ping().await.is_err(), "the file says the password of before");
    say("");
    tokio::time::sleep(A_MOMENT).await;
    assert!(world.auth.store().ping().await.is_err(), "a file that is being written is no password");
    say(SECOND);
    tokio::time::sleep(A_MOMENT).await;
    world.sign_in(ALICE).await;
    drop(world);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_its_file_nothing_starts() {
    let Some(database) = postgres().await else { return skipped(NO_POSTGRES) };
    let path = std::path::PathBuf::from("no/such/password");
    let settings = DatabaseSettings { password_file: Some(path), ..DatabaseSettings::at(&database.url) };
    let error = Store::open(&settings).await.err().unwrap();
    assert!(format!("{error:#}").contains("no/such/password"), "{error:#}");
}
