//! Stories of webhooks whose address fails, lies, or leads where it must not.

use crate::support::sms_service::{SmsService, answer};
use crate::support::webhooks::{ADMIN, create, in_at, listener};
use crate::support::{World, context, refusal};
use auth::flow::{self, WebhookOwner};
use auth::outward::{HostNames, LookUp};
use auth::session::Caller;
use auth::view::{DeliveryState, WebhookEnd};
use auth::{ErrorCode, Field, FieldIssue, Result};
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::net::TcpListener;

const DAY: i64 = 24 * 60 * 60;
/// The longest waits, with what is added to them at most.
const WAITS: [i64; 7] = [6, 36, 144, 720, 4320, 25_920, 103_680];

/// Leads to a public address when it is asked first, and to this machine ever after.
struct Rebinding(AtomicUsize);

impl HostNames for Rebinding {
    fn look_up<'a>(&'a self, _: &'a str) -> LookUp<'a> {
        let asked = self.0.fetch_add(1, Ordering::SeqCst);
        let address = if asked == 0 { "93.184.216.34" } else { "127.0.0.1" };
        Box::pin(async move { Ok(vec![address.parse().unwrap()]) })
    }
}

async fn failing(status: &str) -> SmsService {
    SmsService::saying(answer(status, "", "no")).await
}

async fn replay(world: &World, admin: &Caller, ids: (&str, &str)) -> Result<()> {
    flow::replay_delivery(&world.auth, admin, &WebhookOwner::Platform, ids, &context()).await
}

