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
        // The sign-up with its password hash.
        assert_eq!(world.auth.delete_what_is_over().await.unwrap(), 1);
        world.clock.advance_seconds(7 * DAY);
        assert_eq!(world.auth.delete_what_is_over().await.unwrap(), 4, "two mails of the inbox, and their jobs");
        world.sign_in("alice@example.com").await;
    }

    async fn a_live_session_keeps_every_token_and_an_ended_one_goes(world: World) {
        world.create_account("alice@example.com").await;
        let stolen = world.sign_in("alice@example.com").await.refresh_token;
        let mut newest = stolen.clone();
        for _ in 0..3 {
            world.clock.advance_seconds(15 * DAY);
            newest = flow::refresh(&world.auth, &newest, &context()).await.unwrap().refresh_token;
        }
        world.auth.delete_what_is_over().await.unwrap();
        // 45 days later the copy is still known for what it is.
        assert!(flow::refresh(&world.auth, &stolen, &context()).await.is_err());
        assert!(flow::refresh(&world.auth, &newest, &context()).await.is_err(), "the whole family is over");
        assert_eq!(world.inbox().await[0].kind, "session_reused");

        world.clock.advance_seconds(8 * DAY);
        world.auth.delete_what_is_over().await.unwrap();
        assert_eq!(world.auth.delete_what_is_over().await.unwrap(), 0, "the session stays for a while");
        world.clock.advance_seconds(83 * DAY);
        let gone = world.auth.delete_what_is_over().await.unwrap();
        assert_eq!(gone, 2, "and then goes, as does the note that its token was used twice");
    }
}
