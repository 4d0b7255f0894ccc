//! Stories of an account of PostgreSQL that may read and write rows, and nothing else (ASVS 5.0, 13.2.2): it is made as
//! `docs/database.md` says.

use crate::support::database::run_statements;
use crate::support::database_roles::{LeastRights, least_rights};
use crate::support::skipped::{NO_POSTGRES, skipped};
use crate::support::{World, context};
use auth::flow;
use auth::store::{DatabaseSettings, Store};
use sqlx::{AnyConnection, Connection as _, Executor as _};

const ALICE: &str = "alice@example.com";
const DAY: i64 = 24 * 60 * 60;

/// As the program comes with such an account.
fn changing_nothing(url: &str) -> DatabaseSettings {
    DatabaseSettings { migrates: false, ..DatabaseSettings::at(url) }
}

/// Why a statement is refused, as PostgreSQL codes it; none when it is not.
async fn refused(url: &str, statement: &'static str) -> Option<String> {
    let mut connection = AnyConnection::connect(url).await.unwrap();
    let said = connection.execute(statement).await;
    connection.close().await.unwrap();
    said.err().map(|error| error.as_database_error().unwrap().code().unwrap_or_default().into_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_program_runs_on_rows_alone_and_may_do_nothing_else() {
    let Some(LeastRights { roles, database, owner, app, afterwards }) = least_rights().await else {
        return skipped(NO_POSTGRES);
    };
    let settings = changing_nothing(&app);
    let early = Store::open(&settings).await.err().expect("there are no tables yet");
    assert!(format!("{early:#}").contains("keywright migrate"), "{early:#}");
    assert!(Store::waiting_migrations(&settings).await.unwrap() > 20);
    Store::connect(&owner).await.unwrap().close().await;
    run_statements(&owner, afterwards).await;
    assert_eq!(Store::waiting_migrations(&settings).await.unwrap(), 0);
    assert!(Store::connect(&app).await.is_err(), "a start that changes tables needs more");

    let world = World::coming_by(database, &settings).await;
    world.create_account(ALICE).await;
    let first = world.sign_in(ALICE).await.refresh_token;
    let next = flow::refresh(&world.auth, &first, &context()).await.unwrap().refresh_token;
    assert!(world.auth.seal_audit_log().await.unwrap() > 0);
    world.tell_webhooks().await;
    world.auth.count_statistics(60).await.unwrap();
    world.clock.advance_seconds(9 * DAY);
    assert!(world.auth.delete_what_is_over().await.unwrap() > 0);
    flow::refresh(&world.auth, &next, &context()).await.unwrap();

    for statement in [
        "CREATE TABLE stray (id TEXT)",
        "CREATE TEMPORARY TABLE stray (id TEXT)",
        "CREATE INDEX stray ON users (id)",
        "CREATE SCHEMA stray",
        "CREATE ROLE stray",
        "ALTER TABLE users ADD COLUMN stray TEXT",
        "ALTER TABLE users DISABLE TRIGGER ALL",
        "TRUNCATE users CASCADE",
        "DROP TABLE users",
        "DELETE FROM _sqlx_migrations",
        "UPDATE _sqlx_migrations SET version = 0",
        "COPY users TO PROGRAM 'true'",
    ] {
        assert_eq!(refused(&app, statement).await.as_deref(), Some("42501"), "insufficient_privilege: {statement}");
    }
    // What a later version makes is the program's to read and write as well.
    assert_eq!(refused(&owner, "CREATE TABLE later (id TEXT)").await, None);
    assert_eq!(refused(&app, "INSERT INTO later (id) VALUES ('1')").await, None);
    assert_eq!(refused(&app, "TRUNCATE later").await.as_deref(), Some("42501"));
    drop(world);
    drop(roles);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_the_right_to_read_the_list_of_changes_nothing_starts() {
    let Some(LeastRights { roles, database, owner, app, .. }) = least_rights().await else {
        return skipped(NO_POSTGRES);
    };
    Store::connect(&owner).await.unwrap().close().await;
    let name = app.trim_start_matches("postgres://").split(':').next().unwrap();
    run_statements(&owner, [format!("REVOKE SELECT ON _sqlx_migrations FROM {name}")]).await;
    let settings = changing_nothing(&app);
    for error in [Store::waiting_migrations(&settings).await.err(), Store::open(&settings).await.err()] {
        assert!(format!("{:#}", error.unwrap()).contains("permission denied"), "it is not taken for an empty database");
    }
    drop(database);
    drop(roles);
}

on_both_databases! {
    async fn a_start_that_changes_no_table_refuses_those_of_another_version(world: World) {
        let url = world.database.url.clone();
        let settings = changing_nothing(&url);
        Store::open(&settings).await.unwrap().close().await;
        let mut connection = AnyConnection::connect(&url).await.unwrap();
        let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                     SELECT 99999, description, success, checksum, execution_time FROM _sqlx_migrations WHERE version = 1";
        connection.execute(newer).await.unwrap();
        // A newer version only added something: nodes of both run beside each other.
        for settings in [&settings, &DatabaseSettings::at(&url)] {
            Store::open(settings).await.unwrap().close().await;
        }
        connection.execute("UPDATE schema_floor SET version = 99999").await.unwrap();
        for settings in [&settings, &DatabaseSettings::at(&url)] {
            let unknown = Store::open(settings).await.err().unwrap().to_string();
            assert!(unknown.contains("1 changes that this version does not know"), "{unknown}");
            assert!(unknown.contains("99999"), "{unknown}");
        }
        for _ in 0..2 {
            let newest = "DELETE FROM _sqlx_migrations WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)";
            connection.execute(newest).await.unwrap();
        }
        let missing = Store::open(&settings).await.err().unwrap().to_string();
        assert!(missing.contains("lack 1 changes") && missing.contains("keywright migrate"), "{missing}");
        connection.close().await.unwrap();
    }
}
