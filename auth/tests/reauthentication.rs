//! Stories of the fresh proof that risky acts ask for.

use crate::support::password_reset::NEW;
use crate::support::{PASSWORD, World, context, refusal};
use auth::flow::{self, FreshProof, SignedIn};
use auth::form::PasswordChange;
use auth::session::Caller;
use auth::store::MAX_PASSWORD_TRIES;
use auth::{ErrorCode, EventFilter, EventKind, Field, FieldIssue};

const EMAIL: &str = "alice@example.com";

async fn signed_in(world: &World) -> (SignedIn, Caller) {
    world.create_account(EMAIL).await;
    let session = world.sign_in(EMAIL).await;
    let caller = world.caller(&session);
    (session, caller)
}

async fn prove(world: &World, caller: &Caller, password: &str) -> auth::Result<()> {
    flow::reauthenticate(&world.auth, caller, &FreshProof::Password(password.into()), &context()).await
}

async fn is_fresh(world: &World, caller: &Caller) -> bool {
    flow::require_fresh_proof(&world.auth, caller).await.is_ok()
}

async fn kinds(world: &World, caller: &Caller) -> Vec<EventKind> {
    let page = flow::list_activity(&world.auth, caller, EventFilter::All, None).await.unwrap();
    page.items.into_iter().map(|item| item.kind).collect()
}

