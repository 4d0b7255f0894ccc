//! The story of somebody, or a program of theirs, who signs in again and again and never signs out.

use crate::support::{World, access_token, context, refusal};
use auth::{ErrorCode, flow};

const ALICE: &str = "alice@example.com";
const BOB: &str = "bob@example.com";

on_both_databases! {
    async fn an_account_keeps_its_newest_two_hundred_sessions(world: World) {
        world.create_account(ALICE).await;
        world.create_account(BOB).await;
        let bobs = world.sign_in(BOB).await;
        let mut sessions = Vec::new();
        for _ in 0..251 {
            world.clock.advance_seconds(1);
            sessions.push(world.sign_in(ALICE).await);
        }
        let ended = "SELECT CAST(COUNT(*) AS BIGINT) AS number FROM sessions WHERE end_reason = 'too_many_sessions'";
        assert_eq!(world.number(ended).await, 51);
        for session in [&sessions[0], &sessions[50]] {
            assert_eq!(refusal(world.auth.caller_of_access_token(&access_token(session))), ErrorCode::InvalidToken);
            let refused = flow::refresh(&world.auth, &session.refresh_token, &context()).await;
            assert_eq!(refusal(refused), ErrorCode::SignedOut);
        }
        for session in [&sessions[51], &sessions[250], &bobs] {
            world.caller(session);
            flow::refresh(&world.auth, &session.refresh_token, &context()).await.unwrap();
        }

        world.clock.advance_seconds(1);
        world.sign_in_on(ALICE, "Safari on iPhone").await;
        assert_eq!(world.number(ended).await, 52, "a new device makes room as well");
    }
}