on_both_databases! {
    async fn a_failure_is_tried_again_ever_later_until_it_is_a_dead_letter(world: World) {
        let (world, service) = (world.telling().await, failing("500 Internal Server Error").await);
        let admin = world.administrator(ADMIN).await;
        let webhook = world.platform_webhook(&admin, &service, &["user.created"]).await.item;
        world.test_webhook(&admin, &webhook.id).await;
        for (place, wait) in WAITS.into_iter().enumerate() {
            world.tell_webhooks().await;
            let told = &world.deliveries(&admin, &webhook.id).await[0];
            assert_eq!((told.state, told.attempts), (DeliveryState::Pending, i64::try_from(place).unwrap() + 1));
            assert_eq!((told.last_status, service.heard().len()), (Some(500), place + 1));
            let next = told.next_at.unwrap();
            let least = world.auth.now().plus_seconds(wait * 5 / 6);
            assert!(next >= least && next <= world.auth.now().plus_seconds(wait), "{place}");
            world.clock.advance_seconds(wait * 5 / 6 - 1);
            world.tell_webhooks().await;
            assert_eq!(service.heard().len(), place + 1, "not before");
            world.clock.advance_seconds(wait - wait * 5 / 6 + 1);
        }
        world.tell_webhooks().await;
        let told = &world.deliveries(&admin, &webhook.id).await[0];
        assert_eq!((told.state, told.attempts, told.next_at), (DeliveryState::Dead, 8, None));
        world.clock.advance_seconds(DAY);
        world.tell_webhooks().await;

        let heard = service.heard();
        let of = |name: &str| heard.iter().map(|heard| heard.header(name).to_owned()).collect::<HashSet<_>>().len();
        assert_eq!((heard.len(), of("webhook-id"), of("webhook-timestamp"), of("webhook-signature")), (8, 1, 8, 8));
        let (owner, ids) = (WebhookOwner::Platform, (webhook.id.as_str(), told.id.as_str()));
        let view = flow::show_delivery(&world.auth, &admin, &owner, ids, &context()).await.unwrap();
        assert_eq!((view.tries.len(), view.tries[0].status), (8, Some(500)));
        assert!(view.tries[0].at > view.tries[7].at, "the newest first");
    }

    async fn a_dead_letter_is_replayed_under_its_id(world: World) {
        let (world, service) = (world.telling().await, failing("503 Service Unavailable").await);
        let admin = world.administrator(ADMIN).await;
        let webhook = world.platform_webhook(&admin, &service, &["user.created"]).await.item;
        world.test_webhook(&admin, &webhook.id).await;
        for wait in WAITS {
            world.tell_webhooks().await;
            world.clock.advance_seconds(wait);
        }
        let waiting = world.deliveries(&admin, &webhook.id).await[0].id.0.clone();
        let ids = (webhook.id.as_str(), &*waiting);
        assert_eq!(refusal(replay(&world, &admin, ids).await), ErrorCode::WrongState, "it waits anyway");
        world.tell_webhooks().await;
        assert_eq!(world.deliveries(&admin, &webhook.id).await[0].state, DeliveryState::Dead);
        service.will_answer(answer("200 OK", "", "thanks"));
        replay(&world, &admin, ids).await.unwrap();
        world.tell_webhooks().await;
        let told = &world.deliveries(&admin, &webhook.id).await[0];
        assert_eq!((told.state, told.attempts, told.last_status), (DeliveryState::Delivered, 1, Some(200)));
        let heard = service.heard();
        let named: HashSet<_> = heard.iter().map(|heard| heard.header("webhook-id").to_owned()).collect();
        assert_eq!((heard.len(), named.len()), (9, 1));
        let view = flow::show_delivery(&world.auth, &admin, &WebhookOwner::Platform, ids, &context()).await;
        assert_eq!(view.unwrap().tries.len(), 9);
        assert_eq!(world.count("audit_events WHERE kind = 'webhook.replayed'").await, 1);
    }

    async fn an_address_that_is_gone_is_told_nothing_more(world: World) {
        let (world, service) = (world.telling().await, failing("410 Gone").await);
        let admin = world.administrator(ADMIN).await;
        let webhook = world.platform_webhook(&admin, &service, &["user.created"]).await.item;
        for _ in 0..3 {
            world.test_webhook(&admin, &webhook.id).await;
        }
        world.tell_webhooks().await;
        let off = world.show_webhook(&admin, &webhook.id).await;
        assert_eq!((off.enabled, off.disabled_reason), (false, Some(WebhookEnd::Gone)));
        assert!(service.heard().len() <= 2, "two were on their way at most");
        let told = world.deliveries(&admin, &webhook.id).await;
        assert!(told.iter().all(|told| told.state == DeliveryState::Dead));
        let mails = world.inbox_of(ADMIN).await;
        let mail = mails.iter().find(|mail| mail.kind == "webhook_disabled").unwrap();
        assert!(mail.text.contains("127.0.0.1") && !mail.text.contains("hidden"), "{}", mail.text);
        let link = format!("https://id.example.com/admin/webhooks/{}", webhook.id.as_str());
        assert_eq!(mail.link.as_deref(), Some(&*link));
        assert_eq!(world.count("audit_events WHERE kind = 'webhook.disabled'").await, 1);
    }

    async fn after_five_days_without_an_arrival_a_webhook_is_switched_off(world: World) {
        let (world, service) = (world.telling().await, failing("500 Internal Server Error").await);
        let admin = world.administrator(ADMIN).await;
        let webhook = world.platform_webhook(&admin, &service, &["user.created"]).await.item;
        let since = world.auth.now();
        for day in 0..5 {
            world.test_webhook(&admin, &webhook.id).await;
            world.tell_webhooks().await;
            let item = world.show_webhook(&admin, &webhook.id).await;
            assert_eq!((item.enabled, item.failing_since), (true, Some(since)), "{day}");
            world.clock.advance_seconds(DAY);
        }
        world.test_webhook(&admin, &webhook.id).await;
        world.tell_webhooks().await;
        let off = world.show_webhook(&admin, &webhook.id).await;
        assert_eq!((off.enabled, off.disabled_reason), (false, Some(WebhookEnd::Failing)));
        let mails = world.inbox_of(ADMIN).await;
        assert_eq!(mails.iter().filter(|mail| mail.kind == "webhook_disabled").count(), 1);
    }

    async fn one_arrival_makes_good_for_days_of_failures(world: World) {
        let (world, service) = (world.telling().await, failing("500 Internal Server Error").await);
        let admin = world.administrator(ADMIN).await;
        let webhook = world.platform_webhook(&admin, &service, &["user.created"]).await.item;
        world.test_webhook(&admin, &webhook.id).await;
        world.tell_webhooks().await;
        world.clock.advance_seconds(4 * DAY);
        service.will_answer(answer("200 OK", "", ""));
        world.tell_webhooks().await;
        assert_eq!(world.show_webhook(&admin, &webhook.id).await.failing_since, None);
        service.will_answer(answer("500 Internal Server Error", "", ""));
        world.clock.advance_seconds(2 * DAY);
        world.test_webhook(&admin, &webhook.id).await;
        world.tell_webhooks().await;
        assert!(world.show_webhook(&admin, &webhook.id).await.enabled);
    }

    async fn nobody_is_followed_elsewhere(world: World) {
        let (world, other) = (world.telling().await, listener().await);
        let headers = format!("location: {}\r\n", in_at(&other));
        let service = SmsService::saying(answer("307 Temporary Redirect", &headers, "")).await;
        let admin = world.administrator(ADMIN).await;
        let webhook = world.platform_webhook(&admin, &service, &["user.created"]).await.item;
        world.test_webhook(&admin, &webhook.id).await;
        world.tell_webhooks().await;
        let told = &world.deliveries(&admin, &webhook.id).await[0];
        assert_eq!((told.state, told.last_status), (DeliveryState::Pending, Some(307)));
        assert_eq!((service.heard().len(), other.heard().len()), (1, 0));
    }

    async fn a_long_answer_is_no_failure_and_a_dead_address_is_one(world: World) {
        let long = "x".repeat(4 * 1024 * 1024);
        let (world, service) = (world.telling().await, SmsService::saying(answer("200 OK", "", &long)).await);
        let admin = world.administrator(ADMIN).await;
        let webhook = world.platform_webhook(&admin, &service, &["user.created"]).await.item;
        world.test_webhook(&admin, &webhook.id).await;
        let owner = WebhookOwner::Platform;
        // A port that somebody had a moment ago.
        let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let address = format!("http://{gone}/in?key=hidden");
        let dead = create(&world.auth, &admin, &owner, &address, &["*"]).await.unwrap().item;
        world.test_webhook(&admin, &dead.id).await;
        world.tell_webhooks().await;
        assert_eq!(world.deliveries(&admin, &webhook.id).await[0].state, DeliveryState::Delivered);
        let told = &world.deliveries(&admin, &dead.id).await[0];
        assert_eq!((told.state, told.last_status), (DeliveryState::Pending, None));
        let error = told.last_error.as_deref().unwrap();
        assert!(!error.is_empty() && !error.contains("hidden"), "{error}");
    }

    async fn private_addresses_are_refused_when_a_webhook_is_made(world: World) {
        let admin = world.administrator(ADMIN).await;
        for (url, issue) in [
            ("https://127.0.0.1/", FieldIssue::PrivateAddress),
            ("https://2130706433/", FieldIssue::PrivateAddress),
            ("https://[::ffff:10.0.0.1]/", FieldIssue::PrivateAddress),
            ("https://169.254.169.254/latest/meta-data", FieldIssue::PrivateAddress),
            ("https://localhost/", FieldIssue::PrivateAddress),
            ("http://hooks.example.com/", FieldIssue::InvalidUrl),
            ("https://user:secret@hooks.example.com/", FieldIssue::InvalidUrl),
            ("", FieldIssue::Required),
        ] {
            let made = create(&world.auth, &admin, &WebhookOwner::Platform, url, &["*"]).await;
            let refusal = made.err().unwrap().refusal();
            assert_eq!((refusal.code, refusal.issue(Field::Url)), (ErrorCode::InvalidFields, Some(issue)), "{url}");
        }
        assert_eq!(world.count("webhooks").await, 0);
    }

    async fn a_name_that_changes_its_mind_leads_nowhere(world: World) {
        let machine = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://rebinding.example.com:{}/", machine.local_addr().unwrap().port());
        let clock = Arc::clone(&world.clock);
        let names = Arc::new(Rebinding(AtomicUsize::new(0)));
        let heard = Arc::clone(&names);
        let auth = world.another_node_with(&clock, |settings| settings.webhooks.names = names).await.unwrap();
        let world = World { auth, ..world };
        let admin = world.administrator(ADMIN).await;
        let webhook = create(&world.auth, &admin, &WebhookOwner::Platform, &url, &["*"]).await.unwrap().item;
        world.test_webhook(&admin, &webhook.id).await;
        world.tell_webhooks().await;
        let told = world.deliveries(&admin, &webhook.id).await;
        let error = told[0].last_error.as_deref().unwrap();
        assert!(error.contains("private address"), "{error}");
        assert!(heard.0.load(Ordering::SeqCst) >= 2, "it was asked again");
        let knock = tokio::time::timeout(std::time::Duration::from_millis(100), machine.accept()).await;
        assert!(knock.is_err(), "nobody came");
    }
}
