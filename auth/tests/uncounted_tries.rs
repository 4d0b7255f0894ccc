//! The story of a database that takes a try now and then only, because it is full, or somebody holds it.

use crate::support::World;
use crate::support::limits::{ALICE, guess, limited};
use auth::ErrorCode;

on_both_databases! {
    async fn where_every_second_try_is_written_each_counts(world: World) {
        let world = limited(world).await;
        let is_sqlite = world.database.url.starts_with("sqlite:");
        if !is_sqlite {
            let refuse =
                "CREATE FUNCTION refuse() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'full'; END $$ LANGUAGE plpgsql";
            world.tamper(&[refuse]).await;
        }
        let (full, free) = if is_sqlite {
            ("CREATE TRIGGER refuse BEFORE INSERT ON limits BEGIN SELECT RAISE(ABORT, 'full'); END", "DROP TRIGGER refuse")
        } else {
            (
                "CREATE TRIGGER refuse BEFORE INSERT ON limits FOR EACH ROW EXECUTE FUNCTION refuse()",
                "DROP TRIGGER refuse ON limits",
            )
        };
        let written = (ErrorCode::InvalidCredentials, None);
        assert_eq!(guess(&world.auth, ALICE, "198.51.100.0").await, written);
        for n in [1, 3] {
            world.tamper(&[full]).await;
            assert_eq!(guess(&world.auth, ALICE, &format!("198.51.100.{n}")).await.0, ErrorCode::Internal);
            world.tamper(&[free]).await;
            assert_eq!(guess(&world.auth, ALICE, &format!("198.51.100.{}", n + 1)).await, written);
        }
        let told = guess(&world.auth, ALICE, "198.51.100.9").await;
        assert_eq!(told, (ErrorCode::TooManyAttempts, Some(30)), "that were five");
        assert_eq!(guess(&world.auth, "bob@example.com", "198.51.100.9").await, written, "nobody else waits");
    }
}
