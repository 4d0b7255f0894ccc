//! Stories of browsers that ask a provider by themselves (FedCM): what begins in one browser ends there, once, with the
//! token that was asked for; and then everything is as after any other way to a provider.

use crate::support::federation::{
    ACME, EMAIL, OTHER, SUBJECT, Told, agree, claims, finish, id, name_of, newcomer, outcome, refused, second_half,
    signed_in, start,
};
use crate::support::provider::FakeProvider;
use crate::support::totp::enrol;
use crate::support::{World, context, refusal};
use auth::federation::ProviderSettings;
use auth::flow::{self, FedCmStarted, Federated};
use auth::{Auth, ErrorCode, Result};
use secrecy::{ExposeSecret, SecretString};

/// A world whose browsers may ask the provider, and what the provider says of Alice.
async fn asked_by_browsers(world: World, provider: &FakeProvider) -> World {
    let world = world.with_provider_that(provider, may_be_asked).await;
    provider.will_answer(claims(&world, SUBJECT, EMAIL, Told::Verified));
    world
}

fn may_be_asked(settings: &mut ProviderSettings) {
    settings.fedcm_config_url = Some("https://acme.example/fedcm.json".to_owned());
}

async fn begin(auth: &Auth) -> FedCmStarted {
    flow::start_fedcm(auth, &id(ACME), None).await.unwrap()
}

/// The browser hands over a token, for the way that it began.
async fn hand_over(auth: &Auth, started: &FedCmStarted, token: &str) -> Result<Federated> {
    let answer = (&SecretString::from(token), &started.state);
    flow::finish_fedcm(auth, &id(ACME), answer, Some(&started.browser), None, &context()).await
}

on_both_databases! {
    async fn a_browser_that_asks_by_itself_lets_in_as_a_redirect_does(world: World) {
        let provider = FakeProvider::start().await;
        let world = asked_by_browsers(world, &provider).await;
        let started = begin(&world.auth).await;
        let token = provider.id_token(&started.nonce);
        let session = signed_in(hand_over(&world.auth, &started, &token).await.unwrap());
        assert_eq!(world.count("users").await, 1);

        let started = begin(&world.auth).await;
        let token = provider.id_token(&started.nonce);
        let again = signed_in(hand_over(&world.auth, &started, &token).await.unwrap());
        assert_eq!(world.caller(&session).user_id, world.caller(&again).user_id);
        assert_eq!(world.count("connections").await, 1);
        assert_eq!(world.count("federation_flows").await, 0);
    }

    async fn a_known_address_proves_its_account_first(world: World) {
        let provider = FakeProvider::start().await;
        let world = asked_by_browsers(world, &provider).await;
        world.create_account(EMAIL).await;
        let started = begin(&world.auth).await;
        let token = provider.id_token(&started.nonce);
        let outcome = hand_over(&world.auth, &started, &token).await.unwrap();
        assert_eq!(name_of(&outcome), "needs proof");
        assert_eq!(world.count("connections").await, 0);
    }

    async fn the_second_factor_is_asked_for(world: World) {
        let provider = FakeProvider::start().await;
        let world = asked_by_browsers(world, &provider).await;
        let session = newcomer(&world, &provider, SUBJECT, EMAIL).await;
        enrol(&world, &world.caller(&session)).await;
        let started = begin(&world.auth).await;
        let token = provider.id_token(&started.nonce);
        second_half(hand_over(&world.auth, &started, &token).await.unwrap());
    }

    async fn what_is_not_its_own_answer_lets_nobody_in(world: World) {
        let provider = FakeProvider::start().await;
        let world = asked_by_browsers(world, &provider).await;
        let auth = &world.auth;
        let (mine, yours) = (begin(auth).await, begin(auth).await);
        let token: SecretString = provider.id_token(&mine.nonce).into();
        let answer = (&token, &mine.state);

        // Another browser, none, and another provider use nothing up.
        for browser in [Some(&yours.browser), None] {
            let finished = flow::finish_fedcm(auth, &id(ACME), answer, browser, None, &context()).await;
            assert_eq!(refusal(finished), ErrorCode::FederationExpired);
        }
        let finished = flow::finish_fedcm(auth, &id(OTHER), answer, Some(&mine.browser), None, &context()).await;
        assert_eq!(refusal(finished), ErrorCode::FederationExpired);

        // The token of another question.
        let stolen = hand_over(auth, &yours, token.expose_secret()).await;
        assert_eq!(refusal(stolen), ErrorCode::ProviderAnswerInvalid);
        for no_token in ["", "a.b.c", &"x".repeat(100_000)] {
            let started = begin(auth).await;
            assert_eq!(refusal(hand_over(auth, &started, no_token).await), ErrorCode::ProviderAnswerInvalid);
        }
        assert_eq!(world.count("users").await, 0);

        signed_in(hand_over(auth, &mine, token.expose_secret()).await.unwrap());
        // Once.
        assert_eq!(refusal(hand_over(auth, &mine, token.expose_secret()).await), ErrorCode::FederationExpired);
    }

    async fn two_answers_at_once_are_one(world: World) {
        let provider = FakeProvider::start().await;
        let world = asked_by_browsers(world, &provider).await;
        let started = begin(&world.auth).await;
        let token = provider.id_token(&started.nonce);
        let (one, two) =
            tokio::join!(hand_over(&world.auth, &started, &token), hand_over(&world.auth, &started, &token));
        assert_eq!([one, two].iter().filter(|finished| finished.is_ok()).count(), 1);
    }

    async fn a_way_takes_ten_minutes_at_most(world: World) {
        let provider = FakeProvider::start().await;
        let world = asked_by_browsers(world, &provider).await;
        let started = begin(&world.auth).await;
        let token = provider.id_token(&started.nonce);
        world.clock.advance_seconds(10 * 60 + 1);
        assert_eq!(refusal(hand_over(&world.auth, &started, &token).await), ErrorCode::FederationExpired);
    }

    async fn the_two_kinds_of_ways_are_not_taken_for_each_other(world: World) {
        let provider = FakeProvider::start().await;
        let world = asked_by_browsers(world, &provider).await;
        let auth = &world.auth;
        let redirected = start(auth, None).await;
        let answer = agree(&provider, &redirected);
        let state = answer.state.clone().unwrap();
        let token: SecretString = provider.id_token("anything").into();
        let browser = Some(&redirected.browser);
        let finished = flow::finish_fedcm(auth, &id(ACME), (&token, &state), browser, None, &context()).await;
        assert_eq!(refusal(finished), ErrorCode::FederationExpired);
        signed_in(outcome(finish(auth, answer).await));

        let asked = begin(auth).await;
        let mut answer = agree(&provider, &start(auth, Some(&asked.browser)).await);
        answer.state = Some(asked.state.clone());
        assert_eq!(refused(finish(auth, answer).await), ErrorCode::FederationExpired);
    }

    async fn a_provider_that_browsers_cannot_ask_is_not_there(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        for name in [ACME, "nobody"] {
            let started = flow::start_fedcm(&world.auth, &id(name), None).await;
            assert_eq!(refusal(started), ErrorCode::NotFound, "{name}");
        }
        assert_eq!(world.count("federation_flows").await, 0);
    }
}
