//! Stories of connections: listed, removed, told, taken back, handed out and forgotten.

use crate::account_deletion::everything;
use crate::support::account_recovery::{complete, lose_factors, token, wait_for_link};
use crate::support::authenticator::Authenticator;
use crate::support::connections::{
    PROVIDER, connections, identity, link, node_offering, offering, rows, run, settings, subjects,
};
use crate::support::federation::{Told, agree, claims, way};
use crate::support::passkeys::{self, caller_with, sign_up};
use crate::support::password_reset::{NEW, ask, mailed, mails_of_kind, reset};
use crate::support::provider::FakeProvider;
use crate::support::{PASSWORD, World, context, email, refusal};
use auth::federation::ProviderSettings;
use auth::flow::{self, Federated, Proof, ResetProof};
use auth::form::ConfirmedBy;
use auth::id::ConnectionId;
use auth::session::Caller;
use auth::{ErrorCode, EventFilter, EventKind, Result};

const EMAIL: &str = "alice@example.com";
const NEW_EMAIL: &str = "alice@example.org";
const DAY: i64 = 24 * 60 * 60;

/// A world whose provider is asked nothing, and somebody who is signed in there.
async fn alice(world: World) -> (World, Caller) {
    let world = offering(world, vec![settings(PROVIDER)]).await;
    let caller = passkeys::signed_in(&world, EMAIL).await;
    (world, caller)
}

/// Somebody who has a passkey, and no password.
async fn with_passkey_alone(world: &World) -> Caller {
    let mut phone = Authenticator::new();
    let ticket = sign_up(world, EMAIL, &mut phone).await;
    let proof = Proof::TicketCode(ticket, world.mailed_code(EMAIL).await);
    flow::verify_email(&world.auth, proof, &context()).await.unwrap();
    caller_with(world, &mut phone).await
}

/// Connects over the whole way: to the provider, and back.
async fn connect(world: &World, provider: &FakeProvider, caller: &Caller, subject: &str) -> Result<Federated> {
    provider.will_answer(claims(world, subject, "alice@op.example.com", Told::Verified));
    let started = flow::start_connection(&world.auth, caller, way(None), &context()).await?;
    let answer = agree(provider, &started);
    let finished = flow::finish_federation(&world.auth, answer, Some(caller), None, &context()).await;
    finished.map(|finished| finished.outcome).map_err(|refused| refused.refusal)
}

async fn disconnect(world: &World, caller: &Caller, id: &ConnectionId) -> Result<()> {
    flow::disconnect(&world.auth, caller, id, &context()).await
}

async fn kinds(world: &World, caller: &Caller) -> Vec<EventKind> {
    let page = flow::list_activity(&world.auth, caller, EventFilter::SignIn, None).await.unwrap();
    page.items.iter().map(|item| item.kind).collect()
}

