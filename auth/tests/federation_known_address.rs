//! Stories of people who come from a provider and have an account already: nobody is connected in silence.

use crate::support::authenticator::Authenticator;
use crate::support::federation::{
    ACME, EMAIL, SUBJECT, Told, claims, come, needs_proof, newcomer, outcome, proof, second_half, shown, signed_in,
};
use crate::support::passkeys::{add, signed_in as somebody};
use crate::support::provider::FakeProvider;
use crate::support::second_factor::{first_half, prove, sign_in as sign_in_trusting};
use crate::support::step_up::{STEP, prove_by_app, sign_in_with_app};
use crate::support::totp::{code_at, enrol_totp};
use crate::support::{PASSWORD, World, context, refusal};
use auth::flow::{self, FreshProof, SignIn};
use auth::session::Caller;
use auth::view::{PendingNeed, WayIn};
use auth::{ErrorCode, EventFilter, EventKind, Result};
use secrecy::SecretString;

const BOB: &str = "bob@example.com";
const HOUR: i64 = 60 * 60;

async fn asked(world: &World, provider: &FakeProvider) -> SecretString {
    needs_proof(outcome(come(world, provider, claims(world, SUBJECT, EMAIL, Told::Verified)).await))
}

async fn try_connect(world: &World, caller: &Caller, ticket: &SecretString) -> Result<()> {
    flow::connect_pending(&world.auth, caller, ticket, &context()).await
}

