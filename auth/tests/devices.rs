//! Stories of the list of devices, of ending sessions, and of being told about a new device.

use crate::support::administration::prove;
use crate::support::{START, World, access_token, context, refusal};
use auth::flow;
use auth::id::SessionId;
use auth::session::Caller;
use auth::{Auth, Cursor, ErrorCode, EventFilter, EventKind, Refusal};
use std::collections::HashSet;

const ALICE: &str = "alice@example.com";
const BOB: &str = "bob@example.com";
const DAY: i64 = 24 * 60 * 60;
/// Seconds after which a proof of the person is old.
const FRESH: i64 = 15 * 60;

/// Every session of the list, page by page, and how many were on each page.
async fn every_session(auth: &Auth, caller: &Caller) -> (Vec<SessionId>, Vec<usize>) {
    let (mut ids, mut sizes, mut after) = (Vec::new(), Vec::new(), None);
    loop {
        let page = flow::list_sessions(auth, caller, after).await.unwrap();
        sizes.push(page.items.len());
        ids.extend(page.items.into_iter().map(|item| item.id));
        after = page.next;
        if after.is_none() {
            return (ids, sizes);
        }
    }
}

/// How often something is in the caller's list of sign-in events.
async fn count(auth: &Auth, caller: &Caller, kind: EventKind) -> usize {
    let page = flow::list_activity(auth, caller, EventFilter::SignIn, None).await.unwrap();
    page.items.into_iter().filter(|item| item.kind == kind).count()
}

async fn notices(world: &World) -> usize {
    world.inbox_of(ALICE).await.into_iter().filter(|mail| mail.kind == "new_device").count()
}

