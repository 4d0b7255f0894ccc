//! Stories of a refresh token that is used again, where its family is not in the memory of the node: after a
//! restart, on another node, and in a restored backup.

use crate::support::{World, context, refusal};
use auth::{Auth, ErrorCode, flow};
use secrecy::{ExposeSecret, SecretString};

const EMAIL: &str = "alice@example.com";

async fn next(node: &Auth, token: &SecretString) -> SecretString {
    flow::refresh(node, token, &context()).await.unwrap().refresh_token
}

async fn is_refused(node: &Auth, token: &SecretString) -> bool {
    refusal(flow::refresh(node, token, &context()).await) == ErrorCode::SignedOut
}

on_both_databases! {
    async fn it_is_seen_on_another_node_and_after_a_restart(world: World) {
        world.create_account(EMAIL).await;
        let stolen = world.sign_in(EMAIL).await.refresh_token;
        let honest = next(&world.auth, &stolen).await;
        world.clock.advance_seconds(60);
        assert!(is_refused(&world.another_node().await, &stolen).await);
        assert!(is_refused(&world.another_node().await, &honest).await, "the family is over, for a node started later");
        assert!(is_refused(&world.auth, &honest).await, "and for the first one");
        assert_eq!(world.inbox_of(EMAIL).await[0].kind, "session_reused");
    }

    async fn it_is_seen_in_a_restored_backup(world: World) {
        world.create_account(EMAIL).await;
        let first = world.sign_in(EMAIL).await.refresh_token;
        let second = next(&world.auth, &first).await;
        world.clock.advance_seconds(60);
        world.auth.store().close().await;
        let backup = world.database.backup().await;
        let third = next(&world.another_node().await, &second).await;
        world.clock.advance_seconds(60);

        let restored = world.restored_from(backup).await;
        assert!(is_refused(&restored.auth, &third).await, "it is younger than the backup");
        let again = next(&restored.auth, &second).await;
        assert_eq!(again.expose_secret(), third.expose_secret(), "a token has one successor, there as well");
        world.clock.advance_seconds(60);
        assert!(is_refused(&restored.auth, &first).await, "used again");
        assert!(is_refused(&restored.auth, &third).await, "and so the family is over");
        assert_eq!(restored.inbox_of(EMAIL).await[0].kind, "session_reused");
    }
}
