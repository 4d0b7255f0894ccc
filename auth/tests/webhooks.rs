//! Stories of webhooks: what arrives, with which signature, once, and for whom.

use crate::support::sms_service::{SmsService, answer};
use crate::support::webhooks::{ADMIN, create, in_at, is_signed_with, listener};
use crate::support::{World, context, refusal};
use auth::flow::{self, WebhookOwner};
use auth::form::WebhookChangeForm;
use auth::view::{DeliveryState, WebhookEnd};
use auth::webhook::WebhookKinds;
use auth::{ErrorCode, Field, FieldIssue};
use serde_json::Value;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

const DAY: i64 = 24 * 60 * 60;

on_both_databases! {
    async fn an_event_arrives_once_with_a_signature_that_others_verify(world: World) {
        let (world, service) = (world.telling().await, listener().await);
        let admin = world.administrator(ADMIN).await;
        world.create_account("early@example.com").await;
        let webhook = world.platform_webhook(&admin, &service, &["user.created"]).await;
        world.clock.advance_seconds(7);
        world.create_account("bob@example.com").await;
        world.sign_in("bob@example.com").await;
        world.tell_webhooks().await;
        world.tell_webhooks().await;

        let heard = service.heard();
        assert_eq!(heard.len(), 1, "neither what was before, nor what was not chosen, nor twice: {heard:?}");
        let (heard, at) = (&heard[0], world.auth.now());
        assert_eq!(heard.line, "POST /in?key=hidden HTTP/1.1");
        assert_eq!(heard.header("content-type"), "application/json");
        assert_eq!(heard.header("webhook-timestamp"), at.seconds().to_string());
        assert!(is_signed_with(heard, &webhook.secret));
        let other = world.platform_webhook(&admin, &service, &["user.created"]).await.secret;
        assert!(!is_signed_with(heard, &other));

        let body: Value = serde_json::from_str(&heard.body).unwrap();
        let bob = world.user("bob@example.com").await.unwrap().id;
        assert_eq!((&body["type"], &body["timestamp"]), (&"user.created".into(), &"2027-01-15T08:00:08Z".into()));
        assert_eq!((&body["data"]["subject_id"], &body["data"]["outcome"]), (&bob.as_str().into(), &"done".into()));
        for secret in ["bob@example.com", "192.0.2.1", "Firefox"] {
            assert!(!heard.body.contains(secret), "{secret} in {}", heard.body);
        }
        let told = world.deliveries(&admin, &webhook.item.id).await;
        assert_eq!((told.len(), told[0].state, told[0].last_status), (1, DeliveryState::Delivered, Some(204)));
        assert_eq!((told[0].id.as_str(), told[0].delivered_at), (heard.header("webhook-id"), Some(at)));
        assert_eq!(body["data"]["event_id"], told[0].event_id);
    }

    async fn two_nodes_tell_each_event_once(world: World) {
        let (world, service) = (world.telling().await, listener().await);
        let admin = world.administrator(ADMIN).await;
        world.platform_webhook(&admin, &service, &["user.created", "sign_up.*"]).await;
        for number in 0..12 {
            world.create_account(&format!("person{number}@example.com")).await;
        }
        world.auth.seal_audit_log().await.unwrap();
        let clock = Arc::clone(&world.clock);
        let set = |settings: &mut auth::settings::Settings| settings.webhooks.private_addresses = true;
        let nodes = [world.auth.clone(), world.another_node_with(&clock, set).await.unwrap()];
        let tasks = nodes.map(|node| {
            tokio::spawn(async move {
                // One of two that read the log at once may have to begin anew.
                for _ in 0..40 {
                    let _ = node.feed_webhooks().await;
                    node.deliver_webhooks().await.unwrap();
                }
            })
        });
        for task in tasks {
            task.await.unwrap();
        }
        world.tell_webhooks().await;
        let heard = service.heard();
        let ids: HashSet<_> = heard.iter().map(|heard| heard.header("webhook-id").to_owned()).collect();
        assert_eq!((heard.len(), ids.len()), (24, 24));
    }

    async fn a_slow_address_has_two_requests_at_most_and_holds_up_no_other(world: World) {
        let (world, silent, quick) = (world.telling().await, SmsService::saying(None).await, listener().await);
        let admin = world.administrator(ADMIN).await;
        for service in [&silent, &quick] {
            world.platform_webhook(&admin, service, &["user.created"]).await;
        }
        for number in 0..3 {
            world.create_account(&format!("person{number}@example.com")).await;
        }
        world.feed_webhooks().await;
        let looks: Vec<_> = (0..4)
            .map(|_| {
                let auth = world.auth.clone();
                tokio::spawn(async move { auth.deliver_webhooks().await })
            })
            .collect();
        for _ in 0..100 {
            tokio::time::sleep(Duration::from_millis(20)).await;
            let auth = world.auth.clone();
            drop(tokio::spawn(async move { auth.deliver_webhooks().await }));
            if quick.heard().len() == 3 {
                break;
            }
        }
        assert_eq!((quick.heard().len(), silent.heard().len()), (3, 2));
        for look in looks {
            look.abort();
        }
    }

    async fn a_new_secret_signs_beside_the_old_one_for_a_day(world: World) {
        let (world, service) = (world.telling().await, listener().await);
        let admin = world.administrator(ADMIN).await;
        let webhook = world.platform_webhook(&admin, &service, &["*"]).await;
        let (id, owner) = (&webhook.item.id, WebhookOwner::Platform);
        let rotated = flow::rotate_webhook_secret(&world.auth, &admin, &owner, id.as_str(), &context()).await.unwrap();
        assert_eq!(rotated.old_secret_until, world.auth.now().plus_seconds(DAY));
        assert_eq!(world.show_webhook(&admin, id).await.old_secret_until, Some(rotated.old_secret_until));
        world.test_webhook(&admin, id).await;
        world.tell_webhooks().await;
        let first = service.heard();
        assert!(first.iter().all(|heard| is_signed_with(heard, &webhook.secret)));
        assert!(first.iter().all(|heard| is_signed_with(heard, &rotated.secret)));

        world.clock.advance_seconds(DAY);
        world.test_webhook(&admin, id).await;
        world.tell_webhooks().await;
        let later = &service.heard()[first.len()..];
        assert!(!later.is_empty() && later.iter().all(|heard| is_signed_with(heard, &rotated.secret)));
        assert!(!later.iter().any(|heard| is_signed_with(heard, &webhook.secret)));
        assert_eq!(world.show_webhook(&admin, id).await.old_secret_until, None);
    }

    async fn a_webhook_is_changed_switched_off_and_removed(world: World) {
        let (world, one, two) = (world.telling().await, listener().await, listener().await);
        let admin = world.administrator(ADMIN).await;
        let webhook = world.platform_webhook(&admin, &one, &["user.created"]).await.item;
        let (owner, id) = (WebhookOwner::Platform, webhook.id.as_str());
        let change = |form: WebhookChangeForm| {
            let (auth, admin, owner) = (&world.auth, &admin, &owner);
            async move { flow::change_webhook(auth, admin, owner, id, &form, &context()).await }
        };
        let moved = WebhookChangeForm {
            url: Some(in_at(&two)),
            kinds: Some(vec!["webhook.test".into(), "user.*".into()]),
            enabled: None,
        };
        assert_eq!(
            change(moved).await.unwrap_err().refusal().issue(Field::Kinds),
            Some(FieldIssue::Unknown),
            "no line of the log is a test"
        );
        let moved = WebhookChangeForm {
            url: Some(in_at(&two)),
            kinds: Some(vec!["user.*".into()]),
            enabled: Some(false),
        };
        let off = change(moved).await.unwrap();
        assert_eq!((off.url, off.kinds), (in_at(&two), WebhookKinds::from_text("user.*")));
        assert_eq!((off.enabled, off.disabled_reason), (false, Some(WebhookEnd::Manual)));
        world.create_account("bob@example.com").await;
        world.tell_webhooks().await;
        assert_eq!(refusal(flow::test_webhook(&world.auth, &admin, &owner, id, &context()).await), ErrorCode::WrongState);

        world.clock.advance_seconds(1);
        let on = change(WebhookChangeForm { enabled: Some(true), ..WebhookChangeForm::default() }).await.unwrap();
        assert!(on.enabled && on.disabled_reason.is_none());
        world.create_account("carol@example.com").await;
        world.tell_webhooks().await;
        assert_eq!((one.heard().len(), two.heard().len()), (0, 1), "what happened meanwhile is not told");

        flow::remove_webhook(&world.auth, &admin, &owner, id, &context()).await.unwrap();
        assert_eq!((world.count("webhooks").await, world.count("webhook_deliveries").await), (0, 0));
        let again = flow::remove_webhook(&world.auth, &admin, &owner, id, &context()).await;
        assert_eq!(refusal(again), ErrorCode::NotFound);
        let lines = "audit_events WHERE kind IN ('webhook.created', 'webhook.changed', 'webhook.removed')";
        assert_eq!(world.count(lines).await, 4);
    }

    async fn nobody_reads_a_secret_again(world: World) {
        let (world, service) = (world.telling().await, listener().await);
        let admin = world.administrator(ADMIN).await;
        let webhook = world.platform_webhook(&admin, &service, &["*"]).await;
        let (owner, id) = (WebhookOwner::Platform, webhook.item.id.as_str());
        flow::rotate_webhook_secret(&world.auth, &admin, &owner, id, &context()).await.unwrap();
        world.tell_webhooks().await;
        let list = flow::list_webhooks(&world.auth, &admin, &owner, &context()).await.unwrap();
        assert!(!serde_json::to_string(&list).unwrap().contains("whsec_"));
        for found in [
            "webhooks WHERE secret_sealed LIKE '%whsec%' OR old_secret_sealed LIKE '%whsec%'",
            "webhook_deliveries WHERE payload LIKE '%whsec%' OR tries LIKE '%whsec%'",
            "audit_events WHERE COALESCE(changes, '') LIKE '%whsec%' OR COALESCE(changes, '') LIKE '%hidden%'",
        ] {
            assert_eq!(world.count(found).await, 0, "{found}");
        }
    }

    async fn what_was_told_is_forgotten_after_a_month(world: World) {
        let (world, service) = (world.telling().await, listener().await);
        let admin = world.administrator(ADMIN).await;
        let webhook = world.platform_webhook(&admin, &service, &["user.created"]).await;
        world.test_webhook(&admin, &webhook.item.id).await;
        world.tell_webhooks().await;
        world.clock.advance_seconds(30 * DAY);
        world.auth.delete_what_is_over().await.unwrap();
        assert_eq!(world.count("webhook_deliveries").await, 1);
        world.clock.advance_seconds(1);
        world.auth.delete_what_is_over().await.unwrap();
        assert_eq!((world.count("webhook_deliveries").await, world.count("webhooks").await), (0, 1));
    }

    async fn a_long_list_of_deliveries_comes_in_pages_and_by_state(world: World) {
        let (world, service) = (world.telling().await, listener().await);
        let admin = world.administrator(ADMIN).await;
        let webhook = world.platform_webhook(&admin, &service, &["user.created"]).await.item;
        for number in 0..60 {
            if number % 10 == 0 {
                world.clock.advance_seconds(61);
            }
            world.test_webhook(&admin, &webhook.id).await;
        }
        world.tell_webhooks().await;
        service.will_answer(answer("500 Internal Server Error", "", ""));
        world.clock.advance_seconds(61);
        world.test_webhook(&admin, &webhook.id).await;
        world.tell_webhooks().await;
        let (owner, id) = (WebhookOwner::Platform, webhook.id.as_str());
        let list = |state, after| {
            let (auth, admin, owner) = (&world.auth, &admin, &owner);
            async move { flow::list_deliveries(auth, admin, owner, id, state, after, &context()).await.unwrap() }
        };
        let first = list(None, None).await;
        let second = list(None, first.next.clone()).await;
        assert_eq!((first.items.len(), second.items.len(), second.next), (50, 11, None));
        let ids: HashSet<_> = first.items.iter().chain(&second.items).map(|item| item.id.clone()).collect();
        assert_eq!(ids.len(), 61);
        assert_eq!(list(Some(DeliveryState::Pending), None).await.items.len(), 1);
        assert_eq!(list(Some(DeliveryState::Dead), None).await.items.len(), 0);
    }

    async fn ten_tests_in_a_minute_are_enough(world: World) {
        let (world, service) = (world.telling().await, listener().await);
        let admin = world.administrator(ADMIN).await;
        let webhook = world.platform_webhook(&admin, &service, &["user.created"]).await.item;
        for _ in 0..10 {
            world.test_webhook(&admin, &webhook.id).await;
        }
        let (owner, id) = (WebhookOwner::Platform, webhook.id.as_str());
        assert_eq!(refusal(flow::test_webhook(&world.auth, &admin, &owner, id, &context()).await), ErrorCode::TooSoon);
        world.clock.advance_seconds(60);
        world.test_webhook(&admin, &webhook.id).await;
    }

    async fn twenty_are_enough_also_when_two_come_at_once(world: World) {
        let (world, service) = (world.telling().await, listener().await);
        let admin = world.administrator(ADMIN).await;
        for _ in 0..19 {
            world.platform_webhook(&admin, &service, &["*"]).await;
        }
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let (auth, admin, url) = (world.auth.clone(), admin.clone(), in_at(&service));
                tokio::spawn(async move { create(&auth, &admin, &WebhookOwner::Platform, &url, &["*"]).await })
            })
            .collect();
        let mut made = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(_) => made += 1,
                Err(error) => assert_eq!(error.refusal().code, ErrorCode::TooMany),
            }
        }
        assert_eq!((made, world.count("webhooks").await), (1, 20));
    }
}
