//! Stories of guessers, and of the owners whom they must not keep out.

use crate::support::authenticator::Authenticator;
use crate::support::limits::{
    ALICE, WRONG, at, attack, buckets, guess, is_in, limited, limited_node, refused, sign_in_at, sign_in_with,
    spend_everybodys, try_on,
};
use crate::support::password_reset::{NEW, ask, reset};
use crate::support::totp::enrol_totp;
use crate::support::{PASSWORD, World, email, passkeys};
use auth::ErrorCode;
use auth::clock::FakeClock;
use auth::flow::{self, ResetProof, SignIn};
use auth::limit::{LimitSettings, LimitedRequest};
use auth::password::hash::HashCost;
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tokio::time::timeout;

const HOUR: i64 = 60 * 60;
const WRONG_PASSWORD: (ErrorCode, Option<u32>) = (ErrorCode::InvalidCredentials, None);

fn wait(seconds: u32) -> (ErrorCode, Option<u32>) {
    (ErrorCode::TooManyAttempts, Some(seconds))
}

on_both_databases! {
    async fn guessing_at_one_account_slows_down_and_never_ends(world: World) {
        let world = limited(world).await;
        world.create_account(ALICE).await;
        for n in 0..5 {
            assert_eq!(guess(&world.auth, ALICE, &format!("198.51.100.{n}")).await, WRONG_PASSWORD);
        }
        for seconds in [30, 60, 120, 240, 480, 900, 900] {
            assert_eq!(guess(&world.auth, ALICE, "203.0.113.7").await, wait(seconds));
            assert!(!is_in(sign_in_at(&world.auth, ALICE, "203.0.113.7").await), "the right one is not looked at either");
            world.clock.advance_seconds(i64::from(seconds) - 1);
            assert_eq!(guess(&world.auth, ALICE, "203.0.113.8").await, wait(1), "not a second earlier");
            world.clock.advance_seconds(1);
            assert_eq!(guess(&world.auth, ALICE, "203.0.113.8").await, WRONG_PASSWORD, "after {seconds} s");
        }
        assert_eq!(guess(&world.auth, "bob@example.com", "203.0.113.7").await, WRONG_PASSWORD, "nobody else waits");
        world.clock.advance_seconds(900);
        assert!(is_in(sign_in_at(&world.auth, ALICE, "203.0.113.7").await), "the right one ends the wait");
    }

    async fn what_was_spent_comes_back(world: World) {
        let world = limited(world).await;
        world.create_account(ALICE).await;
        attack(&world.auth, ALICE).await;
        world.clock.advance_seconds(2 * HOUR);
        for _ in 0..5 {
            assert_eq!(guess(&world.auth, ALICE, "198.51.100.1").await, WRONG_PASSWORD);
        }
        assert_eq!(guess(&world.auth, ALICE, "198.51.100.1").await, wait(30), "the wait begins anew");
    }

    async fn a_right_password_writes_nothing(world: World) {
        let world = limited(world).await;
        world.create_account(ALICE).await;
        for _ in 0..20 {
            assert!(is_in(sign_in_at(&world.auth, ALICE, "192.0.2.1").await));
        }
        assert_eq!(buckets(&world).await, 0);
        assert_eq!(guess(&world.auth, ALICE, "192.0.2.1").await, WRONG_PASSWORD);
        assert_eq!(buckets(&world).await, 4, "address, client, network and everybody");
    }

    async fn known_and_unknown_addresses_get_the_same_answers(world: World) {
        let world = limited(world).await;
        world.create_account(ALICE).await;
        for round in 0..20 {
            let known = guess(&world.auth, ALICE, &format!("198.51.100.{round}")).await;
            let unknown = guess(&world.auth, "nobody@example.com", &format!("203.0.113.{round}")).await;
            assert_eq!(known, unknown, "round {round}");
            world.clock.advance_seconds(17);
        }
    }

    async fn spraying_slows_the_client_and_then_its_network(world: World) {
        let world = limited(world).await;
        let mut clients = JoinSet::new();
        for client in 0..5 {
            let auth = world.auth.clone();
            clients.spawn(async move {
                let from = format!("192.0.2.{client}");
                for n in 0..30 {
                    let address = format!("person{n}.{client}@example.com");
                    assert_eq!(guess(&auth, &address, &from).await, WRONG_PASSWORD, "{from} {n}");
                }
                guess(&auth, "another@example.com", &from).await
            });
        }
        while let Some(last) = clients.join_next().await {
            assert_eq!(last.unwrap().0, ErrorCode::TooManyAttempts);
        }
        assert_eq!(guess(&world.auth, "new@example.com", "192.0.2.77").await.0, ErrorCode::TooManyAttempts);
        assert_eq!(guess(&world.auth, "new@example.com", "192.0.3.77").await, WRONG_PASSWORD, "another network goes on");
    }

    async fn neighbours_of_ipv6_share(world: World) {
        let world = limited(world).await;
        for n in 0..30 {
            let from = format!("2001:db8:1:2::{n:x}");
            assert_eq!(guess(&world.auth, &format!("person{n}@example.com"), &from).await, WRONG_PASSWORD);
        }
        assert_eq!(guess(&world.auth, "new@example.com", "2001:db8:1:2:ffff::1").await, wait(10));
        assert_eq!(guess(&world.auth, "new@example.com", "2001:db8:1:3::1").await, WRONG_PASSWORD);
    }

    async fn the_owner_gets_in_with_a_known_device(world: World) {
        let world = limited(world).await;
        world.create_account(ALICE).await;
        world.create_account("bob@example.com").await;
        let (_, alices) = sign_in_with(&world, ALICE, PASSWORD, None).await;
        let (_, bobs) = sign_in_with(&world, "bob@example.com", PASSWORD, None).await;
        let alices = alices.expect("a cookie for the device");
        attack(&world.auth, ALICE).await;
        let (outcome, again) = sign_in_with(&world, ALICE, PASSWORD, Some(&alices)).await;
        assert!(is_in(outcome));
        assert!(again.is_none(), "it keeps its cookie, and so the count of its tries");
        // The control: without it, or with one of somebody else, the owner waits like everybody.
        let changed = SecretString::from(format!("9{}", alices.expose_secret()));
        for other in [None, bobs.as_ref(), Some(&changed), Some(&SecretString::from("..")), Some(&SecretString::from(""))] {
            let (outcome, _) = sign_in_with(&world, ALICE, PASSWORD, other).await;
            assert_eq!(refused(outcome).code, ErrorCode::TooManyAttempts);
        }
        world.clock.advance_seconds(auth::limit::KNOWN_DEVICE_SECONDS);
        attack(&world.auth, ALICE).await;
        let (outcome, _) = sign_in_with(&world, ALICE, PASSWORD, Some(&alices)).await;
        assert_eq!(refused(outcome).code, ErrorCode::TooManyAttempts, "it has ended");
    }

    async fn a_stolen_cookie_of_a_device_has_ten_tries(world: World) {
        let world = limited(world).await;
        world.create_account(ALICE).await;
        let (_, cookie) = sign_in_with(&world, ALICE, PASSWORD, None).await;
        attack(&world.auth, ALICE).await;
        for n in 0..10 {
            let (outcome, _) = sign_in_with(&world, ALICE, WRONG, cookie.as_ref()).await;
            assert_eq!(refused(outcome).code, ErrorCode::InvalidCredentials, "{n}");
        }
        let (outcome, _) = sign_in_with(&world, ALICE, WRONG, cookie.as_ref()).await;
        assert_eq!(refused(outcome).code, ErrorCode::TooManyAttempts);
    }

    async fn many_cookies_of_devices_have_twenty_tries_together(world: World) {
        let world = limited(world).await;
        world.create_account(ALICE).await;
        let mut cookies = Vec::new();
        for _ in 0..3 {
            cookies.extend(sign_in_with(&world, ALICE, PASSWORD, None).await.1);
        }
        assert_eq!(cookies.len(), 3, "each sign-in without a cookie gives one");
        attack(&world.auth, ALICE).await;
        for cookie in &cookies[..2] {
            assert!(is_in(sign_in_with(&world, ALICE, PASSWORD, Some(&cookies[2])).await.0), "the third has tries yet");
            for _ in 0..10 {
                let (outcome, _) = sign_in_with(&world, ALICE, WRONG, Some(cookie)).await;
                assert_eq!(refused(outcome).code, ErrorCode::InvalidCredentials);
            }
        }
        let (outcome, _) = sign_in_with(&world, ALICE, PASSWORD, Some(&cookies[2])).await;
        assert_eq!(refused(outcome).code, ErrorCode::TooManyAttempts);
        world.clock.advance_seconds(10);
        let (outcome, _) = sign_in_with(&world, ALICE, PASSWORD, Some(&cookies[2])).await;
        assert!(is_in(outcome), "ten seconds later its owner is in");
    }

    async fn a_passkey_gets_in_while_strangers_guess(world: World) {
        let world = limited(world).await;
        let caller = passkeys::alice(&world).await;
        let mut phone = Authenticator::new();
        passkeys::add(&world, &caller, &mut phone).await;
        attack(&world.auth, passkeys::EMAIL).await;
        passkeys::sign_in(&world, &mut phone).await;
    }

    async fn a_mailed_link_gets_in_while_strangers_guess(world: World) {
        let world = limited(world).await;
        world.create_account(ALICE).await;
        attack(&world.auth, ALICE).await;
        ask(&world, ALICE).await;
        let request = LimitedRequest::new("203.0.113.5", None);
        let token = world.mailed_token(ALICE).await;
        request.around(reset(&world, ResetProof::Link(token))).await.unwrap();
        let cookie = request.told().known_device;
        let (outcome, _) = sign_in_with(&world, ALICE, NEW, cookie.as_ref()).await;
        assert!(is_in(outcome), "in the browser in which the link was opened");
        let (outcome, _) = sign_in_with(&world, ALICE, NEW, None).await;
        assert_eq!(refused(outcome).code, ErrorCode::TooManyAttempts, "strangers still wait");
    }

    async fn who_was_in_once_keeps_no_owner_out_after_a_reset(world: World) {
        let world = limited(world).await;
        world.create_account(ALICE).await;
        let mut cookies = Vec::new();
        for _ in 0..3 {
            cookies.extend(sign_in_with(&world, ALICE, PASSWORD, None).await.1);
        }
        // Two of them are kept by somebody who knew the password once.
        let own = cookies.pop().unwrap();
        ask(&world, ALICE).await;
        let request = LimitedRequest::new("203.0.113.5", Some(own.clone()));
        let token = world.mailed_token(ALICE).await;
        request.around(reset(&world, ResetProof::Link(token))).await.unwrap();
        let mailed = request.told().known_device.expect("in the place of the one that was there");
        attack(&world.auth, ALICE).await;
        for cookie in &cookies {
            for _ in 0..10 {
                let (outcome, _) = sign_in_with(&world, ALICE, WRONG, Some(cookie)).await;
                assert_eq!(refused(outcome).code, ErrorCode::InvalidCredentials);
            }
        }
        // Control: an ordinary one has a share in what was spent, and a mark that is taken away or added is a forgery.
        let unmarked = SecretString::from(mailed.expose_secret().replace('~', ""));
        let (end, rest) = own.expose_secret().split_once('.').unwrap();
        let (number, mac) = rest.split_once('.').unwrap();
        let marked = SecretString::from(format!("{end}.{number}~.{mac}"));
        for other in [&own, &unmarked, &marked] {
            let (outcome, _) = sign_in_with(&world, ALICE, NEW, Some(other)).await;
            assert_eq!(refused(outcome).code, ErrorCode::TooManyAttempts);
        }
        let (outcome, again) = sign_in_with(&world, ALICE, NEW, Some(&mailed)).await;
        assert!(is_in(outcome) && again.is_none(), "it keeps its cookie");
        for _ in 0..10 {
            let (outcome, _) = sign_in_with(&world, ALICE, WRONG, Some(&mailed)).await;
            assert_eq!(refused(outcome).code, ErrorCode::InvalidCredentials);
        }
        let (outcome, _) = sign_in_with(&world, ALICE, NEW, Some(&mailed)).await;
        assert_eq!(refused(outcome).code, ErrorCode::TooManyAttempts, "it has ten tries as well");
    }

    async fn a_clock_that_was_ahead_keeps_nobody_out(world: World) {
        let world = limited(world).await;
        let ahead = Arc::new(FakeClock::at(world.auth.now().plus_seconds(24 * HOUR)));
        let node = world.another_node_with(&ahead, |settings| settings.limits = LimitSettings::default());
        attack(&node.await.unwrap(), ALICE).await;
        // It is set right, and nobody waits for a day.
        assert_eq!(guess(&world.auth, ALICE, "203.0.113.7").await, WRONG_PASSWORD);
        assert_eq!(guess(&world.auth, ALICE, "203.0.113.7").await, wait(60), "the tries count all the same");
    }

    async fn two_nodes_count_together(world: World) {
        let world = limited(world).await;
        let other = limited_node(&world).await;
        for _ in 0..3 {
            assert_eq!(guess(&world.auth, ALICE, "198.51.100.1").await, WRONG_PASSWORD);
        }
        for _ in 0..2 {
            assert_eq!(guess(&other, ALICE, "198.51.100.2").await, WRONG_PASSWORD);
        }
        assert_eq!(guess(&other, ALICE, "198.51.100.2").await, wait(30));
        world.clock.advance_seconds(1);
        assert_eq!(guess(&world.auth, ALICE, "198.51.100.1").await, wait(29), "within a second");
    }

    async fn of_twenty_guesses_at_once_five_are_looked_at(world: World) {
        let world = limited(world).await;
        world.create_account(ALICE).await;
        let mut guesses = JoinSet::new();
        for n in 0..20 {
            let auth = world.auth.clone();
            guesses.spawn(async move { guess(&auth, ALICE, &format!("198.51.100.{n}")).await.0 });
        }
        let answers = guesses.join_all().await;
        let looked_at = answers.iter().filter(|code| **code == ErrorCode::InvalidCredentials).count();
        assert_eq!(looked_at, 5, "{answers:?}");
        assert!(answers.iter().all(|code| matches!(code, ErrorCode::InvalidCredentials | ErrorCode::TooManyAttempts)));
    }

    async fn who_goes_away_before_the_answer_has_tried_all_the_same(world: World) {
        // Hashes take their time, so that somebody can leave between the two of a wrong password.
        let slow = HashCost { memory: 32 * 1024, passes: 8, lanes: 1 };
        let node = world.another_node_with(&world.clock, |settings| {
            settings.limits = LimitSettings::default();
            settings.hash_cost = slow;
        });
        let auth = node.await.unwrap();
        let mut patience = Duration::MAX;
        for n in 0..3 {
            let began = Instant::now();
            assert_eq!(guess(&auth, &format!("person{n}@example.com"), "203.0.113.7").await, WRONG_PASSWORD);
            patience = patience.min(began.elapsed() * 3 / 4);
        }
        let mut left = 0;
        for n in 0..20 {
            left += usize::from(timeout(patience, guess(&auth, ALICE, &format!("198.51.100.{n}"))).await.is_err());
        }
        assert!(left > 0, "nobody left");
        assert_eq!(guess(&auth, ALICE, "203.0.113.8").await, wait(30));
    }

    async fn who_is_asked_for_a_factor_has_tried_and_keeps_no_owner_from_it(world: World) {
        let world = limited(world).await;
        world.create_account(ALICE).await;
        enrol_totp(&world, ALICE).await;
        // The sign-in of the enrolment was asked for nothing.
        let SignIn::NeedsSecondFactor(owners) = sign_in_at(&world.auth, ALICE, "192.0.2.1").await.unwrap() else {
            panic!("no factor is asked for");
        };
        let mut asked = 0;
        for n in 0..30 {
            match sign_in_at(&world.auth, ALICE, &format!("198.51.100.{n}")).await {
                Ok(SignIn::NeedsSecondFactor(_)) => asked += 1,
                other => assert_eq!(refused(other).code, ErrorCode::TooManyAttempts),
            }
        }
        assert_eq!(asked, 4, "and the owner's own question was the fifth");
        assert!(flow::pending_sign_in(&world.auth, &owners.ticket).await.is_ok(), "the owner's question stands");
        assert_eq!(guess(&world.auth, "bob@example.com", "192.0.2.1").await, WRONG_PASSWORD);
        assert_eq!(buckets(&world).await, 5, "of her address, and four of the wrong password");
    }

    async fn a_guess_that_cannot_be_counted_counts_all_the_same(world: World) {
        let world = limited(world).await;
        world.create_account(ALICE).await;
        let is_sqlite = world.database.url.starts_with("sqlite:");
        let sqlite = ["CREATE TRIGGER refuse BEFORE INSERT ON limits BEGIN SELECT RAISE(ABORT, 'full'); END"];
        let postgres = [
            "CREATE FUNCTION refuse() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'full'; END $$ LANGUAGE plpgsql",
            "CREATE TRIGGER refuse BEFORE INSERT ON limits FOR EACH ROW EXECUTE FUNCTION refuse()",
        ];
        world.tamper(if is_sqlite { &sqlite } else { &postgres }).await;
        let mut guesses = JoinSet::new();
        for n in 0..5 {
            let auth = world.auth.clone();
            guesses.spawn(async move { guess(&auth, ALICE, &format!("198.51.100.{n}")).await });
        }
        while let Some(guess) = guesses.join_next().await {
            assert_eq!(guess.unwrap().0, ErrorCode::Internal);
        }
        assert_eq!(guess(&world.auth, ALICE, "198.51.100.9").await, wait(30));
        assert!(!is_in(sign_in_at(&world.auth, ALICE, "203.0.113.7").await), "the right one is not looked at either");
        assert_eq!(guess(&world.auth, "bob@example.com", "203.0.113.7").await.0, ErrorCode::Internal, "nobody else waits");

        world.tamper(if is_sqlite { &["DROP TRIGGER refuse"] } else { &["DROP TRIGGER refuse ON limits"] }).await;
        world.clock.advance_seconds(30);
        assert!(is_in(sign_in_at(&world.auth, ALICE, "203.0.113.7").await), "the wait ends as any other");
    }

    async fn of_twenty_right_passwords_at_once_all_get_in(world: World) {
        let world = limited(world).await;
        world.create_account(ALICE).await;
        let mut people = JoinSet::new();
        for _ in 0..20 {
            let auth = world.auth.clone();
            people.spawn(async move { is_in(sign_in_at(&auth, ALICE, "192.0.2.1").await) });
        }
        assert!(people.join_all().await.into_iter().all(|entered| entered));
    }

    async fn near_the_brim_of_everybodys_bucket_people_do_not_queue(world: World) {
        let world = limited(world).await;
        world.create_account(ALICE).await;
        spend_everybodys(&world, 998).await;
        let mut on_their_way = Vec::new();
        for n in 0..10 {
            let (person, place) = (email(&format!("person{n}@example.com")), at(&format!("198.51.{n}.1")));
            on_their_way.push(world.auth.limits().sign_in(&person, &place).await.unwrap());
        }
        assert!(is_in(sign_in_at(&world.auth, ALICE, "192.0.2.1").await));
        drop(on_their_way);
        // The control: it is the brim.
        for n in 0..2 {
            assert_eq!(guess(&world.auth, &format!("person{n}@example.com"), "192.0.2.1").await, WRONG_PASSWORD);
        }
        assert_eq!(guess(&world.auth, "person3@example.com", "192.0.2.1").await, wait(2));
    }

    async fn buckets_that_recovered_are_forgotten(world: World) {
        let world = limited(world).await;
        attack(&world.auth, ALICE).await;
        assert!(buckets(&world).await > 0);
        world.auth.delete_what_is_over().await.unwrap();
        assert!(buckets(&world).await > 0, "a wait that runs is remembered");
        world.clock.advance_seconds(2 * HOUR);
        world.auth.delete_what_is_over().await.unwrap();
        assert_eq!(buckets(&world).await, 0);
    }

    async fn without_limits_nobody_waits(world: World) {
        for _ in 0..12 {
            assert_eq!(refused(try_on(&world.auth, ALICE, WRONG, "192.0.2.1").await).code, ErrorCode::InvalidCredentials);
        }
        assert_eq!(buckets(&world).await, 0);
    }
}