on_both_databases! {
    async fn a_connection_is_told_by_mail_once_and_its_mail_takes_it_back(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        let thief = passkeys::signed_in(&world, EMAIL).await;
        assert!(matches!(connect(&world, &provider, &thief, "thief").await.unwrap(), Federated::Connected));
        connect(&world, &provider, &thief, "thief").await.unwrap();
        let told = mails_of_kind(&world, EMAIL, "connection_added").await;
        assert_eq!(told.len(), 1, "the same once more is no news");
        assert!(told[0].text.contains(&provider.settings().name) && told[0].text.contains("alice@op.example.com"));
        assert_eq!(kinds(&world, &thief).await.iter().filter(|kind| **kind == EventKind::ConnectionAdded).count(), 1);
        let items = flow::list_connections(&world.auth, &thief).await.unwrap();
        assert_eq!((items.len(), items[0].is_offered, items[0].may_disconnect), (1, true, true));
        assert_eq!(items[0].email.as_deref(), Some("alice@op.example.com"));

        let link = token(&world, EMAIL, "connection_added").await;
        flow::secure_account_by_link(&world.auth, &link, &context()).await.unwrap();
        assert_eq!(subjects(&world, &thief.user_id).await, Vec::<String>::new());
    }

    async fn somebody_elses_connection_is_taken(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        let alice = passkeys::signed_in(&world, EMAIL).await;
        let bob = passkeys::signed_in(&world, "bob@example.com").await;
        connect(&world, &provider, &alice, "one").await.unwrap();
        assert_eq!(refusal(connect(&world, &provider, &bob, "one").await), ErrorCode::ConnectionTaken);
        assert_eq!(connections(&world, &bob.user_id).await.len(), 0);
        assert_eq!(mails_of_kind(&world, "bob@example.com", "connection_added").await.len(), 0);
    }

    async fn one_person_of_a_provider_opens_one_account_however_many_connect_at_once(world: World) {
        let (world, alice) = alice(world).await;
        let bob = passkeys::signed_in(&world, "bob@example.com").await;
        let tries: Vec<_> = (0..20)
            .map(|number| {
                let (auth, user) = (world.auth.clone(), if number % 2 == 0 { &alice } else { &bob }.user_id.clone());
                tokio::spawn(async move { link(&auth, &user, "one").await.is_some() })
            })
            .collect();
        let mut winners = 0;
        for one in tries {
            winners += usize::from(one.await.unwrap());
        }
        assert_eq!((winners, rows(&world).await[0]), (1, 1));
        let owner = world.auth.store().connection_owner(&identity("one")).await.unwrap().unwrap();
        assert!(owner == alice.user_id || owner == bob.user_id);
        let elsewhere = auth::federation::Identity { issuer: "https://other.example.com".into(), ..identity("one") };
        let somebody = world.auth.store().connection_owner(&elsewhere).await.unwrap();
        assert_eq!(somebody, None, "another issuer, another person");
    }

    async fn disconnecting_asks_for_a_fresh_proof_and_is_told(world: World) {
        let (world, caller) = alice(world).await;
        let id = link(&world.auth, &caller.user_id, "one").await.unwrap();
        world.clock.advance_seconds(15 * 60);
        assert_eq!(refusal(disconnect(&world, &caller, &id).await), ErrorCode::ReauthenticationRequired);
        let caller = world.caller(&world.sign_in(EMAIL).await);
        let bob = passkeys::signed_in(&world, "bob@example.com").await;
        assert_eq!(refusal(disconnect(&world, &bob, &id).await), ErrorCode::NotFound);
        for odd in ["", "one", "\0", "00000000-0000-7000-8000-000000000000"] {
            assert_eq!(refusal(disconnect(&world, &caller, &ConnectionId(odd.into())).await), ErrorCode::NotFound);
        }
        assert_eq!(subjects(&world, &caller.user_id).await, ["one"]);
        disconnect(&world, &caller, &id).await.unwrap();
        assert_eq!(refusal(disconnect(&world, &caller, &id).await), ErrorCode::NotFound);
        let told = mails_of_kind(&world, EMAIL, "connection_removed").await;
        assert_eq!(told.len(), 1);
        assert!(told[0].text.contains("Example ID") && told[0].text.contains("alice@op.example.com"));
        assert!(kinds(&world, &caller).await.contains(&EventKind::ConnectionRemoved));
        assert!(link(&world.auth, &bob.user_id, "one").await.is_some(), "it is free again");
    }

    async fn the_last_way_in_stays(world: World) {
        let world = offering(world, vec![settings(PROVIDER)]).await;
        let caller = with_passkey_alone(&world).await;
        let id = link(&world.auth, &caller.user_id, "one").await.unwrap();
        let passkey = passkeys::list(&world, &caller).await.remove(0).id;
        assert!(flow::list_connections(&world.auth, &caller).await.unwrap()[0].may_disconnect);
        passkeys::remove(&world, &caller, &passkey).await.unwrap();
        assert!(!flow::list_connections(&world.auth, &caller).await.unwrap()[0].may_disconnect);
        assert_eq!(refusal(disconnect(&world, &caller, &id).await), ErrorCode::LastWayIn);
        assert_eq!(mails_of_kind(&world, EMAIL, "connection_removed").await.len(), 0);
        let other = link(&world.auth, &caller.user_id, "two").await.unwrap();
        disconnect(&world, &caller, &id).await.unwrap();
        assert_eq!(refusal(disconnect(&world, &caller, &other).await), ErrorCode::LastWayIn);
    }

    async fn of_two_ways_in_that_go_at_the_same_moment_one_stays(world: World) {
        let world = offering(world, vec![settings(PROVIDER)]).await;
        let caller = with_passkey_alone(&world).await;
        let id = link(&world.auth, &caller.user_id, "one").await.unwrap();
        let passkey = passkeys::list(&world, &caller).await.remove(0).id;
        let removals: Vec<_> = (0..20)
            .map(|number| {
                let (auth, caller) = (world.auth.clone(), caller.clone());
                let (id, passkey) = (id.clone(), passkey.clone());
                tokio::spawn(async move {
                    if number % 2 == 0 {
                        flow::disconnect(&auth, &caller, &id, &context()).await.is_ok()
                    } else {
                        flow::remove_passkey(&auth, &caller, &passkey, &context()).await.is_ok()
                    }
                })
            })
            .collect();
        let mut gone = 0;
        for one in removals {
            gone += usize::from(one.await.unwrap());
        }
        assert_eq!(gone, 1);
        let left = passkeys::list(&world, &caller).await.len() + connections(&world, &caller.user_id).await.len();
        assert_eq!(left, 1);
    }

    async fn a_provider_that_the_settings_know_no_more_is_no_way_in_and_its_connection_may_go(world: World) {
        let world = offering(world, vec![settings(PROVIDER)]).await;
        let caller = with_passkey_alone(&world).await;
        let id = link(&world.auth, &caller.user_id, "one").await.unwrap();
        let passkey = passkeys::list(&world, &caller).await.remove(0).id;
        let without = node_offering(&world, Vec::new()).await;
        let items = flow::list_connections(&without, &caller).await.unwrap();
        assert_eq!((items[0].is_offered, items[0].may_disconnect), (false, true));
        assert_eq!(items[0].provider_name, PROVIDER);
        let removal = flow::remove_passkey(&without, &caller, &passkey, &context()).await;
        assert_eq!(refusal(removal), ErrorCode::LastFactor);
        flow::disconnect(&without, &caller, &id, &context()).await.unwrap();
        assert!(flow::list_providers(&without).is_empty());
        assert_eq!(flow::list_providers(&world.auth)[0].name, "Example ID");
    }

    async fn this_was_not_me_takes_new_connections_back_and_leaves_those_of_before(world: World) {
        let (world, caller) = alice(world).await;
        link(&world.auth, &caller.user_id, "owner").await.unwrap();
        world.clock.advance_seconds(30 * DAY - 60);
        world.sign_in_on(EMAIL, "Laptop of a thief").await;
        link(&world.auth, &caller.user_id, "thief").await.unwrap();
        run(
            &world,
            "INSERT INTO pending_connections (digest, user_id, provider, identity_sealed, created_at, expires_at) \
             VALUES ('waits', $1, 'example', 'sealed', 1, 9000000000000)",
            caller.user_id.as_str(),
        )
        .await;
        let link = token(&world, EMAIL, "new_device").await;
        flow::secure_account_by_link(&world.auth, &link, &context()).await.unwrap();
        assert_eq!(subjects(&world, &caller.user_id).await, ["owner"]);
        assert_eq!(rows(&world).await[2], 0, "what waits to become one goes as well");
    }

    async fn an_address_that_is_taken_back_takes_connections_back(world: World) {
        let (world, caller) = alice(world).await;
        link(&world.auth, &caller.user_id, "owner").await.unwrap();
        world.clock.advance_seconds(14 * 60);
        flow::request_email_change(&world.auth, &caller, &email(NEW_EMAIL), &context()).await.unwrap();
        let proof = ConfirmedBy::Link(world.mailed_token(NEW_EMAIL).await);
        flow::confirm_email_change(&world.auth, &caller, &proof, &context()).await.unwrap();
        link(&world.auth, &caller.user_id, "thief").await.unwrap();
        let undo = token(&world, EMAIL, "email_changed").await;
        flow::undo_email_change(&world.auth, &undo, &context()).await.unwrap();
        assert_eq!(subjects(&world, &caller.user_id).await, ["owner"]);
    }

    async fn a_recovery_by_mail_leaves_no_connection(world: World) {
        let (world, caller) = alice(world).await;
        link(&world.auth, &caller.user_id, "one").await.unwrap();
        lose_factors(&world, EMAIL).await;
        let link = wait_for_link(&world, EMAIL).await;
        complete(&world, &link, PASSWORD).await.unwrap();
        assert_eq!(rows(&world).await[0], 0);
    }

    async fn a_new_password_leaves_connections_and_says_so(world: World) {
        let (world, caller) = alice(world).await;
        link(&world.auth, &caller.user_id, "one").await.unwrap();
        ask(&world, EMAIL).await;
        let (link, _) = mailed(&world, EMAIL).await;
        reset(&world, ResetProof::Link(link)).await.unwrap();
        assert_eq!(subjects(&world, &caller.user_id).await, ["one"]);
        let told = mails_of_kind(&world, EMAIL, "password_changed").await;
        assert!(told[0].text.contains("connected accounts"));
        world.try_sign_in(EMAIL, NEW).await.unwrap();
    }

    async fn connections_are_handed_out_to_their_person(world: World) {
        let (world, caller) = alice(world).await;
        let bob = passkeys::signed_in(&world, "bob@example.com").await;
        link(&world.auth, &caller.user_id, "subject-of-alice").await.unwrap();
        link(&world.auth, &bob.user_id, "subject-of-bob").await.unwrap();
        let json = flow::export_data(&world.auth, &caller, &context()).await.unwrap().to_json();
        let connections = json["connections"].as_array().unwrap();
        assert_eq!(connections.len(), 1);
        assert_eq!(connections[0]["subject"], "subject-of-alice");
        assert_eq!(connections[0]["email"], "alice@op.example.com");
        assert!(!json.to_string().contains("subject-of-bob"));
    }

    async fn an_account_takes_its_connections_along_when_it_goes(world: World) {
        // Or housekeeping would forget its tokens before.
        let world = offering(world, vec![ProviderSettings { keeps_tokens: true, ..settings(PROVIDER) }]).await;
        let caller = passkeys::signed_in(&world, EMAIL).await;
        let bob = passkeys::signed_in(&world, "bob@example.com").await;
        let id = link(&world.auth, &caller.user_id, "subject-of-alice").await.unwrap();
        link(&world.auth, &bob.user_id, "subject-of-bob").await.unwrap();
        for (statement, argument) in [
            (
                "INSERT INTO provider_tokens (connection_id, access_sealed, refresh_sealed, scope, failures) \
                 VALUES ($1, 'sealed', '', '', 0)",
                id.as_str(),
            ),
            (
                "INSERT INTO pending_connections (digest, user_id, provider, identity_sealed, created_at, expires_at) \
                 VALUES ('waits', $1, 'example', 'sealed', 1, 9000000000000)",
                caller.user_id.as_str(),
            ),
            (
                "INSERT INTO federation_flows (digest, browser_digest, provider, purpose, session_id, payload_sealed, \
                 created_at, expires_at) VALUES ('flow', 'b', 'example', 'connect', $1, 'sealed', 1, 9000000000000)",
                caller.session_id.as_str(),
            ),
        ] {
            run(&world, statement, argument).await;
        }
        flow::request_deletion(&world.auth, &caller, &context()).await.unwrap();
        world.clock.advance_seconds(14 * DAY);
        world.auth.delete_what_is_over().await.unwrap();
        world.clock.advance_seconds(10 * 60);
        world.auth.delete_what_is_over().await.unwrap();
        assert_eq!(rows(&world).await, [1, 0, 0, 0, 0]);
        let traces = [caller.user_id.as_str(), caller.session_id.as_str(), id.as_str(), "subject-of-alice"];
        let left = everything(&world).await.into_iter();
        let left: Vec<_> = left.filter(|(_, value)| traces.iter().any(|trace| value.contains(trace))).collect();
        assert_eq!(left, []);
    }

    async fn ways_that_nobody_came_back_from_are_forgotten(world: World) {
        for statement in [
            "INSERT INTO federation_flows (digest, browser_digest, provider, purpose, session_id, payload_sealed, \
             created_at, expires_at) VALUES ('flow', 'b', $1, 'sign_in', '', 'sealed', 1, 1800000600000)",
            "INSERT INTO pending_connections (digest, user_id, provider, identity_sealed, created_at, expires_at) \
             VALUES ('waits', '', $1, 'sealed', 1, 1800000600000)",
            "INSERT INTO federation_codes (digest, code_challenge, provider, identity_sealed, expires_at) \
             VALUES ('code', '', $1, 'sealed', 1800000600000)",
        ] {
            run(&world, statement, PROVIDER).await;
        }
        world.clock.advance_seconds(600);
        assert_eq!(world.auth.delete_what_is_over().await.unwrap(), 0, "not before their end");
        world.clock.advance_seconds(1);
        assert_eq!(world.auth.delete_what_is_over().await.unwrap(), 3);
        assert_eq!(rows(&world).await, [0; 5]);
    }
}
