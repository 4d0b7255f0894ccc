//! Stories of who may have webhooks, and what those of an organization hear.

use crate::support::webhooks::{ADMIN, create, in_at, listener};
use crate::support::{World, context, email, refusal};
use auth::flow::{self, WebhookOwner};
use auth::form::WebhookChangeForm;
use auth::organization::ClosingReason;
use auth::session::Caller;
use auth::{Auth, ErrorCode, Role};
use serde_json::Value;
use std::collections::HashSet;

const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

/// How everything that can be asked about a webhook is refused.
async fn asked(auth: &Auth, caller: &Caller, owner: &WebhookOwner, id: &str) -> Vec<ErrorCode> {
    let mut codes = asked_about_one(auth, caller, owner, id).await;
    codes.push(refusal(flow::list_webhooks(auth, caller, owner, &context()).await));
    codes.push(refusal(create(auth, caller, owner, "", &[]).await));
    codes
}

/// The same, without what asks for no webhook.
async fn asked_about_one(auth: &Auth, caller: &Caller, owner: &WebhookOwner, id: &str) -> Vec<ErrorCode> {
    let (context, change) = (context(), WebhookChangeForm::default());
    vec![
        refusal(flow::show_webhook(auth, caller, owner, id, &context).await),
        refusal(flow::list_deliveries(auth, caller, owner, id, None, None, &context).await),
        refusal(flow::show_delivery(auth, caller, owner, (id, ID), &context).await),
        refusal(flow::change_webhook(auth, caller, owner, id, &change, &context).await),
        refusal(flow::rotate_webhook_secret(auth, caller, owner, id, &context).await),
        refusal(flow::remove_webhook(auth, caller, owner, id, &context).await),
        refusal(flow::replay_delivery(auth, caller, owner, (id, ID), &context).await),
        refusal(flow::test_webhook(auth, caller, owner, id, &context).await),
    ]
}

