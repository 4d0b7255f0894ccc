//! Stories of what a request leaves to be done later: it names the request.

use crate::support::webhooks::{ADMIN, listener};
use crate::support::{START, World};
use auth::request_id::within_request;
use auth::store::Priority;
use sqlx::{AnyConnection, Connection, Row};

on_both_databases! {
    async fn a_mail_names_the_request_that_promised_it(world: World) {
        within_request("0123456789abcdef".to_owned(), world.sign_up("alice@example.com")).await.unwrap();
        // By the command line, or by the clock.
        world.sign_up("bob@example.com").await.unwrap();
        let until = START.plus_seconds(40);
        let claimed = world.auth.store().claim_jobs(Priority::Last, START, until, 16).await.unwrap();
        let mut named: Vec<Option<&str>> = claimed.iter().map(|job| job.request_id.as_deref()).collect();
        named.sort_unstable();
        assert_eq!(named, [None, Some("0123456789abcdef")]);
    }

    async fn what_a_webhook_is_told_names_the_request_of_its_event(world: World) {
        let (world, service) = (world.telling().await, listener().await);
        let admin = world.administrator(ADMIN).await;
        world.platform_webhook(&admin, &service, &["user.created"]).await;
        world.clock.advance_seconds(7);
        world.create_account("carol@example.com").await;
        world.tell_webhooks().await;
        assert_eq!(service.heard().len(), 1);
        let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
        let asked = "SELECT d.request_id AS told, a.request_id AS noted FROM webhook_deliveries d, audit_events a \
                     WHERE a.id = d.event_id";
        let row = sqlx::query(asked).fetch_one(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        let (told, noted): (String, String) = (row.try_get("told").unwrap(), row.try_get("noted").unwrap());
        assert_eq!((told.as_str(), noted), ("test", told.clone()));
    }

    async fn what_waits_is_counted_by_kind_with_its_age(world: World) {
        let (before, dead) = world.auth.waiting_work().await.unwrap();
        assert!(before.iter().all(|(_, waiting)| waiting.all == 0) && dead == 0);
        world.sign_up("dave@example.com").await.unwrap();
        world.clock.advance_seconds(90);
        let (work, dead) = world.auth.waiting_work().await.unwrap();
        let mails = work.iter().find(|(kind, _)| kind.as_str() == "mail").map(|(_, waiting)| *waiting).unwrap();
        assert_eq!((mails.all, mails.due, mails.oldest_ms, dead), (1, 1, 90_000, 0));
        world.inbox().await;
        let (work, _) = world.auth.waiting_work().await.unwrap();
        assert!(work.iter().all(|(_, waiting)| waiting.all == 0), "they were delivered");
    }

    async fn ways_in_and_refreshes_are_counted_by_what_they_led_to(world: World) {
        world.create_account("eve@example.com").await;
        let signed_in = world.sign_in("eve@example.com").await;
        assert!(world.try_sign_in("eve@example.com", "a password that is wrong").await.is_err());
        let context = crate::support::context();
        for _ in 0..2 {
            auth::flow::refresh(&world.auth, &signed_in.refresh_token, &context).await.unwrap();
        }
        world.clock.advance_seconds(31);
        assert!(auth::flow::refresh(&world.auth, &signed_in.refresh_token, &context).await.is_err());
        let meters = world.auth.meters();
        let ways = meters.sign_ins.read().into_iter().filter(|(_, count)| *count > 0);
        let mut ways: Vec<_> = ways.map(|((way, outcome), count)| (way.as_str(), outcome.as_str(), count)).collect();
        ways.sort_unstable();
        assert_eq!(ways, [("password", "refused", 1), ("password", "signed_in", 1)]);
        let tokens = meters.refreshes.read().into_iter().filter(|(_, count)| *count > 0);
        let mut tokens: Vec<_> = tokens.map(|(outcome, count)| (outcome.as_str(), count)).collect();
        tokens.sort_unstable();
        assert_eq!(tokens, [("refused", 1), ("repeated", 1), ("rotated", 1)]);
        assert_eq!(meters.reused(), 1, "two parties had it");
        assert!(world.auth.hash_meter().waited.read().count >= 2);
        let pools = world.auth.store().pools();
        assert!(pools.iter().all(|(_, uses, meter)| uses.used <= uses.most && meter.waited.read().count > 0));
    }
}
