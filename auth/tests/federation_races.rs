//! Stories of people who come from a provider at the same moment, twenty at a time.

use crate::support::federation::{
    EMAIL, Finished, SUBJECT, Told, agree, claims, connect, copy, finish, name_of, needs_address, needs_proof, outcome,
    refused, signed_in, start,
};
use crate::support::provider::FakeProvider;
use crate::support::totp::enrol;
use crate::support::{World, context};
use auth::flow::{self, Entered, Federated, FederationAnswer, Proof};
use auth::form::FederatedSignUpForm;
use auth::{Auth, ErrorCode};

const CROWD: usize = 20;

/// A way that was begun for each of the crowd, each in a browser of its own, about to come back.
async fn crowd(world: &World, provider: &FakeProvider) -> Vec<FederationAnswer> {
    let mut answers = Vec::new();
    for _ in 0..CROWD {
        answers.push(agree(provider, &start(&world.auth, None).await));
    }
    answers
}

/// Lets all come back at once.
async fn all_at_once(auth: &Auth, answers: Vec<FederationAnswer>) -> Vec<Finished> {
    let come_back = |answer| {
        let auth = auth.clone();
        tokio::spawn(async move { finish(&auth, answer).await })
    };
    let tasks: Vec<_> = answers.into_iter().map(come_back).collect();
    let mut finished = Vec::new();
    for task in tasks {
        finished.push(task.await.unwrap());
    }
    finished
}

on_both_databases! {
    async fn one_state_lets_in_once(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        provider.will_answer(claims(&world, SUBJECT, EMAIL, Told::Verified));
        let answer = agree(&provider, &start(&world.auth, None).await);
        let answers = (0..CROWD).map(|_| copy(&answer)).collect();
        let mut entered = 0;
        for finished in all_at_once(&world.auth, answers).await {
            if finished.is_ok() {
                signed_in(outcome(finished));
                entered += 1;
            } else {
                assert_eq!(refused(finished), ErrorCode::FederationExpired);
            }
        }
        assert_eq!((entered, world.count("users").await, world.count("sessions").await), (1, 1, 1));
    }

    async fn twenty_browsers_of_somebody_new_make_one_account(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        provider.will_answer(claims(&world, SUBJECT, EMAIL, Told::Verified));
        let answers = crowd(&world, &provider).await;
        for finished in all_at_once(&world.auth, answers).await {
            signed_in(outcome(finished));
        }
        assert_eq!((world.count("users").await, world.count("connections").await), (1, 1));
        assert_eq!(world.kinds_of_mails(EMAIL).await.iter().filter(|kind| *kind == "welcome").count(), 1);
    }

    async fn an_account_that_is_made_in_this_moment_is_never_connected_in_silence(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        provider.will_answer(claims(&world, SUBJECT, EMAIL, Told::Verified));
        let answers = crowd(&world, &provider).await;
        let ticket = world.sign_up(EMAIL).await.unwrap();
        let code = world.mailed_code(EMAIL).await;
        let auth = world.auth.clone();
        let by_mail = tokio::spawn(async move {
            flow::verify_email(&auth, Proof::TicketCode(ticket, code), &context()).await.is_ok()
        });
        let finished = all_at_once(&world.auth, answers).await;
        let by_mail = by_mail.await.unwrap();
        let user = world.user(EMAIL).await.unwrap();
        assert_eq!((user.password_hash.is_some(), world.count("users").await), (by_mail, 1), "who was first has it");
        assert_eq!(world.count("connections").await, i64::from(!by_mail));
        for finished in finished {
            if by_mail {
                needs_proof(outcome(finished));
            } else {
                signed_in(outcome(finished));
            }
        }
    }

    async fn a_second_factor_that_is_added_in_this_moment_is_asked_for(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        world.create_account(EMAIL).await;
        connect(&world, &provider, SUBJECT, EMAIL).await;
        let caller = world.caller(&world.sign_in(EMAIL).await);
        let answers = crowd(&world, &provider).await;
        let last = agree(&provider, &start(&world.auth, None).await);
        let (finished, _) = tokio::join!(all_at_once(&world.auth, answers), enrol(&world, &caller));
        for finished in finished {
            match finished {
                Ok(finished) => {
                    assert!(matches!(finished.outcome, Federated::Entered(_)), "{}", name_of(&finished.outcome));
                }
                Err(refused) => assert_eq!(refused.refusal.refusal().code, ErrorCode::ChangedMeanwhile),
            }
        }
        let after = outcome(finish(&world.auth, last).await);
        assert!(matches!(after, Federated::Entered(Entered::NeedsSecondFactor(_))), "{}", name_of(&after));
    }

    async fn one_ticket_connects_once(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        world.create_account(EMAIL).await;
        provider.will_answer(claims(&world, SUBJECT, EMAIL, Told::Verified));
        let answer = agree(&provider, &start(&world.auth, None).await);
        let ticket = needs_proof(outcome(finish(&world.auth, answer).await));
        let caller = world.caller(&world.sign_in(EMAIL).await);
        let tasks: Vec<_> = (0..CROWD)
            .map(|_| {
                let (auth, caller, ticket) = (world.auth.clone(), caller.clone(), ticket.clone());
                tokio::spawn(async move { flow::connect_pending(&auth, &caller, &ticket, &context()).await })
            })
            .collect();
        let mut connected = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(()) => connected += 1,
                Err(error) => assert_eq!(error.refusal().code, ErrorCode::FederationExpired),
            }
        }
        assert_eq!((connected, world.count("connections").await), (1, 1));
        let mails = world.kinds_of_mails(EMAIL).await;
        assert_eq!(mails.iter().filter(|kind| *kind == "connection_added").count(), 1);
    }

    async fn one_ticket_signs_up_once(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        provider.will_answer(claims(&world, SUBJECT, EMAIL, Told::Unverified));
        let answer = agree(&provider, &start(&world.auth, None).await);
        let ticket = needs_address(outcome(finish(&world.auth, answer).await));
        let tasks: Vec<_> = (0..CROWD)
            .map(|place| {
                let (auth, ticket) = (world.auth.clone(), ticket.clone());
                let address = format!("alice-{place}@example.com");
                tokio::spawn(async move {
                    let form = FederatedSignUpForm { email: address, name: "Alice".into() };
                    flow::federated_sign_up(&auth, &ticket, form.parse().unwrap(), &context()).await
                })
            })
            .collect();
        let mut made = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(_) => made += 1,
                Err(error) => assert_eq!(error.refusal().code, ErrorCode::FederationExpired),
            }
        }
        assert_eq!((made, world.count("sign_ups").await, world.count("jobs").await), (1, 1, 1));
    }
}