on_both_databases! {
    async fn an_organization_hears_of_itself_alone(world: World) {
        let world = world.telling().await;
        let admin = world.administrator(ADMIN).await;
        let (alice, bob) = (world.signed_in_person("alice@example.com").await, world.signed_in_person("bob@example.com").await);
        let (a, b) = (world.organization_with("a", &[(&alice, "owner")]).await, world.organization_with("b", &[(&bob, "owner")]).await);
        let (all, at_a, at_b) = (listener().await, listener().await, listener().await);
        world.platform_webhook(&admin, &all, &["*"]).await;
        for (caller, organization, service) in [(&alice, &a, &at_a), (&bob, &b, &at_b)] {
            let owner = WebhookOwner::Organization(organization.clone());
            let made = create(&world.auth, caller, &owner, &in_at(service), &["*"]).await.unwrap();
            flow::test_webhook(&world.auth, caller, &owner, made.item.id.as_str(), &context()).await.unwrap();
        }
        world.sign_in("alice@example.com").await;
        world.tell_webhooks().await;
        for (service, organization) in [(&at_a, &a), (&at_b, &b)] {
            let heard: Vec<Value> =
                service.heard().iter().map(|heard| serde_json::from_str(&heard.body).unwrap()).collect();
            let mut kinds: Vec<_> = heard.iter().map(|body| body["type"].as_str().unwrap()).collect();
            kinds.sort_unstable();
            assert_eq!(kinds, ["webhook.created", "webhook.test", "webhook.tested"]);
            assert!(heard.iter().all(|body| body["data"]["organization_id"] == organization.as_str()));
        }
        let everything: Vec<_> = all.heard().into_iter().map(|heard| heard.body).collect();
        assert!(everything.iter().any(|body| body.contains("session.started")));
        assert_eq!(everything.iter().filter(|body| body.contains("webhook.tested")).count(), 2);
    }

    async fn webhooks_of_others_are_as_good_as_none(world: World) {
        let world = world.telling().await;
        let admin = world.administrator(ADMIN).await;
        let (alice, bob) = (world.signed_in_person("alice@example.com").await, world.signed_in_person("bob@example.com").await);
        let viewer = world.signed_in_person("vera@example.com").await;
        let a = WebhookOwner::Organization(world.organization_with("a", &[(&alice, "owner"), (&viewer, "viewer")]).await);
        let b = WebhookOwner::Organization(world.organization_with("b", &[(&bob, "owner")]).await);
        let service = listener().await;
        let of_b = create(&world.auth, &bob, &b, &in_at(&service), &["*"]).await.unwrap().item.id;
        let of_platform = world.platform_webhook(&admin, &service, &["*"]).await.item.id;

        for id in [of_b.as_str(), of_platform.as_str(), ID] {
            // The list is her own, and making one needs no other: its fields are at fault.
            let codes = asked_about_one(&world.auth, &alice, &a, id).await;
            assert!(codes.iter().all(|code| *code == ErrorCode::NotFound), "{id}: {codes:?}");
        }
        for id in ["", "x", "\0", &"x".repeat(60_000)] {
            let codes = asked_about_one(&world.auth, &alice, &a, id).await;
            assert!(codes.iter().all(|code| *code == ErrorCode::MalformedRequest), "{id:.20}: {codes:?}");
        }
        let id = of_b.as_str();
        assert_eq!(asked(&world.auth, &alice, &b, id).await, [ErrorCode::NotFound; 10], "no member");
        assert_eq!(asked(&world.auth, &admin, &b, id).await, [ErrorCode::NotFound; 10], "nor is the administrator");
        assert_eq!(asked(&world.auth, &viewer, &a, id).await, [ErrorCode::Forbidden; 10], "a member who may not");
        assert_eq!(asked(&world.auth, &alice, &WebhookOwner::Platform, id).await, [ErrorCode::NotFound; 10]);
        assert_eq!(refusal(WebhookOwner::of_organization("x")), ErrorCode::MalformedRequest);
        assert_eq!(world.count("webhooks").await, 2, "nothing was done");
    }

    async fn an_auditor_sees_the_webhooks_of_the_platform_and_changes_none(world: World) {
        let (world, service) = (world.telling().await, listener().await);
        let admin = world.administrator(ADMIN).await;
        let webhook = world.platform_webhook(&admin, &service, &["*"]).await.item;
        let (owner, id) = (WebhookOwner::Platform, webhook.id.as_str());
        let auditor = world.signed_in_person("otto@example.com").await;
        for (role, sees) in [(Role::Auditor, true), (Role::Support, false), (Role::User, false)] {
            flow::set_role(&world.auth, &email("otto@example.com"), role, &context()).await.unwrap();
            let list = flow::list_webhooks(&world.auth, &auditor, &owner, &context()).await;
            assert_eq!(list.is_ok(), sees, "{role:?}");
            let removed = flow::remove_webhook(&world.auth, &auditor, &owner, id, &context()).await;
            assert_eq!(refusal(removed), ErrorCode::NotFound, "{role:?}");
        }
    }

    async fn a_secret_or_an_address_takes_a_fresh_proof(world: World) {
        let (world, service) = (world.telling().await, listener().await);
        let admin = world.administrator(ADMIN).await;
        let webhook = world.platform_webhook(&admin, &service, &["*"]).await.item;
        world.clock.advance_seconds(15 * 60);
        let (owner, id) = (WebhookOwner::Platform, webhook.id.as_str());
        let made = create(&world.auth, &admin, &owner, &in_at(&service), &["*"]).await;
        let rotated = flow::rotate_webhook_secret(&world.auth, &admin, &owner, id, &context()).await;
        let change = |url: String| WebhookChangeForm { url: Some(url), ..WebhookChangeForm::default() };
        let (elsewhere, same) = (change(format!("{}&more", in_at(&service))), change(in_at(&service)));
        let moved = flow::change_webhook(&world.auth, &admin, &owner, id, &elsewhere, &context()).await;
        let refused = [refusal(made), refusal(rotated), refusal(moved)];
        assert_eq!(refused, [ErrorCode::ReauthenticationRequired; 3]);
        assert!(flow::change_webhook(&world.auth, &admin, &owner, id, &same, &context()).await.is_ok(), "it stays there");
    }

    async fn an_organization_that_is_closed_hears_nothing(world: World) {
        let (world, service) = (world.telling().await, listener().await);
        let admin = world.administrator(ADMIN).await;
        let alice = world.signed_in_person("alice@example.com").await;
        let id = world.organization_with("a", &[(&alice, "owner")]).await;
        let owner = WebhookOwner::Organization(id.clone());
        let webhook = create(&world.auth, &alice, &owner, &in_at(&service), &["*"]).await.unwrap().item;
        world.tell_webhooks().await;
        let heard = service.heard().len();
        // One that waits when it is closed, and what happens to it while it is.
        flow::test_webhook(&world.auth, &alice, &owner, webhook.id.as_str(), &context()).await.unwrap();
        world.feed_webhooks().await;
        let waiting = world.count("webhook_deliveries WHERE state = 'pending'").await;
        assert_eq!(waiting, 2, "the test, and that there was one");
        let reason = ClosingReason::parse("It sends spam.").unwrap();
        flow::close_organization(&world.auth, &admin, id.as_str(), &reason, &context()).await.unwrap();
        world.tell_webhooks().await;
        assert_eq!(service.heard().len(), heard);
        assert_eq!(world.count("webhook_deliveries WHERE state = 'pending'").await, waiting);
        flow::reopen_organization(&world.auth, &admin, id.as_str(), &context()).await.unwrap();
        world.tell_webhooks().await;
        let kinds: Vec<_> = service.heard().iter().skip(heard).map(|heard| {
            serde_json::from_str::<Value>(&heard.body).unwrap()["type"].as_str().unwrap().to_owned()
        }).collect();
        assert_eq!(kinds.len(), usize::try_from(waiting).unwrap() + 1, "{kinds:?}");
        assert!(!kinds.iter().any(|kind| kind == "admin.organization_closed"), "{kinds:?}");
    }

    async fn webhooks_have_their_turns_in_no_order(world: World) {
        let (world, service) = (world.telling().await, listener().await);
        let admin = world.administrator(ADMIN).await;
        for _ in 0..6 {
            let webhook = world.platform_webhook(&admin, &service, &["user.created"]).await.item;
            world.test_webhook(&admin, &webhook.id).await;
        }
        let mut first = HashSet::new();
        for _ in 0..40 {
            let due = world.auth.store().webhooks_with_due_deliveries(world.auth.now(), 2).await.unwrap();
            assert_eq!(due.len(), 6);
            first.insert(due[0].as_str().to_owned());
        }
        assert!(first.len() > 1, "the same one comes first each time");
        // One that has as many on their way as it may is not looked at, however much waits for it.
        world.run_statement("UPDATE webhook_deliveries SET claimed_until = 9000000000000000000 \
            WHERE webhook_id = (SELECT w.id FROM webhooks w ORDER BY w.created_at LIMIT 1)").await;
        world.run_statement("INSERT INTO webhook_deliveries (id, webhook_id, event_id, kind, payload, state, attempts, \
            next_at, claimed_until, tries, created_at) SELECT 'another', d.webhook_id, 'another', d.kind, d.payload, \
            d.state, 0, d.next_at, 0, '[]', d.created_at FROM webhook_deliveries d WHERE d.claimed_until > 0").await;
        for (at_once, due) in [(1, 5), (2, 6)] {
            let found = world.auth.store().webhooks_with_due_deliveries(world.auth.now(), at_once).await.unwrap();
            assert_eq!(found.len(), due);
        }
    }

    async fn webhooks_go_with_their_organization(world: World) {
        let (world, service) = (world.telling().await, listener().await);
        let alice = world.signed_in_person("alice@example.com").await;
        let owner = WebhookOwner::Organization(world.organization_with("a", &[(&alice, "owner")]).await);
        create(&world.auth, &alice, &owner, &in_at(&service), &["*"]).await.unwrap();
        world.tell_webhooks().await;
        assert_eq!(world.count("webhook_deliveries").await, 1);
        world.run_statement("DELETE FROM memberships").await;
        world.run_statement("DELETE FROM organizations").await;
        assert_eq!((world.count("webhooks").await, world.count("webhook_deliveries").await), (0, 0));
    }
}