on_both_databases! {
    async fn a_proof_is_fresh_for_fifteen_minutes(world: World) {
        let (_, caller) = signed_in(&world).await;
        world.clock.advance_seconds(15 * 60 - 1);
        assert!(is_fresh(&world, &caller).await, "the sign-in is a proof");
        world.clock.advance_seconds(1);
        let late = flow::require_fresh_proof(&world.auth, &caller).await;
        assert_eq!(refusal(late), ErrorCode::ReauthenticationRequired);
        prove(&world, &caller, PASSWORD).await.unwrap();
        assert!(is_fresh(&world, &caller).await);
        let other = world.caller(&world.sign_in(EMAIL).await);
        world.clock.advance_seconds(15 * 60);
        prove(&world, &other, PASSWORD).await.unwrap();
        assert!(!is_fresh(&world, &caller).await, "a proof in one session is none in another");
    }

    async fn every_risky_act_asks_for_it(world: World) {
        let (_, caller) = signed_in(&world).await;
        world.clock.advance_seconds(15 * 60);
        let new = auth::Email::parse("new@example.com").unwrap();
        let asked = [
            refusal(flow::request_email_change(&world.auth, &caller, &new, &context()).await),
            refusal(flow::export_data(&world.auth, &caller, &context()).await),
            refusal(flow::request_deletion(&world.auth, &caller, &context()).await),
            refusal(flow::end_other_sessions(&world.auth, &caller, &context()).await),
        ];
        assert_eq!(asked, [ErrorCode::ReauthenticationRequired; 4]);
        assert!(world.inbox().await.iter().all(|mail| mail.kind == "verify_email" || mail.kind == "welcome"));
    }

    async fn a_wrong_password_proves_nobody_and_is_told(world: World) {
        let (_, caller) = signed_in(&world).await;
        world.clock.advance_seconds(15 * 60);
        for (password, issue) in [("", FieldIssue::Required), ("not the password", FieldIssue::PasswordWrong)] {
            let refused = prove(&world, &caller, password).await.err().unwrap().refusal();
            assert_eq!(refused.issue(Field::CurrentPassword), Some(issue));
        }
        assert!(!is_fresh(&world, &caller).await);
        assert_eq!(kinds(&world, &caller).await[0], EventKind::SessionProofRefused);
    }

    async fn a_thousand_parallel_guesses_are_ten_and_end_the_session(world: World) {
        let (session, caller) = signed_in(&world).await;
        let guesses: Vec<_> = (0..50)
            .map(|number| {
                let (auth, caller) = (world.auth.clone(), caller.clone());
                tokio::spawn(async move {
                    let guess = FreshProof::Password(format!("guess number {number}").into());
                    flow::reauthenticate(&auth, &caller, &guess, &context()).await.err().unwrap().refusal()
                })
            })
            .collect();
        let mut compared = 0;
        for guess in guesses {
            let refused = guess.await.unwrap();
            match refused.code {
                ErrorCode::InvalidFields => compared += 1,
                ErrorCode::TooManyTries => compared += 1,
                code => assert!(matches!(code, ErrorCode::Busy | ErrorCode::SignedOut), "{code:?}"),
            }
        }
        assert_eq!(compared, MAX_PASSWORD_TRIES);
        assert_eq!(refusal(prove(&world, &caller, PASSWORD).await), ErrorCode::SignedOut);
        let refreshed = flow::refresh(&world.auth, &session.refresh_token, &context()).await;
        assert_eq!(refusal(refreshed), ErrorCode::SignedOut);
        let again = world.sign_in(EMAIL).await;
        assert!(kinds(&world, &world.caller(&again)).await.contains(&EventKind::SessionLocked));
    }

    async fn the_current_password_of_a_change_is_guessed_no_more_often(world: World) {
        let (_, caller) = signed_in(&world).await;
        let change = |current: &str| PasswordChange {
            current: current.into(),
            new: NEW.into(),
            end_other_sessions: true,
        };
        for _ in 1..MAX_PASSWORD_TRIES {
            let refused = flow::change_password(&world.auth, &caller, change("a wrong guess"), &context()).await;
            assert_eq!(refusal(refused), ErrorCode::InvalidFields);
        }
        let refused = flow::change_password(&world.auth, &caller, change("a wrong guess"), &context()).await;
        assert_eq!(refusal(refused), ErrorCode::TooManyTries);
        let refused = flow::change_password(&world.auth, &caller, change(PASSWORD), &context()).await;
        assert_eq!(refusal(refused), ErrorCode::SignedOut);
        world.sign_in(EMAIL).await;
    }

    async fn a_right_password_gives_the_tries_back(world: World) {
        let (_, caller) = signed_in(&world).await;
        for _ in 0..3 {
            for _ in 1..MAX_PASSWORD_TRIES {
                assert_eq!(refusal(prove(&world, &caller, "a wrong guess").await), ErrorCode::InvalidFields);
            }
            prove(&world, &caller, PASSWORD).await.unwrap();
        }
    }

    async fn an_act_waits_for_its_session_alone_and_is_taken_once(world: World) {
        let (_, caller) = signed_in(&world).await;
        let other = world.caller(&world.sign_in(EMAIL).await);
        let ticket = flow::keep_waiting_act(&world.auth, &caller, b"what was typed").await.unwrap();
        let strange = flow::see_waiting_act(&world.auth, &other, &ticket).await;
        assert_eq!(refusal(strange), ErrorCode::LinkExpired);
        assert_eq!(refusal(flow::take_waiting_act(&world.auth, &other, &ticket).await), ErrorCode::LinkExpired);
        assert_eq!(**flow::see_waiting_act(&world.auth, &caller, &ticket).await.unwrap(), *b"what was typed");
        let takes: Vec<_> = (0..20)
            .map(|_| {
                let (auth, caller, ticket) = (world.auth.clone(), caller.clone(), ticket.clone());
                tokio::spawn(async move { flow::take_waiting_act(&auth, &caller, &ticket).await.is_ok() })
            })
            .collect();
        let mut winners = 0;
        for take in takes {
            winners += usize::from(take.await.unwrap());
        }
        assert_eq!(winners, 1);
        let late = flow::keep_waiting_act(&world.auth, &caller, b"later").await.unwrap();
        world.clock.advance_seconds(15 * 60);
        assert_eq!(refusal(flow::take_waiting_act(&world.auth, &caller, &late).await), ErrorCode::LinkExpired);
    }

    async fn a_right_password_beside_a_refused_one_costs_no_try(world: World) {
        let (_, caller) = signed_in(&world).await;
        for _ in 0..2 * MAX_PASSWORD_TRIES {
            let common = PasswordChange { current: PASSWORD.into(), new: "password1234".into(), end_other_sessions: true };
            let refused = flow::change_password(&world.auth, &caller, common, &context()).await;
            assert_eq!(refusal(refused), ErrorCode::InvalidFields);
        }
        prove(&world, &caller, PASSWORD).await.unwrap();
    }
}