on_both_databases! {
    async fn the_list_says_where_somebody_is_signed_in(world: World) {
        world.create_account(ALICE).await;
        let phone = world.sign_in_on(ALICE, "Safari on iPhone").await;
        world.clock.advance_seconds(60);
        let laptop = world.sign_in_on(ALICE, "Firefox on Linux").await;
        let gone = world.sign_in_on(ALICE, "Edge on Windows").await;
        flow::sign_out(&world.auth, &gone.refresh_token, &context()).await.unwrap();
        world.clock.advance_seconds(60);
        flow::refresh(&world.auth, &phone.refresh_token, &context()).await.unwrap();

        let page = flow::list_sessions(&world.auth, &world.caller(&laptop), None).await.unwrap();
        let shown: Vec<_> = page.items.iter().map(|item| (item.device.as_str(), item.is_current)).collect();
        assert_eq!(shown, [("Safari on iPhone", false), ("Firefox on Linux", true)], "the newest seen first");
        let first = &page.items[0];
        assert_eq!((first.signed_in_at, first.last_seen_at), (START, START.plus_seconds(120)));
        assert_eq!((first.method.as_str(), first.address.as_str()), ("pwd", "192.0.2.1"));
        assert_eq!(page.next, None);
    }

    async fn a_session_nobody_used_for_thirty_days_is_not_listed(world: World) {
        world.create_account(ALICE).await;
        world.sign_in(ALICE).await;
        world.clock.advance_seconds(30 * DAY);
        let own = world.sign_in(ALICE).await;
        let caller = world.caller(&own);
        assert_eq!(every_session(&world.auth, &caller).await.0, std::slice::from_ref(&caller.session_id));
        // It ends with the others all the same: a longer limit must not bring it back.
        assert_eq!(flow::end_other_sessions(&world.auth, &caller, &context()).await.unwrap(), 1);
    }

    async fn an_ended_session_is_out_at_its_next_request(world: World) {
        world.create_account(ALICE).await;
        let (own, lost) = (world.sign_in(ALICE).await, world.sign_in(ALICE).await);
        let (caller, thief) = (world.caller(&own), world.caller(&lost));
        let node = world.another_node().await;

        flow::end_session(&world.auth, &caller, &thief.session_id, &context()).await.unwrap();
        let access = access_token(&lost);
        assert_eq!(refusal(world.auth.caller_of_access_token(&access)), ErrorCode::InvalidToken);
        assert_eq!(refusal(flow::refresh(&node, &lost.refresh_token, &context()).await), ErrorCode::SignedOut);
        // Another node still believes the access token, and asks the database.
        assert!(node.caller_of_access_token(&access).is_ok());
        assert_eq!(refusal(flow::list_sessions(&node, &thief, None).await), ErrorCode::SignedOut);
        let revenge = flow::end_other_sessions(&node, &thief, &context()).await;
        assert_eq!(refusal(revenge), ErrorCode::SignedOut, "an ended session ends nobody");
        node.learn_revocations(START.minus_seconds(60)).await.unwrap();
        assert_eq!(refusal(node.caller_of_access_token(&access)), ErrorCode::InvalidToken);

        assert_eq!(every_session(&node, &caller).await.0, std::slice::from_ref(&caller.session_id));
        assert!(flow::refresh(&node, &own.refresh_token, &context()).await.is_ok());
    }

    async fn nobody_ends_somebody_elses_session(world: World) {
        world.create_account(ALICE).await;
        world.create_account(BOB).await;
        let (alice, bob) = (world.sign_in(ALICE).await, world.sign_in(BOB).await);
        let (caller, target) = (world.caller(&bob), world.caller(&alice).session_id);
        let unknown = SessionId("01890a5d-ac96-774b-bcce-b302099a8057".into());
        for id in [target, unknown, SessionId(String::new()), SessionId("\0".into()), SessionId("x".repeat(60_000))] {
            let refused = flow::end_session(&world.auth, &caller, &id, &context()).await.err().unwrap();
            assert_eq!(refused.refusal(), Refusal::from(ErrorCode::NotFound), "{:.40}", id.0);
        }
        assert_eq!(flow::end_other_sessions(&world.auth, &caller, &context()).await.unwrap(), 0);
        assert!(world.auth.caller_of_access_token(&access_token(&alice)).is_ok());
        assert!(flow::refresh(&world.auth, &alice.refresh_token, &context()).await.is_ok());
    }

    async fn twenty_parallel_ends_of_one_session_are_one(world: World) {
        world.create_account(ALICE).await;
        let (own, lost) = (world.sign_in(ALICE).await, world.sign_in(ALICE).await);
        let (caller, id) = (world.caller(&own), world.caller(&lost).session_id);
        let requests: Vec<_> = (0..20)
            .map(|_| {
                let (auth, caller, id) = (world.auth.clone(), caller.clone(), id.clone());
                tokio::spawn(async move { flow::end_session(&auth, &caller, &id, &context()).await.is_ok() })
            })
            .collect();
        for request in requests {
            assert!(request.await.unwrap(), "one that had ended before is no failure");
        }
        assert_eq!(count(&world.auth, &caller, EventKind::SessionEnded).await, 1);
    }

    async fn all_others_are_ended_at_once(world: World) {
        world.create_account(ALICE).await;
        let own = world.sign_in(ALICE).await;
        let others = [world.sign_in(ALICE).await, world.sign_in(ALICE).await, world.sign_in(ALICE).await];
        let caller = world.caller(&own);
        assert_eq!(flow::end_other_sessions(&world.auth, &caller, &context()).await.unwrap(), 3);
        assert_eq!(flow::end_other_sessions(&world.auth, &caller, &context()).await.unwrap(), 0);
        for other in others {
            assert_eq!(refusal(world.auth.caller_of_access_token(&access_token(&other))), ErrorCode::InvalidToken);
            let refreshed = flow::refresh(&world.auth, &other.refresh_token, &context()).await;
            assert_eq!(refusal(refreshed), ErrorCode::SignedOut);
        }
        assert_eq!(every_session(&world.auth, &caller).await.0, std::slice::from_ref(&caller.session_id));
        assert_eq!(count(&world.auth, &caller, EventKind::SessionOthersEnded).await, 1);
    }

    async fn signing_another_device_out_asks_for_a_fresh_proof(world: World) {
        world.create_account(ALICE).await;
        let [own, lost, other] = [world.sign_in(ALICE).await, world.sign_in(ALICE).await, world.sign_in(ALICE).await];
        let (caller, lost, other) = (world.caller(&own), world.caller(&lost), world.caller(&other));
        world.clock.advance_seconds(FRESH);
        for id in [&lost.session_id, &SessionId("01890a5d-ac96-774b-bcce-b302099a8057".into())] {
            let refused = flow::end_session(&world.auth, &caller, id, &context()).await.err().unwrap().refusal();
            assert_eq!((refused.code, refused.methods), (ErrorCode::ReauthenticationRequired, vec!["password"]));
        }
        let all = flow::end_other_sessions(&world.auth, &caller, &context()).await;
        assert_eq!(refusal(all), ErrorCode::ReauthenticationRequired);
        assert_eq!(every_session(&world.auth, &caller).await.0.len(), 3, "nobody was signed out");

        prove(&world.auth, &caller).await;
        flow::end_session(&world.auth, &caller, &lost.session_id, &context()).await.unwrap();
        assert_eq!(refusal(flow::list_sessions(&world.auth, &lost, None).await), ErrorCode::SignedOut);
        assert_eq!(flow::end_other_sessions(&world.auth, &caller, &context()).await.unwrap(), 1);
        assert_eq!(refusal(flow::list_sessions(&world.auth, &other, None).await), ErrorCode::SignedOut);
    }

    async fn signing_oneself_out_asks_for_no_proof(world: World) {
        world.create_account(ALICE).await;
        let (own, other) = (world.sign_in(ALICE).await, world.sign_in(ALICE).await);
        let (caller, id) = (world.caller(&own), world.caller(&own).session_id);
        world.clock.advance_seconds(FRESH);
        flow::end_session(&world.auth, &caller, &id, &context()).await.unwrap();
        assert_eq!(refusal(flow::list_sessions(&world.auth, &caller, None).await), ErrorCode::SignedOut);
        let again = flow::end_session(&world.auth, &caller, &id, &context()).await;
        assert_eq!(refusal(again), ErrorCode::SignedOut, "an ended session ends nobody, itself included");
        flow::sign_out(&world.auth, &other.refresh_token, &context()).await.unwrap();
        let refreshed = flow::refresh(&world.auth, &other.refresh_token, &context()).await;
        assert_eq!(refusal(refreshed), ErrorCode::SignedOut);
    }

    async fn a_long_list_comes_in_pages_without_gaps(world: World) {
        world.create_account(ALICE).await;
        let own = world.sign_in(ALICE).await;
        for _ in 0..129 {
            // At the same moment, on a clock that stands still.
            world.sign_in(ALICE).await;
        }
        let (ids, sizes) = every_session(&world.auth, &world.caller(&own)).await;
        assert_eq!(sizes, [50, 50, 30]);
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), 130);
    }

    async fn a_broken_cursor_is_refused(world: World) {
        world.create_account(ALICE).await;
        let caller = world.caller(&world.sign_in(ALICE).await);
        for text in ["", "x", "\0", "MTIz", "%F0%9F"] {
            let cursor = || Some(Cursor(text.into()));
            let sessions = flow::list_sessions(&world.auth, &caller, cursor()).await;
            assert_eq!(refusal(sessions), ErrorCode::MalformedRequest, "{text:?}");
            let activity = flow::list_activity(&world.auth, &caller, EventFilter::All, cursor()).await;
            assert_eq!(refusal(activity), ErrorCode::MalformedRequest, "{text:?}");
        }
    }

    async fn a_new_device_is_told_by_mail_once(world: World) {
        world.create_account(ALICE).await;
        world.sign_in_on(ALICE, "Firefox on Linux").await;
        world.sign_in_on(ALICE, "Firefox on Linux").await;
        assert_eq!(notices(&world).await, 0, "the first session is no news, nor is its device");

        world.sign_in_on(ALICE, "Safari on iPhone").await;
        let mail = world.inbox_of(ALICE).await.into_iter().find(|mail| mail.kind == "new_device").unwrap();
        assert!(mail.text.contains("Safari on iPhone") && mail.text.contains("January 15, 2027 at 08:00 UTC"));
        assert!(mail.link.as_deref().unwrap().starts_with("https://id.example.com/not-me?token="));

        world.sign_in_on(ALICE, "Safari on iPhone").await;
        world.sign_in_on(ALICE, "Firefox on Linux").await;
        assert_eq!(notices(&world).await, 1);
    }

    async fn a_device_is_new_again_after_ninety_days_unseen(world: World) {
        world.create_account(ALICE).await;
        world.sign_in_on(ALICE, "Firefox on Linux").await;
        // Seen until its session ended by itself after 90 days: signing in again is no news.
        world.clock.advance_seconds(91 * DAY);
        world.sign_in_on(ALICE, "Firefox on Linux").await;
        assert_eq!(notices(&world).await, 0);
        world.clock.advance_seconds(180 * DAY);
        world.sign_in_on(ALICE, "Firefox on Linux").await;
        assert_eq!(notices(&world).await, 1);
    }

    async fn a_new_device_is_told_after_every_session_was_forgotten(world: World) {
        world.create_account(ALICE).await;
        world.clock.advance_seconds(200 * DAY);
        let first = world.sign_in_on(ALICE, "Firefox on Linux").await;
        assert_eq!(notices(&world).await, 0, "the first session is no news, however late");
        flow::sign_out(&world.auth, &first.refresh_token, &context()).await.unwrap();
        world.clock.advance_seconds(91 * DAY);
        world.auth.delete_what_is_over().await.unwrap();
        world.sign_in_on(ALICE, "Safari on iPhone").await;
        assert_eq!(notices(&world).await, 1);
    }

    async fn a_device_without_a_name_is_told_in_words(world: World) {
        world.create_account(ALICE).await;
        world.sign_in_on(ALICE, "Firefox on Linux").await;
        world.sign_in_on(ALICE, "").await;
        let mail = world.inbox_of(ALICE).await.into_iter().find(|mail| mail.kind == "new_device").unwrap();
        assert!(mail.text.contains("unknown device"), "{}", mail.text);
    }

    async fn a_wrong_password_tells_nobody_about_a_device(world: World) {
        world.create_account(ALICE).await;
        world.sign_in(ALICE).await;
        let stranger = crate::support::context_on("Chrome on Windows");
        assert!(world.try_sign_in_on(ALICE, "not the password", &stranger).await.is_err());
        assert_eq!(notices(&world).await, 0);
    }
}