on_both_databases! {
    async fn a_known_address_signs_in_once_and_is_connected(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        world.create_account(EMAIL).await;
        let ticket = asked(&world, &provider).await;
        assert_eq!((world.count("connections").await, world.count("sessions").await), (0, 0), "nobody is let in");
        let pending = shown(&world, &ticket, None).await.unwrap();
        assert_eq!((pending.provider.id.as_str(), pending.email.as_deref()), (ACME, Some(EMAIL)));
        assert_eq!(pending.name, "Alice Doe");
        assert_eq!(proof(&world, &ticket, None).await, (vec![WayIn::Password], false));

        let alice = world.caller(&world.sign_in(EMAIL).await);
        assert_eq!(proof(&world, &ticket, Some(&alice)).await, (vec![WayIn::Password], true));
        try_connect(&world, &alice, &ticket).await.unwrap();
        assert!(shown(&world, &ticket, Some(&alice)).await.is_none());
        assert_eq!(refusal(try_connect(&world, &alice, &ticket).await), ErrorCode::FederationExpired, "once");
        let mails = world.kinds_of_mails(EMAIL).await;
        assert!(mails.contains(&"connection_added".to_owned()), "{mails:?}");
        let page = flow::list_activity(&world.auth, &alice, EventFilter::All, None).await.unwrap();
        for kind in [EventKind::ConnectionAsked, EventKind::ConnectionAdded] {
            assert!(page.items.iter().any(|item| item.kind == kind), "{kind:?}");
        }
        let session = signed_in(outcome(come(&world, &provider, claims(&world, SUBJECT, EMAIL, Told::Verified)).await));
        assert_eq!(world.caller(&session).user_id, alice.user_id);
        // The password goes on.
        world.sign_in(EMAIL).await;
    }

    async fn a_session_of_before_proves_nothing(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        let alice = somebody(&world, EMAIL).await;
        world.clock.advance_seconds(1);
        let ticket = asked(&world, &provider).await;
        assert!(!proof(&world, &ticket, Some(&alice)).await.1);
        let unproved = try_connect(&world, &alice, &ticket).await;
        assert_eq!(refusal(unproved), ErrorCode::ReauthenticationRequired);
        let password = FreshProof::Password(PASSWORD.into());
        flow::reauthenticate(&world.auth, &alice, &password, &context()).await.unwrap();
        assert!(proof(&world, &ticket, Some(&alice)).await.1);
        // And not for ever.
        world.clock.advance_seconds(15 * 60);
        assert!(!proof(&world, &ticket, Some(&alice)).await.1);
        assert_eq!(refusal(try_connect(&world, &alice, &ticket).await), ErrorCode::ReauthenticationRequired);
        assert_eq!(world.count("connections").await, 0);
    }

    async fn nobody_else_connects_it(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        world.create_account(EMAIL).await;
        let ticket = asked(&world, &provider).await;
        let bob = somebody(&world, BOB).await;
        assert!(!proof(&world, &ticket, Some(&bob)).await.1);
        assert_eq!(refusal(try_connect(&world, &bob, &ticket).await), ErrorCode::FederationExpired);
        for invented in ["", "invented"] {
            let bad = try_connect(&world, &bob, &invented.into()).await;
            assert_eq!(refusal(bad), ErrorCode::FederationExpired);
            assert!(shown(&world, &invented.into(), None).await.is_none());
        }
        assert!(flow::pending_connection(&world.auth, None, Some(&bob)).await.unwrap().is_none());
        assert_eq!(world.count("connections").await, 0);
    }

    async fn a_ticket_ends_after_an_hour_or_with_not_now(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        world.create_account(EMAIL).await;
        let (first, second) = (asked(&world, &provider).await, asked(&world, &provider).await);
        flow::forget_pending_connection(&world.auth, &first).await.unwrap();
        flow::forget_pending_connection(&world.auth, &first).await.unwrap();
        let alice = world.caller(&world.sign_in(EMAIL).await);
        assert_eq!(refusal(try_connect(&world, &alice, &first).await), ErrorCode::FederationExpired);
        world.clock.advance_seconds(HOUR - 1);
        assert!(shown(&world, &second, None).await.is_some());
        world.clock.advance_seconds(1);
        assert!(shown(&world, &second, None).await.is_none());
        let alice = world.caller(&world.sign_in(EMAIL).await);
        assert_eq!(refusal(try_connect(&world, &alice, &second).await), ErrorCode::FederationExpired);
    }

    async fn ten_tickets_of_an_account_wait_and_the_oldest_goes(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        world.create_account(EMAIL).await;
        let first = asked(&world, &provider).await;
        for _ in 0..10 {
            world.clock.advance_seconds(1);
            asked(&world, &provider).await;
        }
        assert!(shown(&world, &first, None).await.is_none());
        assert_eq!(world.count("pending_connections").await, 10);
    }

    async fn an_account_with_an_app_proves_it(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        world.create_account(EMAIL).await;
        let key = enrol_totp(&world, EMAIL).await;
        let ticket = asked(&world, &provider).await;
        let pending = first_half(&world, EMAIL).await;
        let code = code_at(&key, world.auth.now());
        let alice = world.caller(&prove(&world, &pending.ticket, &code, false).await.unwrap().signed_in);
        try_connect(&world, &alice, &ticket).await.unwrap();
        second_half(outcome(come(&world, &provider, claims(&world, SUBJECT, EMAIL, Told::Verified)).await));
    }

    async fn a_trusted_device_is_no_proof(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        world.create_account(EMAIL).await;
        let key = enrol_totp(&world, EMAIL).await;
        let trusted = sign_in_with_app(&world, EMAIL, &key, true).await.trusted.unwrap();
        let ticket = asked(&world, &provider).await;
        let SignIn::SignedIn(session) = sign_in_trusting(&world.auth, EMAIL, Some(&trusted)).await.unwrap() else {
            panic!("the device is not trusted");
        };
        let alice = world.caller(&session);
        assert!(!proof(&world, &ticket, Some(&alice)).await.1);
        assert_eq!(refusal(try_connect(&world, &alice, &ticket).await), ErrorCode::ReauthenticationRequired);
        world.clock.advance_seconds(STEP);
        prove_by_app(&world, &alice, &key).await.unwrap();
        try_connect(&world, &alice, &ticket).await.unwrap();
    }

    async fn every_way_of_the_account_is_named(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        // Connected with one person of the provider; another one has the same address there.
        let first = newcomer(&world, &provider, "sub-first", EMAIL).await;
        let ticket = asked(&world, &provider).await;
        let acme = shown(&world, &ticket, None).await.unwrap().provider;
        // Without a password or a passkey the mailbox is a way, too: the other person there may be the one who is known.
        assert_eq!(proof(&world, &ticket, None).await.0, [WayIn::Provider(acme.clone()), WayIn::Mail]);
        add(&world, &world.caller(&first), &mut Authenticator::new()).await;
        assert_eq!(proof(&world, &ticket, None).await.0, [WayIn::Passkey, WayIn::Provider(acme)]);
    }

    async fn an_account_without_any_way_is_led_to_the_mail(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        world.create_account(EMAIL).await;
        let ticket = asked(&world, &provider).await;
        // "This was not me" voids the password.
        let alice = world.caller(&world.sign_in(EMAIL).await);
        let page = flow::list_activity(&world.auth, &alice, EventFilter::All, None).await.unwrap();
        let before = asked(&world, &provider).await;
        flow::secure_account_by_event(&world.auth, &alice, &page.items[0].id, &context()).await.unwrap();
        for old in [ticket, before] {
            assert!(shown(&world, &old, None).await.is_none(), "what waits to be connected goes, too");
        }
        let ticket = asked(&world, &provider).await;
        assert_eq!(proof(&world, &ticket, None).await, (vec![WayIn::Mail], false));
    }

    async fn a_ticket_whose_account_is_closed_or_connected_needs_nothing(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        world.create_account(EMAIL).await;
        let (first, second) = (asked(&world, &provider).await, asked(&world, &provider).await);
        let alice = world.caller(&world.sign_in(EMAIL).await);
        try_connect(&world, &alice, &first).await.unwrap();
        assert_eq!(shown(&world, &second, None).await.unwrap().needs, PendingNeed::Nothing);
        // Once more is fine: it is connected with this very account.
        try_connect(&world, &alice, &second).await.unwrap();
        assert_eq!(world.count("connections").await, 1);
        let other = claims(&world, "sub-other", EMAIL, Told::Verified);
        let third = needs_proof(outcome(come(&world, &provider, other).await));
        world.close_account(EMAIL).await;
        assert_eq!(shown(&world, &third, None).await.unwrap().needs, PendingNeed::Nothing);
    }
}
