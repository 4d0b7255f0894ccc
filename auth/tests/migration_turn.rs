//! Stories of what comes before the tables are changed: one node at a time takes the backup, and one with the wrong master key
//! takes none and changes nothing.

use crate::support::World;
use crate::support::master_keys::{new_key, old_key, ring};
use auth::crypto::MasterKeys;
use auth::master_key::{MissingMasterKey, check};
use auth::store::{DatabaseSettings, Store};
use sqlx::{AnyConnection, Connection, Executor};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::time::Duration;

const LONG: Duration = Duration::from_secs(60);

/// The name of the key that a ring lacks for a database; none: it has all.
async fn lacks(ring: impl Into<MasterKeys>, settings: &DatabaseSettings) -> Option<String> {
    let error = check(&ring.into(), settings).await.err()?;
    Some(error.downcast_ref::<MissingMasterKey>().map(|missing| missing.0.clone()).expect("a missing key"))
}

on_both_databases! {
    async fn one_has_the_turn_and_the_next_gets_it_afterwards(world: World) {
        let settings = DatabaseSettings::at(&world.database.url);
        let turn = Store::take_migration_turn(&settings, LONG).await.unwrap();
        let late = Store::take_migration_turn(&settings, Duration::from_millis(300)).await.err().expect("it is taken");
        assert!(late.to_string().contains("this one changed nothing"), "{late:#}");
        let waiting = tokio::spawn({
            let settings = settings.clone();
            async move { Store::take_migration_turn(&settings, LONG).await }
        });
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert!(!waiting.is_finished(), "it waits");
        // Who works on the tables is not held up meanwhile.
        world.create_account("alice@example.com").await;
        turn.release().await.unwrap();
        let next = tokio::time::timeout(LONG, waiting).await.unwrap().unwrap().unwrap();
        // Whoever dies has no turn any more.
        drop(next);
        Store::take_migration_turn(&settings, LONG).await.unwrap().release().await.unwrap();
        if let Some(file) = world.database.file() {
            let lock = PathBuf::from(format!("{}.migration-lock", file.display()));
            assert_eq!(std::fs::metadata(lock).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    async fn a_wrong_master_key_is_known_without_the_tables_of_now(world: World) {
        let settings = DatabaseSettings::at(&world.database.url);
        let old = Some(old_key().fingerprint());
        assert_eq!(lacks(old_key(), &settings).await, None);
        assert_eq!(lacks(ring(), &settings).await, None);
        assert_eq!(lacks(new_key(), &settings).await, old);
        // As a version left it that wrote no names down.
        let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
        connection.execute("DROP TABLE master_keys").await.unwrap();
        assert_eq!(lacks(old_key(), &settings).await, None);
        assert_eq!(lacks(new_key(), &settings).await, old);
        // What was never used needs none.
        connection.execute("DELETE FROM signing_keys").await.unwrap();
        assert_eq!(lacks(new_key(), &settings).await, None);
        connection.close().await.unwrap();
    }
}
