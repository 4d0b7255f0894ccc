//! Stories of the operator's list of hosts: a webhook is made at hosts on it alone, and one whose host was taken off hears
//! nothing more.

use crate::support::sms_service::SmsService;
use crate::support::webhooks::{ADMIN, create, in_at, listener};
use crate::support::{World, context};
use auth::flow::{self, WebhookOwner};
use auth::form::WebhookChangeForm;
use auth::id::WebhookId;
use auth::session::Caller;
use auth::view::{DeliveryState, WebhookItem};
use auth::webhook::HOST_NOT_ALLOWED;
use auth::{ErrorCode, Field, FieldIssue, Result};

/// As the list names the place of a service.
fn host(service: &SmsService) -> &str {
    service.base.trim_start_matches("http://")
}

/// What was wrong with the address.
fn url_issue<T>(result: Result<T>) -> Option<FieldIssue> {
    let refusal = result.err()?.refusal();
    assert_eq!(refusal.code, ErrorCode::InvalidFields);
    refusal.issue(Field::Url)
}

async fn change(world: &World, admin: &Caller, id: &WebhookId, form: WebhookChangeForm) -> Result<WebhookItem> {
    flow::change_webhook(&world.auth, admin, &WebhookOwner::Platform, id.as_str(), &form, &context()).await
}

on_both_databases! {
    async fn an_organization_has_webhooks_at_hosts_that_the_operator_allows(world: World) {
        let (service, other) = (listener().await, listener().await);
        let world = world.allowing(&format!("hooks.example.com, {}", host(&service))).await;
        let alice = world.signed_in_person("alice@example.com").await;
        let owner = WebhookOwner::Organization(world.organization_with("a", &[(&alice, "owner")]).await);
        for url in [&*in_at(&other), "https://93.184.216.34/", "https://hooks.example.com:8443/", "https://localhost/"] {
            let made = create(&world.auth, &alice, &owner, url, &["*"]).await;
            assert_eq!(url_issue(made), Some(FieldIssue::HostNotAllowed), "{url}");
        }
        assert_eq!(world.count("webhooks").await, 0);
        create(&world.auth, &alice, &owner, &in_at(&service), &["*"]).await.unwrap();
        world.tell_webhooks().await;
        assert_eq!((service.heard().is_empty(), other.heard().len()), (false, 0));
    }

    async fn without_a_list_there_is_no_webhook(world: World) {
        let service = listener().await;
        let world = world.allowing("").await;
        let admin = world.administrator(ADMIN).await;
        let made = create(&world.auth, &admin, &WebhookOwner::Platform, &in_at(&service), &["*"]).await;
        assert_eq!(url_issue(made), Some(FieldIssue::HostNotAllowed));
    }

    async fn a_host_that_was_taken_off_the_list_hears_nothing_more(world: World) {
        let (service, other) = (listener().await, listener().await);
        let world = world.allowing(host(&service)).await;
        let admin = world.administrator(ADMIN).await;
        let webhook = world.platform_webhook(&admin, &service, &["user.created"]).await.item;
        world.test_webhook(&admin, &webhook.id).await;
        world.tell_webhooks().await;
        assert_eq!(service.heard().len(), 1);

        let world = world.allowing(host(&other)).await;
        world.clock.advance_seconds(1);
        world.test_webhook(&admin, &webhook.id).await;
        world.tell_webhooks().await;
        let told = world.deliveries(&admin, &webhook.id).await.remove(0);
        assert_eq!((told.state, told.attempts, told.next_at), (DeliveryState::Dead, 1, None), "it is not tried again");
        assert_eq!((told.last_status, told.last_error.as_deref()), (None, Some(HOST_NOT_ALLOWED)));
        assert_eq!(service.heard().len(), 1, "nobody came");
        assert!(world.show_webhook(&admin, &webhook.id).await.enabled);

        let world = world.allowing(host(&service)).await;
        let (owner, ids) = (WebhookOwner::Platform, (webhook.id.as_str(), told.id.as_str()));
        flow::replay_delivery(&world.auth, &admin, &owner, ids, &context()).await.unwrap();
        world.tell_webhooks().await;
        assert_eq!(world.deliveries(&admin, &webhook.id).await[0].state, DeliveryState::Delivered);
        assert_eq!(service.heard().len(), 2, "back on the list it is told");
    }

    async fn a_webhook_moves_to_hosts_of_the_list_and_is_switched_on_there_alone(world: World) {
        let (service, other) = (listener().await, listener().await);
        let world = world.allowing(host(&service)).await;
        let admin = world.administrator(ADMIN).await;
        let webhook = world.platform_webhook(&admin, &service, &["user.created"]).await.item;
        let moved = || WebhookChangeForm { url: Some(in_at(&other)), ..WebhookChangeForm::default() };
        let switched = |enabled| WebhookChangeForm { enabled: Some(enabled), ..WebhookChangeForm::default() };
        let refused = change(&world, &admin, &webhook.id, moved()).await;
        assert_eq!(url_issue(refused), Some(FieldIssue::HostNotAllowed));
        change(&world, &admin, &webhook.id, switched(false)).await.unwrap();

        let world = world.allowing(host(&other)).await;
        let refused = change(&world, &admin, &webhook.id, switched(true)).await;
        assert_eq!(url_issue(refused), Some(FieldIssue::HostNotAllowed));
        let shown = world.show_webhook(&admin, &webhook.id).await;
        assert_eq!((shown.enabled, &shown.url), (false, &webhook.url));
        change(&world, &admin, &webhook.id, moved()).await.unwrap();
        assert!(change(&world, &admin, &webhook.id, switched(true)).await.unwrap().enabled);
    }
}
