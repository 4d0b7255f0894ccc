//! Stories of people who come from a provider that proved no address, and of those who were there before: nobody
//! captures anybody (account pre-hijacking).

use crate::support::federation::{
    EMAIL, SUBJECT, Told, claims, come, id, needs_address, needs_proof, newcomer, outcome, prove_address, shown,
    signed_in, type_address,
};
use crate::support::passkeys::signed_in as somebody;
use crate::support::provider::FakeProvider;
use crate::support::{PASSWORD, World, code, context, email, link, refusal};
use auth::flow::{self, LinkProof, Proof, SignIn, SignUpTicket};
use auth::view::{LinkAsks, PendingNeed, SignUpStatus};
use auth::{ErrorCode, Result};
use secrecy::SecretString;

const MALLORY: &str = "mallory@example.com";

/// Comes with an address that the provider does not vouch for.
async fn comes(world: &World, provider: &FakeProvider, address: &str) -> SecretString {
    needs_address(outcome(come(world, provider, claims(world, SUBJECT, address, Told::Unverified)).await))
}

async fn by_mailed_code(world: &World, address: &str, ticket: SignUpTicket) -> Result<()> {
    let code = world.mailed_code(address).await;
    prove_address(world, ticket, code).await
}

on_both_databases! {
    async fn an_address_is_typed_and_proved_and_the_account_has_no_password(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        let ticket = comes(&world, &provider, "old@example.com").await;
        let pending = shown(&world, &ticket, None).await.unwrap();
        assert_eq!((pending.needs, pending.email.as_deref()), (PendingNeed::Address, Some("old@example.com")));
        let waiting = type_address(&world, &ticket, EMAIL).await.unwrap();
        assert!(shown(&world, &ticket, None).await.is_none(), "used");
        assert_eq!(world.count("users").await, 0, "nothing is there yet");
        let again = type_address(&world, &ticket, EMAIL).await;
        assert_eq!(refusal(again), ErrorCode::FederationExpired);
        let status = flow::sign_up_status(&world.auth, &waiting).await.unwrap();
        assert!(matches!(status, SignUpStatus::Waiting { .. }));
        by_mailed_code(&world, EMAIL, waiting).await.unwrap();
        let user = world.user(EMAIL).await.unwrap();
        assert_eq!((user.password_hash.as_deref(), user.name.as_str()), (None, "Alice Doe"));
        assert_eq!(world.kinds_of_mails(EMAIL).await, ["verify_email", "welcome"]);
        let told = claims(&world, SUBJECT, "old@example.com", Told::Unverified);
        let session = signed_in(outcome(come(&world, &provider, told).await));
        assert_eq!(world.caller(&session).user_id, user.id);
        assert_eq!(refusal(world.try_sign_in(EMAIL, PASSWORD).await), ErrorCode::InvalidCredentials);
    }

    async fn a_provider_that_tells_no_address_is_as_good(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        let told = claims(&world, SUBJECT, "", Told::Missing);
        let ticket = needs_address(outcome(come(&world, &provider, told.clone()).await));
        assert_eq!(shown(&world, &ticket, None).await.unwrap().email, None);
        let waiting = type_address(&world, &ticket, EMAIL).await.unwrap();
        by_mailed_code(&world, EMAIL, waiting).await.unwrap();
        signed_in(outcome(come(&world, &provider, told).await));
    }

    async fn a_mailed_link_proves_the_address_in_the_browser_that_came(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        let ticket = comes(&world, &provider, EMAIL).await;
        let waiting = type_address(&world, &ticket, EMAIL).await.unwrap();
        let token = world.mailed_token(EMAIL).await;
        // Mallory came from the provider with Alice's address, and Alice opens the mail: nothing is made.
        let asks = flow::link_is_live(&world.auth, &token, None).await.unwrap();
        assert_eq!(asks, Some((email(EMAIL), LinkAsks::OwnBrowser)));
        for password in ["", PASSWORD] {
            let elsewhere = LinkProof { token: token.clone(), ticket: None, password: Some(password.into()) };
            let done = flow::verify_email(&world.auth, Proof::Link(elsewhere), &context()).await;
            assert_eq!(refusal(done), ErrorCode::InvalidCredentials);
        }
        let mailed = world.mailed_code(EMAIL).await;
        let by_address = flow::verify_email(&world.auth, Proof::EmailCode(email(EMAIL), mailed), &context()).await;
        assert_eq!(refusal(by_address), ErrorCode::WrongCode, "a code without the browser proves nothing");
        assert_eq!(world.count("users").await, 0);
        let own = LinkProof { token, ticket: Some(waiting), password: None };
        flow::verify_email(&world.auth, Proof::Link(own), &context()).await.unwrap();
        assert_eq!(world.count("connections").await, 1);
    }

    async fn a_known_address_is_told_by_mail_and_never_connected(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        world.create_account(EMAIL).await;
        world.clock.advance_seconds(60);
        let ticket = comes(&world, &provider, EMAIL).await;
        let waiting = type_address(&world, &ticket, EMAIL).await.unwrap();
        let mails = world.inbox_of(EMAIL).await;
        assert_eq!((mails[0].kind.as_str(), &mails[0].code), ("already_registered_connect", &None));
        let status = flow::sign_up_status(&world.auth, &waiting).await.unwrap();
        assert!(matches!(status, SignUpStatus::Waiting { .. }), "the page shows no difference");
        world.clock.advance_seconds(30);
        flow::resend_verification(&world.auth, &waiting, &context()).await.unwrap();
        assert_eq!(world.inbox_of(EMAIL).await[0].kind, "already_registered_connect");
        for guess in ["000000", "123456"] {
            let done = prove_address(&world, waiting.clone(), code(guess)).await;
            assert_eq!(refusal(done), ErrorCode::WrongCode);
        }
        assert_eq!((world.count("connections").await, world.count("users").await), (0, 1));
        comes(&world, &provider, EMAIL).await;
        world.sign_in(EMAIL).await;
    }

    async fn known_and_unknown_addresses_leave_the_same_behind(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        world.create_account(EMAIL).await;
        let mut left = Vec::new();
        for address in [EMAIL, "nobody@example.com"] {
            let ticket = comes(&world, &provider, address).await;
            let before = [world.count("sign_ups").await, world.count("jobs").await, world.count("audit_events").await];
            type_address(&world, &ticket, address).await.unwrap();
            let after = [world.count("sign_ups").await, world.count("jobs").await, world.count("audit_events").await];
            left.push([after[0] - before[0], after[1] - before[1], after[2] - before[2]]);
        }
        assert_eq!(left, [[1, 1, 1], [1, 1, 1]]);
    }

    async fn a_ticket_for_a_proof_makes_no_account(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        world.create_account(EMAIL).await;
        let told = claims(&world, SUBJECT, EMAIL, Told::Verified);
        let ticket = needs_proof(outcome(come(&world, &provider, told).await));
        let made = type_address(&world, &ticket, MALLORY).await;
        assert_eq!(refusal(made), ErrorCode::FederationExpired);
        // And one for an address connects nobody.
        let other = claims(&world, "sub-other", EMAIL, Told::Unverified);
        let ticket = needs_address(outcome(come(&world, &provider, other).await));
        let alice = world.caller(&world.sign_in(EMAIL).await);
        let connected = flow::connect_pending(&world.auth, &alice, &ticket, &context()).await;
        assert_eq!(refusal(connected), ErrorCode::FederationExpired);
    }

    async fn a_sign_up_that_waits_never_captures_the_owner_of_the_address(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        // Mallory signs up with Alice's address and waits.
        let mallorys = world.sign_up(EMAIL).await.unwrap();
        let token = world.mailed_token(EMAIL).await;
        let mailed = world.mailed_code(EMAIL).await;
        let alice = world.caller(&newcomer(&world, &provider, SUBJECT, EMAIL).await);
        assert_eq!(world.user(EMAIL).await.unwrap().password_hash, None, "the password of the sign-up went nowhere");
        // Alice presses the button of the mail after all.
        let by_link = flow::verify_email(&world.auth, link(token), &context()).await;
        assert_eq!(refusal(by_link), ErrorCode::LinkExpired);
        assert!(prove_address(&world, mallorys, mailed.clone()).await.is_err());
        let by_code = flow::verify_email(&world.auth, Proof::EmailCode(email(EMAIL), mailed), &context()).await;
        assert!(by_code.is_err());
        let by_password = world.try_sign_in(EMAIL, PASSWORD).await;
        assert!(!matches!(by_password, Ok(SignIn::SignedIn(_) | SignIn::NeedsSecondFactor(_))));
        assert_eq!((world.count("users").await, world.count("sessions").await), (1, 1));
        flow::require_fresh_proof(&world.auth, &alice).await.unwrap();
    }

    async fn a_provider_that_does_not_prove_addresses_never_captures_an_account(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider_that(&provider, |settings| settings.trusts_email = false).await;
        // The other way round: Mallory comes with Alice's address, which the provider only claims to have proved.
        let told = claims(&world, SUBJECT, EMAIL, Told::Verified);
        let ticket = needs_address(outcome(come(&world, &provider, told.clone()).await));
        type_address(&world, &ticket, EMAIL).await.unwrap();
        world.clock.advance_seconds(1);
        world.create_account(EMAIL).await;
        world.sign_in(EMAIL).await;
        needs_address(outcome(come(&world, &provider, told).await));
        let user = world.user(EMAIL).await.unwrap();
        assert!(world.auth.store().connections_of(&user.id).await.unwrap().is_empty());
    }

    async fn of_two_sign_ups_from_one_person_there_the_first_to_prove_is_connected(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        let (one, two) = (comes(&world, &provider, EMAIL).await, comes(&world, &provider, EMAIL).await);
        let first = type_address(&world, &one, EMAIL).await.unwrap();
        let second = type_address(&world, &two, MALLORY).await.unwrap();
        by_mailed_code(&world, EMAIL, first).await.unwrap();
        assert_eq!(refusal(by_mailed_code(&world, MALLORY, second).await), ErrorCode::LinkExpired);
        assert!(world.user(MALLORY).await.is_none());
        assert_eq!(world.count("connections").await, 1);
    }

    async fn whoever_is_connected_meanwhile_needs_no_address(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        let ticket = comes(&world, &provider, EMAIL).await;
        newcomer(&world, &provider, SUBJECT, EMAIL).await;
        assert_eq!(shown(&world, &ticket, None).await.unwrap().needs, PendingNeed::Nothing);
        assert_eq!(refusal(type_address(&world, &ticket, MALLORY).await), ErrorCode::ConnectionTaken);
    }

    async fn a_ticket_of_a_provider_that_is_gone_leads_nowhere(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        let ticket = comes(&world, &provider, EMAIL).await;
        let without = world.another_node().await;
        assert!(without.providers().get(&id("acme")).is_none());
        let shown = flow::pending_connection(&without, Some(&ticket), None).await.unwrap();
        assert!(shown.is_none());
        let bob = somebody(&world, "bob@example.com").await;
        let connected = flow::connect_pending(&without, &bob, &ticket, &context()).await;
        assert_eq!(refusal(connected), ErrorCode::FederationExpired);
    }
}
