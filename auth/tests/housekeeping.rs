//! Stories of what is forgotten, and when.

use crate::support::{World, context};
use auth::flow;

const DAY: i64 = 24 * 60 * 60;

on_both_databases! {
    async fn what_is_over_is_forgotten(world: World) {
        world.create_account("alice@example.com").await;
        assert_eq!(world.inbox().await.len(), 2, "code and welcome are delivered");
        assert_eq!(world.auth.delete_what_is_over().await.unwrap(), 0, "nothing is over yet");
        world.clock.advance_seconds(2 * DAY + 1);
        // The sign-up with its password hash, and the jobs of two mails.
        assert_eq!(world.auth.delete_what_is_over().await.unwrap(), 3);
        world.clock.advance_seconds(7 * DAY);
        assert_eq!(world.auth.delete_what_is_over().await.unwrap(), 2, "two mails of the inbox");
        world.sign_in("alice@example.com").await;
    }

    async fn a_family_keeps_its_newest_token(world: World) {
        world.create_account("alice@example.com").await;
        let first = world.sign_in("alice@example.com").await.refresh_token;
        let mut newest = first.clone();
        for _ in 0..3 {
            world.clock.advance_seconds(15 * DAY);
            newest = flow::refresh(&world.auth, &newest, &context()).await.unwrap().refresh_token;
        }
        world.auth.delete_what_is_over().await.unwrap();
        assert!(flow::refresh(&world.auth, &first, &context()).await.is_err(), "unknown by now");
        assert!(flow::refresh(&world.auth, &newest, &context()).await.is_ok(), "and the family lives on");
    }
}
