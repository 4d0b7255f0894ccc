//! Stories of work that spares a wait, and of acts that anybody may do.

use crate::support::limits::{
    ALICE, WRONG, at, attack, buckets, is_in, limited, limited_node, refused, sign_in_at, try_with_work,
};
use crate::support::password_reset::mails_of_kind;
use crate::support::{PASSWORD, World, email, refusal};
use auth::flow;
use auth::form::SignUpForm;
use auth::limit::{LimitedRequest, solve};
use auth::{Auth, ErrorCode};
use secrecy::SecretString;

async fn ask(auth: &Auth, address: &str) -> auth::Result<()> {
    flow::forgot_password(auth, &email(ALICE), &at(address)).await.map(|_| ())
}

/// How often a client may do something before it waits.
async fn often(mut act: impl AsyncFnMut() -> auth::Result<()>) -> usize {
    for done in 0..500 {
        if let Err(error) = act().await {
            assert_eq!(error.refusal().code, ErrorCode::TooManyAttempts);
            assert!(error.refusal().retry_after.is_some_and(|seconds| seconds > 0));
            return done;
        }
    }
    panic!("there is no limit");
}

on_both_databases! {
    async fn work_spares_the_wait_once_and_for_its_client_alone(world: World) {
        let world = limited(world).await;
        world.create_account(ALICE).await;
        attack(&world.auth, ALICE).await;
        let waiting = refused(sign_in_at(&world.auth, ALICE, "203.0.113.5").await);
        let challenge = waiting.challenge.expect("work is offered");
        let solution = solve(&challenge);
        for (address, tried) in [
            ("203.0.113.6", solution.as_str()),
            ("203.0.113.5", &*format!("{}.0x", challenge.text)),
            ("203.0.113.5", &*solution.replacen(".18.", ".1.", 1)),
            ("203.0.113.5", "nonsense"),
        ] {
            let outcome = try_with_work(&world.auth, ALICE, PASSWORD, address, tried).await;
            assert_eq!(refused(outcome).code, ErrorCode::TooManyAttempts, "{address} {tried}");
        }
        assert!(is_in(try_with_work(&world.auth, ALICE, PASSWORD, "203.0.113.5", &solution).await));
        let again = try_with_work(&world.auth, ALICE, PASSWORD, "203.0.113.5", &solution).await;
        assert_eq!(refused(again).code, ErrorCode::TooManyAttempts, "it was used");
    }

    async fn work_is_no_way_around_the_limit(world: World) {
        let world = limited(world).await;
        attack(&world.auth, ALICE).await;
        for _ in 0..5 {
            let solution = solve(&world.auth.limits().challenge("203.0.113.5"));
            let outcome = try_with_work(&world.auth, ALICE, WRONG, "203.0.113.5", &solution).await;
            assert_eq!(refused(outcome).code, ErrorCode::InvalidCredentials);
        }
        let solution = solve(&world.auth.limits().challenge("203.0.113.5"));
        let refused = refused(try_with_work(&world.auth, ALICE, WRONG, "203.0.113.5", &solution).await);
        assert_eq!((refused.code, refused.challenge), (ErrorCode::TooManyAttempts, None), "no more work is offered");
    }

    async fn who_finds_no_lane_goes_on_with_work(world: World) {
        let world = limited(world).await;
        world.create_account(ALICE).await;
        let here = "203.0.113.5";
        let mut on_their_way = Vec::new();
        for n in 0..30 {
            let person = email(&format!("person{n}@example.com"));
            on_their_way.push(world.auth.limits().sign_in(&person, &at(here)).await.unwrap());
        }
        let solution = solve(&world.auth.limits().challenge(here));
        let (with, without) = tokio::join!(
            try_with_work(&world.auth, ALICE, PASSWORD, here, &solution),
            sign_in_at(&world.auth, ALICE, here),
        );
        assert!(is_in(with));
        assert_eq!(refused(without).code, ErrorCode::Busy, "the control");
        drop(on_their_way);
    }

    async fn a_challenge_ends(world: World) {
        let world = limited(world).await;
        world.create_account(ALICE).await;
        attack(&world.auth, ALICE).await;
        let solution = solve(&world.auth.limits().challenge("203.0.113.5"));
        world.clock.advance_seconds(10 * 60);
        attack(&world.auth, "bob@example.com").await;
        let outcome = try_with_work(&world.auth, "bob@example.com", PASSWORD, "203.0.113.5", &solution).await;
        assert_eq!(refused(outcome).code, ErrorCode::TooManyAttempts);
    }

    async fn mails_for_a_new_password_have_a_limit_for_each_client(world: World) {
        let world = limited(world).await;
        ask(&world.auth, "192.0.2.1").await.unwrap();
        assert_eq!(buckets(&world).await, 0, "what is quiet costs nothing");
        let asked = often(async || ask(&world.auth, "192.0.2.1").await).await;
        assert!((29..=40).contains(&asked), "{asked}");
        ask(&world.auth, "192.0.2.2").await.unwrap();
        // Nodes count together: another one has a quiet share of its own, and no more.
        let other = limited_node(&world).await;
        let asked = often(async || ask(&other, "192.0.2.1").await).await;
        assert!(asked <= 8, "{asked}");
    }

    async fn who_says_this_was_not_me_gets_the_way_to_a_password_past_every_limit(world: World) {
        let world = limited(world).await;
        world.create_account(ALICE).await;
        world.sign_in(ALICE).await;
        world.sign_in_on(ALICE, "Chrome on Windows").await;
        let link = mails_of_kind(&world, ALICE, "new_device").await.remove(0).link.unwrap();
        let token = SecretString::from(link.split_once("token=").unwrap().1);
        let here = at("192.0.2.1");
        let full = often(async || {
            flow::forgot_password(&world.auth, &email("bob@example.com"), &here).await.map(|_| ())
        });
        assert!(full.await >= 29, "the client has asked too often");
        world.clock.advance_seconds(1);
        flow::secure_account_by_link(&world.auth, &token, &here).await.unwrap();
        assert_eq!(mails_of_kind(&world, ALICE, "password_reset").await.len(), 1);
    }

    async fn sign_ups_and_codes_have_a_limit_for_each_client(world: World) {
        let world = limited(world).await;
        let mut number = 0;
        let signed_up = often(async || {
            number += 1;
            let form = SignUpForm {
                email: format!("person{number}@example.com"),
                password: PASSWORD.into(),
                name: "Sam Doe".into(),
            };
            flow::sign_up(&world.auth, form.parse()?, &at("192.0.2.1")).await.map(|_| ())
        });
        let signed_up = signed_up.await;
        assert!((30..=40).contains(&signed_up), "{signed_up}");
        let guessed = often(async || {
            let proof = flow::Proof::EmailCode(email(ALICE), crate::support::code("123456"));
            match flow::verify_email(&world.auth, proof, &at("192.0.2.1")).await {
                Err(error) if error.refusal().code == ErrorCode::WrongCode => Ok(()),
                other => other.map(|_| ()),
            }
        });
        let guessed = guessed.await;
        assert!((60..=80).contains(&guessed), "{guessed}");
    }

    async fn passwords_sent_with_a_link_have_a_limit_and_a_link_of_ones_own_has_none(world: World) {
        let world = limited(world).await;
        let ticket = world.sign_up(ALICE).await.unwrap();
        let token = world.mailed_token(ALICE).await;
        let link = |ticket, password| {
            flow::Proof::Link(flow::LinkProof { token: token.clone(), ticket, password })
        };
        let guessed = often(async || {
            let proof = link(None, Some(WRONG.into()));
            match flow::verify_email(&world.auth, proof, &at("192.0.2.1")).await {
                Err(error) if error.refusal().code == ErrorCode::InvalidCredentials => Ok(()),
                other => other.map(|_| ()),
            }
        });
        let guessed = guessed.await;
        assert!((60..=80).contains(&guessed), "{guessed}");
        flow::verify_email(&world.auth, link(Some(ticket), None), &at("192.0.2.1")).await.unwrap();
    }

    async fn challenges_for_passkeys_have_a_limit_for_each_client(world: World) {
        let world = limited(world).await;
        let begin = async |address: &str| {
            let request = LimitedRequest::new(address, None);
            request.around(flow::begin_passkey_sign_in(&world.auth)).await.map(|_| ())
        };
        let begun = often(async || begin("192.0.2.1").await).await;
        assert!((120..=160).contains(&begun), "{begun}");
        begin("192.0.2.2").await.unwrap();
    }

    async fn a_mailed_link_has_no_limit(world: World) {
        let world = limited(world).await;
        for _ in 0..50 {
            let proof = flow::ResetProof::Link("made up".into());
            let outcome = flow::reset_password(&world.auth, proof, &PASSWORD.into(), &at("192.0.2.1")).await;
            assert_eq!(refusal(outcome), ErrorCode::ResetExpired);
        }
    }
}
