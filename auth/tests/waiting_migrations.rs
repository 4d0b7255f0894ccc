//! Stories of a program that asks a database whether it is up to date.

use crate::support::World;
use auth::store::{DatabaseSettings, Store};
use sqlx::{AnyConnection, Connection, Executor};

async fn waiting(world: &World) -> usize {
    Store::waiting_migrations(&DatabaseSettings::at(&world.database.url)).await.unwrap()
}

on_both_databases! {
    async fn what_waits_is_counted_and_nothing_is_changed_for_it(world: World) {
        assert_eq!(waiting(&world).await, 0);
        let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
        let newest = "DELETE FROM _sqlx_migrations WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)";
        connection.execute(newest).await.unwrap();
        assert_eq!(waiting(&world).await, 1);
        assert_eq!(waiting(&world).await, 1, "asking made none");
        // What cannot be read is not nothing.
        connection.execute("ALTER TABLE _sqlx_migrations RENAME COLUMN version TO number").await.unwrap();
        assert!(Store::waiting_migrations(&DatabaseSettings::at(&world.database.url)).await.is_err());
        connection.execute("DROP TABLE _sqlx_migrations").await.unwrap();
        assert!(waiting(&world).await > 20, "a database without any waits for all");
        connection.close().await.unwrap();
    }
}
