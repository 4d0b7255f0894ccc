//! Stories of proofs by a provider: it lets in whoever has a session there, and that alone proves nobody afresh.

use crate::support::federation::{
    EMAIL, Told, claims, come, needs_proof, newcomer, outcome, proof, signed_in, start, way,
};
use crate::support::provider::FakeProvider;
use crate::support::{World, context, refusal};
use auth::ErrorCode;
use auth::federation::Prompt;
use auth::flow::{self, StartFederation};
use auth::session::Caller;
use serde_json::json;

const SUBJECT: &str = "sub-proof";
const HOUR: i64 = 60 * 60;

/// Alice signs in with a provider that says when she proved herself there, in seconds from now.
async fn alice(world: &World, provider: &FakeProvider, proved: Option<i64>) -> Caller {
    let mut claims = claims(world, SUBJECT, EMAIL, Told::Verified);
    if let Some(seconds) = proved {
        claims["auth_time"] = json!(world.auth.now().seconds() + seconds);
    }
    world.caller(&signed_in(outcome(come(world, provider, claims).await)))
}

/// Whether what wants a fresh proof is granted.
async fn is_fresh(world: &World, caller: &Caller) -> bool {
    match flow::start_connection(&world.auth, caller, way(None), &context()).await {
        Ok(_) => true,
        refused => {
            assert_eq!(refusal(refused.map(|_| ())), ErrorCode::ReauthenticationRequired);
            false
        }
    }
}

on_both_databases! {
    async fn a_session_there_of_an_hour_ago_is_no_fresh_proof(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        newcomer(&world, &provider, SUBJECT, EMAIL).await;
        assert!(!is_fresh(&world, &alice(&world, &provider, Some(-HOUR)).await).await);
        assert!(is_fresh(&world, &alice(&world, &provider, Some(-60)).await).await, "a minute ago");
        assert!(is_fresh(&world, &alice(&world, &provider, None).await).await, "it does not tell");
    }

    async fn a_proof_in_the_future_is_one_of_now(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        newcomer(&world, &provider, SUBJECT, EMAIL).await;
        let caller = alice(&world, &provider, Some(24 * HOUR)).await;
        assert!(is_fresh(&world, &caller).await);
        world.clock.advance_seconds(15 * 60);
        assert!(!is_fresh(&world, &caller).await);
    }

    async fn an_old_session_there_proves_no_account_that_is_to_be_connected(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        newcomer(&world, &provider, SUBJECT, EMAIL).await;
        // Another person of the provider with the same address.
        let asked = come(&world, &provider, claims(&world, "sub-other", EMAIL, Told::Verified)).await;
        let ticket = needs_proof(outcome(asked));
        world.clock.advance_seconds(120);
        let before = alice(&world, &provider, Some(-HOUR)).await;
        assert!(!proof(&world, &ticket, Some(&before)).await.1);
        let now = alice(&world, &provider, Some(0)).await;
        assert!(proof(&world, &ticket, Some(&now)).await.1);
    }

    async fn a_proof_is_asked_for_in_the_words_of_the_specification(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        let plain = start(&world.auth, None).await.url;
        assert!(!plain.contains("prompt=") && !plain.contains("max_age="), "{plain}");
        let wanted = StartFederation { prompt: Prompt::Proof, ..way(None) };
        let url = flow::start_federation(&world.auth, wanted, &context()).await.unwrap().url;
        assert!(url.contains("&prompt=login") && url.contains("&max_age=0"), "{url}");
    }
}
