//! Stories of a lock that somebody else keeps: nobody waits for it for ever, and nothing is half done.

use crate::support::{START, World, context, refusal};
use auth::{ErrorCode, PersonName, flow};
use sqlx::{AnyConnection, Connection, Executor};
use std::time::{Duration, Instant};

const ALICE: &str = "alice@example.com";

on_both_databases! {
    async fn whoever_meets_a_lock_that_is_kept_is_told_to_come_back(world: World) {
        world.create_account(ALICE).await;
        let caller = world.caller(&world.sign_in(ALICE).await);
        let begin = if world.database.url.starts_with("sqlite:") { "BEGIN IMMEDIATE" } else { "BEGIN" };
        let mut keeper = AnyConnection::connect(&world.database.url).await.unwrap();
        keeper.execute(begin).await.unwrap();
        keeper.execute("UPDATE users SET name = 'Kept'").await.unwrap();

        let (asked, name) = (Instant::now(), PersonName::parse("Alice B.").ok().unwrap());
        let refused = flow::change_name(&world.auth, &caller, name.clone(), &context()).await;
        assert_eq!(refusal(refused), ErrorCode::Busy);
        assert!(asked.elapsed() < Duration::from_secs(20), "{:?}", asked.elapsed());
        // Reading goes on meanwhile.
        assert_eq!(world.auth.me(&caller).await.unwrap().created_at, START);

        keeper.execute("ROLLBACK").await.unwrap();
        keeper.close().await.unwrap();
        flow::change_name(&world.auth, &caller, name, &context()).await.unwrap();
        assert_eq!(world.auth.me(&caller).await.unwrap().name.to_string(), "Alice B.");
    }
}
