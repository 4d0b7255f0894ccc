//! Stories of a clock that is set ahead or back by an hour while people work: nobody is signed out by it, no mail is lost,
//! and nobody waits for ever. With [`FakeClock::leap_seconds`] no time passes; with `advance_seconds` it does.
//!
//! [`FakeClock::leap_seconds`]: auth::clock::FakeClock::leap_seconds

use crate::support::limits::{ALICE, attack, is_in, limited, sign_in_at};
use crate::support::{World, access_token, context, refusal};
use auth::{ErrorCode, flow};
use secrecy::{ExposeSecret, SecretString};

const HOUR: i64 = 60 * 60;
/// The longest wait after wrong passwords, twice: later ones are not believed.
const LONGEST_WAIT: i64 = 30 * 60;

async fn refreshed(world: &World, token: &SecretString) -> SecretString {
    let refreshed = flow::refresh(&world.auth, token, &context()).await.unwrap();
    let access_token = refreshed.access.access_token.as_str().into();
    assert!(world.auth.caller_of_access_token(&access_token).is_ok(), "its access token is good at once");
    refreshed.refresh_token
}

on_both_databases! {
    async fn a_clock_that_is_set_ahead_and_back_ends_no_session(world: World) {
        world.create_account(ALICE).await;
        let session = world.sign_in(ALICE).await;
        let second = refreshed(&world, &session.refresh_token).await;
        world.clock.leap_seconds(HOUR);
        let old = world.auth.caller_of_access_token(&access_token(&session)).err().unwrap();
        assert_eq!(old.refusal().code, ErrorCode::InvalidToken, "its client refreshes, unseen");
        let third = refreshed(&world, &second).await;
        world.clock.leap_seconds(-2 * HOUR);
        let fourth = refreshed(&world, &third).await;
        world.clock.leap_seconds(HOUR);
        refreshed(&world, &fourth).await;
        assert!(world.try_sign_in(ALICE, crate::support::PASSWORD).await.is_ok());
    }

    async fn whoever_repeats_what_was_not_answered_while_the_clock_was_set_is_no_thief(world: World) {
        world.create_account(ALICE).await;
        let token = world.sign_in(ALICE).await.refresh_token;
        let lost = refreshed(&world, &token).await;
        world.clock.leap_seconds(HOUR);
        world.clock.advance_seconds(20);
        let again = refreshed(&world, &token).await;
        assert_eq!(lost.expose_secret(), again.expose_secret());
        world.clock.advance_seconds(15);
        let late = flow::refresh(&world.auth, &token, &context()).await;
        assert_eq!(refusal(late), ErrorCode::SignedOut, "the grace is as long as ever");
    }

    async fn a_clock_that_is_set_back_gives_no_hour_to_who_copied_an_old_token(world: World) {
        world.create_account(ALICE).await;
        let copied = world.sign_in(ALICE).await.refresh_token;
        let second = refreshed(&world, &copied).await;
        world.clock.advance_seconds(10 * 60);
        let third = refreshed(&world, &second).await;
        world.clock.leap_seconds(-HOUR);
        let again = refreshed(&world, &second).await;
        assert_eq!(third.expose_secret(), again.expose_secret(), "the control: that answer may have been lost");
        let stolen = flow::refresh(&world.auth, &copied, &context()).await;
        assert_eq!(refusal(stolen), ErrorCode::SignedOut);
        let over = flow::refresh(&world.auth, &third, &context()).await;
        assert_eq!(refusal(over), ErrorCode::SignedOut, "two had it: the session is over");
    }

    async fn what_was_forgotten_of_ended_sessions_is_known_again_when_the_clock_is_set_back(world: World) {
        world.create_account(ALICE).await;
        let session = world.sign_in(ALICE).await;
        let node = world.another_node().await;
        world.clock.advance_seconds(100);
        flow::sign_out(&world.auth, &session.refresh_token, &context()).await.unwrap();
        world.clock.leap_seconds(-50);
        let token = access_token(&session);
        assert!(node.caller_of_access_token(&token).is_ok(), "the control: it knows nothing of it");
        node.meet_leap().await.unwrap();
        assert_eq!(refusal(node.caller_of_access_token(&token)), ErrorCode::InvalidToken);
    }

    async fn the_control_whoever_repeats_it_after_an_hour_has_stolen_it(world: World) {
        world.create_account(ALICE).await;
        let token = world.sign_in(ALICE).await.refresh_token;
        refreshed(&world, &token).await;
        world.clock.advance_seconds(HOUR);
        assert_eq!(refusal(flow::refresh(&world.auth, &token, &context()).await), ErrorCode::SignedOut);
    }

    async fn a_mail_does_not_wait_until_the_clock_is_where_it_was(world: World) {
        world.sign_up(ALICE).await.unwrap();
        world.clock.leap_seconds(-HOUR);
        assert!(world.inbox().await.is_empty(), "it was promised in an hour");
        world.auth.meet_leap().await.unwrap();
        assert_eq!(world.inbox_of(ALICE).await.len(), 1);
        world.clock.leap_seconds(HOUR);
        world.auth.meet_leap().await.unwrap();
        assert_eq!(world.inbox_of(ALICE).await.len(), 1, "and comes once");
    }

    async fn nobody_is_kept_out_for_longer_because_the_clock_was_set_back(world: World) {
        let world = limited(world).await;
        world.create_account(ALICE).await;
        attack(&world.auth, ALICE).await;
        world.clock.leap_seconds(-HOUR);
        let mut waited = 0;
        while !is_in(sign_in_at(&world.auth, ALICE, "203.0.113.7").await) {
            assert!(waited <= LONGEST_WAIT, "{waited} s");
            world.clock.advance_seconds(60);
            waited += 60;
        }
    }
}
