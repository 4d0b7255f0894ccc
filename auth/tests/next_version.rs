//! Stories of an upgrade of several nodes: a version that follows has changed the tables, and nodes of this one serve on, those
//! that ran before and those that start now. See `docs/operations/upgrades-of-nodes.md`.

use crate::migration_classes::fault;
use crate::support::database::sqlite;
use crate::support::upgrades::change_by_next_version;
use crate::support::{World, context, refusal};
use auth::store::{DatabaseSettings, Store, TABLES};
use auth::{ErrorCode, flow};
use sqlx::{AnyConnection, Connection, Executor};
use std::time::Duration;

const ALICE: &str = "alice@example.com";
const NEXT: i64 = 99_998;

/// All that an expansion may do, done to every table.
fn expansion() -> String {
    let columns = TABLES.iter().map(|table| {
        let name = table.name;
        format!(
            "ALTER TABLE {name} ADD COLUMN later TEXT;\n\
             ALTER TABLE {name} ADD COLUMN later_count BIGINT NOT NULL DEFAULT 7;\n"
        )
    });
    let columns = columns.collect::<Vec<_>>().concat();
    format!(
        "-- expand\n{columns}\
         CREATE TABLE later_things (id TEXT NOT NULL PRIMARY KEY, \
         user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE);\n\
         CREATE UNIQUE INDEX later_things_by_user ON later_things (user_id);\n\
         CREATE INDEX users_by_later ON users (later);\n"
    )
}

/// An account is made, entered, left and deleted, and what a node does by itself is done.
async fn serves(world: &World, address: &str) {
    world.create_account(address).await;
    let session = world.sign_in(address).await;
    let user = world.caller(&session).user_id;
    let next = flow::refresh(&world.auth, &session.refresh_token, &context()).await.unwrap().refresh_token;
    // What the version that follows writes meanwhile.
    world
        .tamper(&["DELETE FROM later_things", "INSERT INTO later_things (id, user_id) SELECT id, id FROM users"])
        .await;
    flow::sign_out(&world.auth, &next, &context()).await.unwrap();
    assert_eq!(refusal(flow::refresh(&world.auth, &next, &context()).await), ErrorCode::SignedOut);
    world.close_account(address).await;
    assert!(!flow::delete_account(&world.auth, &user).await.unwrap(), "sessions end first");
    world.clock.advance_seconds(10 * 60);
    assert!(flow::delete_account(&world.auth, &user).await.unwrap());
    world.auth.delete_what_is_over().await.unwrap();
    world.auth.seal_audit_log().await.unwrap();
    assert!(flow::verify_audit(&world.auth, None).await.unwrap().is_whole);
}

on_both_databases! {
    async fn nodes_of_this_version_serve_on_tables_that_the_next_one_added_to(world: World) {
        world.create_account(ALICE).await;
        let session = world.sign_in(ALICE).await;
        // This node knows its statements by heart.
        let token = flow::refresh(&world.auth, &session.refresh_token, &context()).await.unwrap().refresh_token;
        let settings = DatabaseSettings::at(&world.database.url);
        let before = Store::migration_state(&settings).await.unwrap();
        assert_eq!(fault(NEXT, &expansion()), None, "it is one");
        change_by_next_version(&world.database.url, NEXT, expansion()).await;
        let after = Store::migration_state(&settings).await.unwrap();
        assert_eq!((after.made, after.newer, after.must_know), (before.made + 1, 1, None));
        assert!(after.waiting.is_empty());

        let token = flow::refresh(&world.auth, &token, &context()).await.unwrap().refresh_token;
        serves(&world, "bob@example.com").await;
        let (first, second) = (world.auth.clone(), world.another_node().await);
        let world = World { auth: second, ..world };
        let token = flow::refresh(&world.auth, &token, &context()).await.unwrap().refresh_token;
        serves(&world, "carol@example.com").await;
        world.sign_in(ALICE).await;
        flow::refresh(&first, &token, &context()).await.unwrap();
        let kept = "SELECT CAST(COUNT(*) AS BIGINT) AS number FROM later_things";
        assert_eq!(world.number(kept).await, 1, "that of Alice; those of the others went with their accounts");
        let given = "SELECT CAST(COUNT(*) AS BIGINT) AS number FROM sessions WHERE later_count = 7 AND later IS NULL";
        assert!(world.number(given).await >= 2, "what was written has what the next version gives it");

        // The control: a version that takes something away lets nobody start who does not know what came before.
        let contraction = format!(
            "-- contract since {NEXT}\nALTER TABLE users DROP COLUMN later_count;\n\
             UPDATE schema_floor SET version = {NEXT};\n"
        );
        assert_eq!(fault(NEXT + 1, &contraction), None, "it is one");
        change_by_next_version(&world.database.url, NEXT + 1, contraction).await;
        assert_eq!(Store::migration_state(&settings).await.unwrap().must_know, Some(NEXT));
        let refused = Store::open(&settings).await.err().expect("it is for newer versions").to_string();
        let told = format!("2 changes that this version does not know, and are for versions that know change {NEXT}");
        assert!(refused.contains(&told), "{refused}");
        assert!(world.another_node_with(&world.clock, |_| ()).await.is_err());
    }
}

/// On SQLite, where a story can keep others from the tables; what follows the wait is the same on both.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_waited_for_the_next_version_looks_at_what_it_made() {
    let world = World::on(sqlite()).await;
    let mut next = AnyConnection::connect(&world.database.url).await.unwrap();
    next.execute("BEGIN IMMEDIATE").await.unwrap();
    let settings = DatabaseSettings::at(&world.database.url);
    let start = tokio::spawn(async move { Store::open(&settings).await.map(|_| ()) });
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(!start.is_finished(), "it knew everything when it came, and waits");
    for statement in [
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (99999, 'next version', TRUE, x'00', 0)",
        "UPDATE schema_floor SET version = 99999",
        "COMMIT",
    ] {
        next.execute(statement).await.unwrap();
    }
    next.close().await.unwrap();
    let refused = start.await.unwrap().expect_err("it is for newer versions").to_string();
    assert!(refused.contains("for versions that know change 99999"), "{refused}");
}
