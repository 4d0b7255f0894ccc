//! Stories of guesses at a second factor: the budget is the account's, and only a right factor fills it.

use crate::support::second_factor::{first_half, proof, prove, wrong};
use crate::support::totp::{code_at, enrol_totp};
use crate::support::{World, context, refusal};
use auth::factor::{FREE_TRIES, seconds_locked};
use auth::{ErrorCode, flow};
use secrecy::SecretString;

const EMAIL: &str = "alice@example.com";
const DAY: i64 = 24 * 60 * 60;

/// An account with an authenticator app; gives its key.
async fn owner(world: &World) -> SecretString {
    world.create_account(EMAIL).await;
    enrol_totp(world, EMAIL).await
}

fn guess(world: &World, key: &SecretString) -> String {
    wrong(&code_at(key, world.auth.now()))
}

async fn warnings(world: &World) -> usize {
    world.inbox_of(EMAIL).await.iter().filter(|mail| mail.kind == "factors_locked").count()
}

on_both_databases! {
    async fn of_two_hundred_parallel_guesses_five_are_compared(world: World) {
        let key = owner(&world).await;
        let guess = guess(&world, &key);
        let nodes = [world.auth.clone(), world.another_node().await];
        let mut tickets = Vec::new();
        for _ in 0..4 {
            tickets.push(first_half(&world, EMAIL).await.ticket);
        }
        let guesses: Vec<_> = (0..200)
            .map(|number| {
                let (node, ticket) = (nodes[number % 2].clone(), tickets[number % 4].clone());
                let proof = proof(&guess);
                tokio::spawn(async move {
                    flow::second_factor(&node, &ticket, proof, false, &context()).await.err().unwrap().refusal()
                })
            })
            .collect();
        let mut compared = 0;
        for guess in guesses {
            let refusal = guess.await.unwrap();
            match refusal.code {
                ErrorCode::WrongCode => compared += 1,
                code => assert!(matches!(code, ErrorCode::FactorsLocked | ErrorCode::Busy), "{code:?}"),
            }
        }
        assert_eq!(compared, FREE_TRIES);
        assert_eq!(warnings(&world).await, 1, "the owner is told, once");
    }

    async fn each_further_wrong_code_costs_what_is_said(world: World) {
        let key = owner(&world).await;
        let mut ticket = first_half(&world, EMAIL).await.ticket;
        for number in 1..=12 {
            assert_eq!(refusal(prove(&world, &ticket, &guess(&world, &key), false).await), ErrorCode::WrongCode);
            let wait = seconds_locked(number);
            let view = flow::pending_sign_in(&world.auth, &ticket).await.unwrap();
            assert_eq!(i64::from(view.locked_for), wait, "after {number} wrong codes");
            if wait > 0 {
                world.clock.advance_seconds(wait - 1);
                ticket = first_half(&world, EMAIL).await.ticket;
                let code = code_at(&key, world.auth.now());
                let early = prove(&world, &ticket, &code, false).await.err().unwrap().refusal();
                assert_eq!((early.code, early.retry_after), (ErrorCode::FactorsLocked, Some(1)), "{number}");
                world.clock.advance_seconds(1);
            }
        }
        let code = code_at(&key, world.auth.now());
        prove(&world, &ticket, &code, false).await.expect("the owner gets in after the wait");
    }

    async fn a_right_password_fills_nothing_and_a_right_factor_does(world: World) {
        let key = owner(&world).await;
        for _ in 1..FREE_TRIES {
            let ticket = first_half(&world, EMAIL).await.ticket;
            assert_eq!(refusal(prove(&world, &ticket, &guess(&world, &key), false).await), ErrorCode::WrongCode);
        }
        let ticket = first_half(&world, EMAIL).await.ticket;
        assert_eq!(flow::pending_sign_in(&world.auth, &ticket).await.unwrap().tries_left, 1);
        prove(&world, &ticket, &code_at(&key, world.auth.now()), false).await.unwrap();
        let ticket = first_half(&world, EMAIL).await.ticket;
        assert_eq!(flow::pending_sign_in(&world.auth, &ticket).await.unwrap().tries_left, 5);
        assert_eq!(warnings(&world).await, 0, "nobody guessed");
    }

    async fn the_owner_is_told_once_a_day(world: World) {
        let key = owner(&world).await;
        for number in 1..=FREE_TRIES + 1 {
            let ticket = first_half(&world, EMAIL).await.ticket;
            assert_eq!(refusal(prove(&world, &ticket, &guess(&world, &key), false).await), ErrorCode::WrongCode);
            world.clock.advance_seconds(seconds_locked(number));
        }
        assert_eq!(warnings(&world).await, 1);
        world.clock.advance_seconds(DAY);
        let ticket = first_half(&world, EMAIL).await.ticket;
        assert_eq!(refusal(prove(&world, &ticket, &guess(&world, &key), false).await), ErrorCode::WrongCode);
        assert_eq!(warnings(&world).await, 2);
    }

    async fn nothing_is_sent_while_no_code_is_looked_at(world: World) {
        let key = owner(&world).await;
        let caller = {
            let ticket = first_half(&world, EMAIL).await.ticket;
            let code = code_at(&key, world.auth.now());
            world.caller(&prove(&world, &ticket, &code, false).await.unwrap().signed_in)
        };
        let mut tx = world.auth.store().begin().await.unwrap();
        tx.add_factor(&caller.user_id, auth::FactorMethod::EmailCode, world.auth.now()).await.unwrap();
        tx.commit().await.unwrap();
        let ticket = first_half(&world, EMAIL).await.ticket;
        for _ in 0..FREE_TRIES {
            assert_eq!(refusal(prove(&world, &ticket, &guess(&world, &key), false).await), ErrorCode::WrongCode);
        }
        let sent =
            flow::send_second_factor_code(&world.auth, &ticket, auth::FactorMethod::EmailCode, &context()).await;
        assert_eq!(refusal(sent), ErrorCode::FactorsLocked);
    }
}
