//! Stories of signing in with a provider: the way there and back, sessions, second factors, connecting.

use crate::support::federation::{
    ACME, EMAIL, NEXT, OTHER, SUBJECT, Told, agree, claims, come, connect, copy, finish, id, needs_proof, newcomer,
    outcome, refused, second_half, signed_in, start, way,
};
use crate::support::passkeys::signed_in as somebody;
use crate::support::password_reset::{NEW, ask, mailed, reset};
use crate::support::provider::FakeProvider;
use crate::support::second_factor::prove;
use crate::support::step_up::{claims as access_claims, prove_by_app};
use crate::support::totp::{code_at, enrol_totp};
use crate::support::{World, context, refusal};
use auth::federation::ProviderSettings;
use auth::flow::{self, Federated, FederationAnswer, ResetProof, SignedIn};
use auth::session::Caller;
use auth::view::EndReason;
use auth::{ErrorCode, EventFilter, EventKind, Locale};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

const BOB: &str = "bob@example.com";

/// Goes to the provider to connect, and comes back in the session of `back`.
async fn try_connect(
    world: &World,
    provider: &FakeProvider,
    caller: &Caller,
    back: Option<&Caller>,
) -> auth::Result<Federated> {
    let started = flow::start_connection(&world.auth, caller, way(None), &context()).await?;
    let answer = agree(provider, &started);
    match flow::finish_federation(&world.auth, answer, back, None, &context()).await {
        Ok(finished) => Ok(finished.outcome),
        Err(refused) => {
            assert!(refused.is_connect && refused.native.is_none());
            Err(refused.refusal)
        }
    }
}

fn proved(session: &SignedIn) -> (Value, Value) {
    let claims = access_claims(&session.access.access_token);
    (claims["amr"].clone(), claims["acr"].clone())
}

async fn kinds(world: &World, caller: &Caller) -> Vec<EventKind> {
    let page = flow::list_activity(&world.auth, caller, EventFilter::All, None).await.unwrap();
    page.items.into_iter().map(|item| item.kind).collect()
}

