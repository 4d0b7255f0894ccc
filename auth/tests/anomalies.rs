//! Stories of sign-ins that look unusual: what is noted of them, and for how long.

use crate::support::anomalies::{BOB, EMAIL, LINUX, PARIS, TOKYO, at, enter, is_let_in, listed, worldwide};
use crate::support::{World, context, refusal};
use auth::anomaly::{AnomalyOutcome, AnomalyReason};
use auth::{Cursor, ErrorCode, flow};
use serde_json::json;

const ADMIN: &str = "ada@example.com";
const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;

on_both_databases! {
    async fn who_comes_as_always_leaves_nothing(world: World) {
        let world = worldwide(world).await;
        world.create_account(EMAIL).await;
        for _ in 0..3 {
            assert!(is_let_in(&world, EMAIL, &at(PARIS, LINUX)).await);
            world.clock.advance_seconds(60);
        }
        // From another network of the same city.
        assert!(is_let_in(&world, EMAIL, &at("198.51.100.7", LINUX)).await);
        assert!(listed(&world).await.is_empty());
    }

    async fn the_first_session_is_no_news_and_a_new_device_is_noted(world: World) {
        let world = worldwide(world).await;
        world.create_account(EMAIL).await;
        assert!(is_let_in(&world, EMAIL, &at(TOKYO, LINUX)).await);
        assert!(listed(&world).await.is_empty());
        assert!(is_let_in(&world, EMAIL, &at(TOKYO, "Safari on iPhone")).await);
        let listed = listed(&world).await;
        assert_eq!(listed.len(), 1);
        let record = &listed[0].record;
        assert_eq!(record.reasons, [AnomalyReason::NewDevice]);
        assert_eq!((record.outcome, record.travel.as_ref()), (AnomalyOutcome::LetIn, None));
        assert_eq!(world.inbox_of(EMAIL).await.iter().filter(|mail| mail.kind == "unusual_sign_in").count(), 0);
    }

    async fn a_device_is_new_to_who_signed_out_of_every_session(world: World) {
        world.create_account(EMAIL).await;
        let session = world.sign_in(EMAIL).await;
        flow::sign_out(&world.auth, &session.refresh_token, &context()).await.unwrap();
        assert!(is_let_in(&world, EMAIL, &at(PARIS, "Safari on iPhone")).await);
        assert_eq!(listed(&world).await[0].record.reasons, [AnomalyReason::NewDevice]);
    }

    async fn places_are_kept_as_words_and_coordinates_nowhere(world: World) {
        let world = worldwide(world).await;
        world.create_account(EMAIL).await;
        assert!(is_let_in(&world, EMAIL, &at(PARIS, LINUX)).await);
        world.clock.advance_seconds(20 * 60);
        assert!(!is_let_in(&world, EMAIL, &at(TOKYO, LINUX)).await);
        let record = listed(&world).await.remove(0).record;
        let travel = record.travel.clone().unwrap();
        assert_eq!((travel.from.as_str(), travel.to.as_str(), travel.seconds), ("Paris, FR", "Tokyo, JP", 20 * 60));
        assert!((9_600..9_750).contains(&travel.kilometres), "less what both places are uncertain by");
        let told = serde_json::to_string(&record).unwrap();
        assert!(!told.contains("48.8") && !told.contains("139."), "{told}");

        // The file with everything that is known of the person tells it.
        let caller = world.caller(&enter(&world, EMAIL, &at(PARIS, LINUX)).await);
        let data = flow::export_data(&world.auth, &caller, &context()).await.unwrap().to_json();
        let mine = data["unusual_sign_ins"].as_array().unwrap();
        assert_eq!((mine.len(), &mine[0]["reasons"]), (1, &json!(["impossible_travel"])));
        assert_eq!(mine[0]["travel"]["to"], "Tokyo, JP");
    }

    async fn a_token_that_is_used_twice_is_noted_and_makes_a_new_device_unusual_for_a_day(world: World) {
        world.create_account(EMAIL).await;
        let stolen = world.sign_in(EMAIL).await.refresh_token;
        flow::refresh(&world.auth, &stolen, &context()).await.unwrap();
        world.clock.advance_seconds(60);
        assert_eq!(refusal(flow::refresh(&world.auth, &stolen, &context()).await), ErrorCode::SignedOut);
        let record = listed(&world).await.remove(0).record;
        assert_eq!((record.reasons.as_slice(), record.outcome), (&[AnomalyReason::TokenReuse][..], AnomalyOutcome::Ended));

        world.clock.advance_seconds(1);
        // With a device that the account knows it is most likely the owner: noted, and let in.
        assert!(is_let_in(&world, EMAIL, &context()).await);
        assert_eq!(listed(&world).await[0].record.outcome, AnomalyOutcome::LetIn);
        assert!(!is_let_in(&world, EMAIL, &at(PARIS, "Safari on iPhone")).await);
        world.clock.advance_seconds(DAY);
        assert!(is_let_in(&world, EMAIL, &at(PARIS, "Safari on iPhone")).await);
    }

    async fn the_list_is_filtered_paged_counted_and_for_those_who_may(world: World) {
        let admin = world.administrator(ADMIN).await;
        world.create_account(EMAIL).await;
        let alice = world.caller(&world.sign_in(EMAIL).await);
        for number in 0..51 {
            assert!(is_let_in(&world, EMAIL, &at(PARIS, &format!("Browser {number}"))).await);
        }
        world.auth.count_statistics(0).await.unwrap();
        let first = flow::show_anomalies(&world.auth, &admin, None, None).await.unwrap();
        assert_eq!((first.days.len(), first.days[29].new_device, first.days[28].new_device), (30, 51, 0));
        assert_eq!((first.items.len(), first.items[0].email.as_str()), (50, EMAIL));
        let of = |reason, after| flow::show_anomalies(&world.auth, &admin, reason, after);
        let rest = of(Some(AnomalyReason::NewDevice), first.next).await.unwrap();
        assert_eq!((rest.items.len(), rest.next), (1, None));
        assert!(of(Some(AnomalyReason::ImpossibleTravel), None).await.unwrap().items.is_empty());
        assert_eq!(refusal(of(None, Some(Cursor("x".into()))).await), ErrorCode::MalformedRequest);
        let hers = flow::show_anomalies(&world.auth, &alice, None, None).await;
        assert_eq!(refusal(hers), ErrorCode::NotFound);
    }

    async fn after_ninety_days_it_is_forgotten_and_with_the_account_at_once(world: World) {
        for email in [EMAIL, BOB] {
            world.create_account(email).await;
            assert!(is_let_in(&world, email, &context()).await);
            assert!(is_let_in(&world, email, &at(TOKYO, "Safari on iPhone")).await);
        }
        assert_eq!(listed(&world).await.len(), 2);
        let caller = world.caller(&enter(&world, EMAIL, &context()).await);
        flow::request_deletion(&world.auth, &caller, &context()).await.unwrap();
        world.clock.advance_seconds(15 * DAY);
        world.auth.delete_what_is_over().await.unwrap();
        // Its sessions have ended by then on every node.
        world.clock.advance_seconds(10 * 60);
        world.auth.delete_what_is_over().await.unwrap();
        let left = listed(&world).await;
        assert_eq!((left.len(), left[0].email.as_str()), (1, BOB));
        world.clock.advance_seconds(74 * DAY);
        world.auth.delete_what_is_over().await.unwrap();
        assert_eq!(listed(&world).await.len(), 1, "for 90 days it is kept");
        world.clock.advance_seconds(2 * DAY);
        world.auth.delete_what_is_over().await.unwrap();
        assert!(listed(&world).await.is_empty());
    }
}
