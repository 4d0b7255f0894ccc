//! Stories of codes that are used: a step works once, for everybody and whatever the clock says (RFC 6238, 5.2).

use crate::support::personal_tokens::signed_in;
use crate::support::totp::{STEP, code_at, enrol, enrol_totp};
use crate::support::typed_factor::{ticket, type_code};
use crate::support::{World, refusal};
use auth::{Auth, ErrorCode, FactorMethod};
use secrecy::SecretString;
use sqlx::{AnyConnection, Connection, Row};

const EMAIL: &str = "alice@example.com";

async fn sign_in_with(world: &World, auth: &Auth, code: &str) -> auth::Result<()> {
    let ticket: SecretString = ticket(world, EMAIL).await;
    type_code(auth, &ticket, FactorMethod::Totp, code).await
}

/// The sealed secret of the one account, as it rests.
async fn sealed(world: &World) -> String {
    let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
    let row = sqlx::query("SELECT secret_sealed FROM totp_secrets").fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    row.get("secret_sealed")
}

on_both_databases! {
    async fn the_code_of_the_enrolment_signs_nobody_in(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        let (secret, _) = enrol(&world, &caller).await;
        let used = code_at(&secret, world.auth.now().minus_seconds(STEP));
        assert_eq!(refusal(sign_in_with(&world, &world.auth, &used).await), ErrorCode::WrongCode);
        let fresh = code_at(&secret, world.auth.now());
        sign_in_with(&world, &world.auth, &fresh).await.unwrap();
    }

    async fn a_used_step_and_all_before_it_are_worth_nothing_on_any_node_and_by_any_clock(world: World) {
        world.create_account(EMAIL).await;
        let secret = enrol_totp(&world, EMAIL).await;
        let other_node = world.another_node().await;
        world.clock.advance_seconds(3 * STEP);
        let now = world.auth.now();
        let (before, used) = (code_at(&secret, now.minus_seconds(STEP)), code_at(&secret, now));
        sign_in_with(&world, &world.auth, &used).await.unwrap();
        // In another session, on another node, and an earlier one that nobody used.
        assert_eq!(refusal(sign_in_with(&world, &other_node, &used).await), ErrorCode::WrongCode);
        assert_eq!(refusal(sign_in_with(&world, &world.auth, &before).await), ErrorCode::WrongCode);
        // The clock of the server jumps back: both are within its window again.
        world.clock.advance_seconds(-STEP);
        assert_eq!(refusal(sign_in_with(&world, &world.auth, &used).await), ErrorCode::WrongCode);
        assert_eq!(refusal(sign_in_with(&world, &other_node, &before).await), ErrorCode::WrongCode);
        // What comes next is right, also by a clock that is a step behind.
        world.clock.advance_seconds(STEP);
        let next = code_at(&secret, now.plus_seconds(STEP));
        sign_in_with(&world, &other_node, &next).await.unwrap();
    }

    async fn two_steps_away_is_too_far(world: World) {
        world.create_account(EMAIL).await;
        let secret = enrol_totp(&world, EMAIL).await;
        world.clock.advance_seconds(10 * STEP);
        let now = world.auth.now();
        for steps in [-2, 2] {
            let code = code_at(&secret, now.plus_seconds(steps * STEP));
            assert_eq!(refusal(sign_in_with(&world, &world.auth, &code).await), ErrorCode::WrongCode, "{steps}");
        }
        for steps in [-1, 0, 1] {
            let code = code_at(&secret, now.plus_seconds(steps * STEP));
            sign_in_with(&world, &world.auth, &code).await.unwrap();
        }
    }

    async fn where_the_operator_wants_it_a_code_lives_for_thirty_seconds(world: World) {
        world.create_account(EMAIL).await;
        let secret = enrol_totp(&world, EMAIL).await;
        let strict = |settings: &mut auth::settings::Settings| settings.codes.authenticator_drift = 0;
        let strict = world.another_node_with(&world.clock, strict).await.unwrap();
        world.clock.advance_seconds(10 * STEP);
        let now = world.auth.now();
        for steps in [-1, 1] {
            let code = code_at(&secret, now.plus_seconds(steps * STEP));
            assert_eq!(refusal(sign_in_with(&world, &strict, &code).await), ErrorCode::WrongCode, "{steps}");
        }
        let code = code_at(&secret, now);
        world.clock.advance_seconds(STEP);
        assert_eq!(refusal(sign_in_with(&world, &strict, &code).await), ErrorCode::WrongCode, "a second too late");
        // Only its time was over: where a clock may be wrong, the same code is good.
        sign_in_with(&world, &world.auth, &code).await.unwrap();
        let next = code_at(&secret, world.auth.now());
        world.clock.advance_seconds(STEP - 1);
        sign_in_with(&world, &strict, &next).await.unwrap();
    }

    async fn of_twenty_that_use_a_step_at_the_same_moment_one_does(world: World) {
        let caller = signed_in(&world, EMAIL).await;
        enrol(&world, &caller).await;
        let sealed = sealed(&world).await;
        let step = world.auth.now().seconds() / STEP;
        let stores = [world.auth.store().clone(), world.another_node().await.store().clone()];
        let tries = (0..20).map(|place| {
            let (store, user, sealed) = (stores[place % 2].clone(), caller.user_id.clone(), sealed.clone());
            tokio::spawn(async move {
                let mut tx = store.begin().await.unwrap();
                let used = tx.use_totp_step(&user, &sealed, step).await.unwrap();
                tx.commit().await.unwrap();
                used
            })
        });
        let mut used = 0;
        for one in tries.collect::<Vec<_>>() {
            used += usize::from(one.await.unwrap());
        }
        assert_eq!(used, 1);
    }
}