on_both_databases! {
    async fn somebody_new_gets_an_account_without_a_password(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        provider.will_answer(claims(&world, SUBJECT, EMAIL, Told::Verified));
        let started = start(&world.auth, None).await;
        assert_eq!(world.count("users").await, 0, "nothing is made on the way there");
        let Ok(finished) = finish(&world.auth, agree(&provider, &started)).await else { panic!("it was refused") };
        assert_eq!(finished.next.as_str(), NEXT);
        let session = signed_in(finished.outcome);
        assert_eq!(proved(&session), (json!(["fed"]), json!("aal1")));
        let user = world.user(EMAIL).await.unwrap();
        assert_eq!((user.name.as_str(), user.password_hash, user.locale), ("Alice Doe", None, Locale::En));
        assert_eq!(world.kinds_of_mails(EMAIL).await, ["welcome"]);
        let caller = world.caller(&session);
        let kinds = kinds(&world, &caller).await;
        for kind in [EventKind::UserCreated, EventKind::ConnectionAdded, EventKind::SessionStarted] {
            assert!(kinds.contains(&kind), "{kind:?} in {kinds:?}");
        }
        let connections = flow::list_connections(&world.auth, &caller).await.unwrap();
        let (one, now) = (&connections[0], world.auth.now());
        assert_eq!((one.provider.as_str(), one.email.as_deref(), one.last_used_at), (ACME, Some(EMAIL), Some(now)));
    }

    async fn a_second_visit_signs_in_and_makes_nothing(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        let first = world.caller(&newcomer(&world, &provider, SUBJECT, EMAIL).await);
        // Another address there: it is noted, and changes nothing here.
        let elsewhere = claims(&world, SUBJECT, "alice@elsewhere.example", Told::Verified);
        let second = world.caller(&signed_in(outcome(come(&world, &provider, elsewhere).await)));
        assert_eq!((first.user_id, world.count("users").await), (second.user_id.clone(), 1));
        assert!(world.user(EMAIL).await.is_some());
        let connections = flow::list_connections(&world.auth, &second).await.unwrap();
        assert_eq!((connections.len(), connections[0].email.as_deref()), (1, Some("alice@elsewhere.example")));
        assert_eq!(world.count("federation_flows").await, 0);
    }

    async fn a_way_ends_in_its_own_browser_at_its_own_provider_and_once(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        provider.will_answer(claims(&world, SUBJECT, EMAIL, Told::Verified));
        let started = start(&world.auth, None).await;
        let right = agree(&provider, &started);
        // An attacker's answer in a browser that has a way of its own, or none.
        let victim = start(&world.auth, None).await;
        for wrong in [
            FederationAnswer { browser: Some(victim.browser.clone()), ..copy(&right) },
            FederationAnswer { browser: None, ..copy(&right) },
            FederationAnswer { provider: id(OTHER), ..copy(&right) },
            FederationAnswer { state: None, ..copy(&right) },
            FederationAnswer { state: Some("invented".into()), ..copy(&right) },
            FederationAnswer { state: Some("x\0".repeat(10_000).into()), ..copy(&right) },
            FederationAnswer { state: right.code.clone(), ..copy(&right) },
        ] {
            assert_eq!(refused(finish(&world.auth, wrong).await), ErrorCode::FederationExpired);
        }
        assert_eq!((world.count("users").await, world.count("federation_flows").await), (0, 2), "nothing is consumed");
        let unknown = FederationAnswer { provider: id("nobody"), ..copy(&right) };
        assert_eq!(refused(finish(&world.auth, unknown).await), ErrorCode::NotFound);
        signed_in(outcome(finish(&world.auth, copy(&right)).await));
        assert_eq!(refused(finish(&world.auth, right).await), ErrorCode::FederationExpired, "used");
        assert_eq!(world.count("sessions").await, 1);
    }

    async fn two_tabs_do_not_disturb_each_other(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        provider.will_answer(claims(&world, SUBJECT, EMAIL, Told::Verified));
        let first = start(&world.auth, None).await;
        let second = start(&world.auth, Some(&first.browser)).await;
        assert_eq!(first.browser.expose_secret(), second.browser.expose_secret(), "one cookie for both");
        let (first, second) = (agree(&provider, &first), agree(&provider, &second));
        signed_in(outcome(finish(&world.auth, second).await));
        signed_in(outcome(finish(&world.auth, first).await));
        // What is no cookie of ours is not kept.
        let third = start(&world.auth, Some(&SecretString::from("short"))).await;
        assert_eq!(third.browser.expose_secret().len(), 43);
    }

    async fn a_way_ends_after_ten_minutes(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        provider.will_answer(claims(&world, SUBJECT, EMAIL, Told::Verified));
        let started = start(&world.auth, None).await;
        let answer = agree(&provider, &started);
        world.clock.advance_seconds(600);
        assert_eq!(refused(finish(&world.auth, answer).await), ErrorCode::FederationExpired);
        assert_eq!(world.count("users").await, 0);
    }

    async fn a_provider_that_says_no_lets_nobody_in(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        provider.will_answer(claims(&world, SUBJECT, EMAIL, Told::Verified));
        for (error, code) in [
            ("access_denied", ErrorCode::ProviderRefused),
            ("<script>", ErrorCode::ProviderRefused),
            ("", ErrorCode::ProviderRefused),
            ("temporarily_unavailable", ErrorCode::ProviderUnavailable),
            ("server_error", ErrorCode::ProviderUnavailable),
        ] {
            let started = start(&world.auth, None).await;
            // Even with a code beside it.
            let answer = FederationAnswer { error: Some(error.into()), ..agree(&provider, &started) };
            assert_eq!(refused(finish(&world.auth, copy(&answer)).await), code, "{error}");
            let again = FederationAnswer { error: None, ..answer };
            assert_eq!(refused(finish(&world.auth, again).await), ErrorCode::FederationExpired, "{error}");
        }
        let started = start(&world.auth, None).await;
        let silent = FederationAnswer { code: None, ..agree(&provider, &started) };
        assert_eq!(refused(finish(&world.auth, silent).await), ErrorCode::ProviderAnswerInvalid);
        let started = start(&world.auth, None).await;
        let mixed_up = FederationAnswer { iss: Some("https://evil.example".into()), ..agree(&provider, &started) };
        assert_eq!(refused(finish(&world.auth, mixed_up).await), ErrorCode::ProviderAnswerInvalid);
        assert_eq!((world.count("users").await, world.count("federation_flows").await), (0, 0));
    }

    async fn a_provider_that_is_not_offered_leads_nowhere(world: World) {
        let started = flow::start_federation(&world.auth, way(None), &context()).await;
        assert_eq!(refusal(started), ErrorCode::NotFound);
    }

    async fn the_second_factor_is_asked_for_after_a_provider_too(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        world.create_account(EMAIL).await;
        connect(&world, &provider, SUBJECT, EMAIL).await;
        let key = enrol_totp(&world, EMAIL).await;
        let mut told = claims(&world, SUBJECT, EMAIL, Told::Verified);
        told["amr"] = json!(["pwd", "mfa"]);
        let pending = second_half(outcome(come(&world, &provider, told).await));
        let code = code_at(&key, world.auth.now());
        let session = prove(&world, &pending.ticket, &code, false).await.unwrap().signed_in;
        assert_eq!(proved(&session), (json!(["fed", "otp", "mfa"]), json!("aal2")));
    }

    async fn a_trusted_provider_takes_the_place_of_the_second_factor_and_of_no_fresh_proof(world: World) {
        let provider = FakeProvider::start().await;
        let trusting = |settings: &mut ProviderSettings| settings.trusts_second_factor = true;
        let world = world.with_provider_that(&provider, trusting).await;
        world.create_account(EMAIL).await;
        connect(&world, &provider, SUBJECT, EMAIL).await;
        enrol_totp(&world, EMAIL).await;
        let mut told = claims(&world, SUBJECT, EMAIL, Told::Verified);
        second_half(outcome(come(&world, &provider, told.clone()).await));
        told["amr"] = json!(["pwd", "mfa"]);
        let session = signed_in(outcome(come(&world, &provider, told).await));
        assert_eq!(proved(&session), (json!(["fed", "mfa"]), json!("aal2")));
        let fresh = flow::require_fresh_proof(&world.auth, &world.caller(&session)).await;
        assert_eq!(refusal(fresh), ErrorCode::ReauthenticationRequired, "a risky act asks for our own");
    }

    async fn a_second_half_ends_with_the_connection_that_was_its_first(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        world.create_account(EMAIL).await;
        connect(&world, &provider, SUBJECT, EMAIL).await;
        let caller = world.caller(&world.sign_in(EMAIL).await);
        let connections = flow::list_connections(&world.auth, &caller).await.unwrap();
        let key = enrol_totp(&world, EMAIL).await;
        let told = claims(&world, SUBJECT, EMAIL, Told::Verified);
        let pending = second_half(outcome(come(&world, &provider, told).await));
        let code = code_at(&key, world.auth.now());
        prove_by_app(&world, &caller, &key).await.unwrap();
        flow::disconnect(&world.auth, &caller, &connections[0].id, &context()).await.unwrap();
        let entered = prove(&world, &pending.ticket, &code, false).await;
        assert_eq!(refusal(entered), ErrorCode::SecondFactorExpired);
    }

    async fn what_came_by_a_provider_ends_when_it_is_disconnected(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        world.create_account(EMAIL).await;
        connect(&world, &provider, SUBJECT, EMAIL).await;
        let caller = world.caller(&world.sign_in(EMAIL).await);
        let by_password = world.caller(&world.sign_in(EMAIL).await);
        let by_provider =
            signed_in(outcome(come(&world, &provider, claims(&world, SUBJECT, EMAIL, Told::Verified)).await));
        let by_provider = world.caller(&by_provider);
        let connections = flow::list_connections(&world.auth, &caller).await.unwrap();
        flow::disconnect(&world.auth, &caller, &connections[0].id, &context()).await.unwrap();
        assert_eq!(refusal(world.auth.me(&by_provider).await), ErrorCode::SignedOut);
        for other in [&caller, &by_password] {
            world.auth.me(other).await.unwrap();
        }
        let admin = world.administrator("admin@example.com").await;
        let family = flow::admin_show_session(&world.auth, &admin, &by_provider.session_id).await.unwrap();
        assert_eq!(family.session.end.unwrap().reason, EndReason::Disconnected);
    }

    async fn the_first_password_of_an_account_takes_the_connection_that_made_it(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        newcomer(&world, &provider, SUBJECT, EMAIL).await;
        world.clock.advance_seconds(16 * 60);
        ask(&world, EMAIL).await;
        let (link, _) = mailed(&world, EMAIL).await;
        reset(&world, ResetProof::Link(link)).await.unwrap();
        assert_eq!(world.count("connections").await, 0);
        // Whoever comes by the provider again proves the account first, as with any other.
        needs_proof(outcome(come(&world, &provider, claims(&world, SUBJECT, EMAIL, Told::Verified)).await));
        world.try_sign_in(EMAIL, NEW).await.unwrap();
    }

    async fn an_account_is_connected_in_its_own_session(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        let alice = somebody(&world, EMAIL).await;
        // Another address there: it is the person who says that both are theirs.
        provider.will_answer(claims(&world, SUBJECT, "alice@work.example", Told::Unverified));
        let connected = try_connect(&world, &provider, &alice, Some(&alice)).await.unwrap();
        assert!(matches!(connected, Federated::Connected));
        assert!(world.kinds_of_mails(EMAIL).await.contains(&"connection_added".to_owned()));
        let again = try_connect(&world, &provider, &alice, Some(&alice)).await.unwrap();
        assert!(matches!(again, Federated::Connected), "once more is fine");
        assert_eq!((world.count("connections").await, world.count("users").await), (1, 1));
        let told = claims(&world, SUBJECT, "alice@work.example", Told::Unverified);
        let session = signed_in(outcome(come(&world, &provider, told).await));
        assert_eq!(world.caller(&session).user_id, alice.user_id);
    }

    async fn nothing_is_connected_in_another_session_or_without_a_fresh_proof(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        let (alice, bob) = (somebody(&world, EMAIL).await, somebody(&world, BOB).await);
        provider.will_answer(claims(&world, SUBJECT, "x@example.com", Told::Verified));
        let by_bob = try_connect(&world, &provider, &alice, Some(&bob)).await;
        assert_eq!(refusal(by_bob), ErrorCode::FederationExpired);
        assert_eq!(refusal(try_connect(&world, &provider, &alice, None).await), ErrorCode::SignedOut);
        let other_session = world.caller(&world.sign_in(EMAIL).await);
        let elsewhere = try_connect(&world, &provider, &alice, Some(&other_session)).await;
        assert_eq!(refusal(elsewhere), ErrorCode::FederationExpired);

        let started = flow::start_connection(&world.auth, &alice, way(None), &context()).await.unwrap();
        flow::sign_out_caller(&world.auth, &alice, &context()).await.unwrap();
        let answer = agree(&provider, &started);
        let finished = flow::finish_federation(&world.auth, answer, Some(&alice), None, &context()).await;
        assert_eq!(refused(finished), ErrorCode::SignedOut);

        world.clock.advance_seconds(15 * 60);
        let stale = flow::start_connection(&world.auth, &bob, way(None), &context()).await;
        assert_eq!(refusal(stale), ErrorCode::ReauthenticationRequired);
        assert_eq!(world.count("connections").await, 0);
    }

    async fn what_opens_another_account_is_not_connected(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        newcomer(&world, &provider, SUBJECT, EMAIL).await;
        let bob = somebody(&world, BOB).await;
        let taken = try_connect(&world, &provider, &bob, Some(&bob)).await;
        assert_eq!(refusal(taken), ErrorCode::ConnectionTaken);
        assert_eq!(world.count("connections").await, 1);
    }

    async fn a_way_that_was_begun_before_a_second_factor_connects_nothing(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        let alice = somebody(&world, EMAIL).await;
        provider.will_answer(claims(&world, SUBJECT, EMAIL, Told::Verified));
        let started = flow::start_connection(&world.auth, &alice, way(None), &context()).await.unwrap();
        enrol_totp(&world, EMAIL).await;
        let answer = agree(&provider, &started);
        let finished = flow::finish_federation(&world.auth, answer, Some(&alice), None, &context()).await;
        assert_eq!(refused(finished), ErrorCode::ReauthenticationRequired);
        assert_eq!(world.count("connections").await, 0);
    }

    async fn a_closed_account_opens_by_no_provider(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        newcomer(&world, &provider, SUBJECT, EMAIL).await;
        world.close_account(EMAIL).await;
        for subject in [SUBJECT, "sub-of-another"] {
            let told = claims(&world, subject, EMAIL, Told::Verified);
            assert_eq!(refused(come(&world, &provider, told).await), ErrorCode::AccountClosed, "{subject}");
        }
        assert_eq!((world.count("users").await, world.count("pending_connections").await), (1, 0));
    }

    async fn a_person_is_called_as_the_provider_says_where_that_is_a_name(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        for (place, (told, name)) in [
            (json!("李小龍"), "李小龍"),
            (json!("win at https://evil.example"), "person.2"),
            (json!("a\u{202e}b"), "person.3"),
            (json!(["Sam"]), "person.4"),
            (Value::Null, "person.5"),
        ]
        .into_iter()
        .enumerate()
        {
            let address = format!("person.{}@example.com", place + 1);
            let mut said = claims(&world, &format!("sub-{place}"), &address, Told::Verified);
            said["name"] = told;
            signed_in(outcome(come(&world, &provider, said).await));
            assert_eq!(world.user(&address).await.unwrap().name.as_str(), name);
        }
    }
}
