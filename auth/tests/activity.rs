//! Stories of the list of what happened to an account.

use crate::support::{START, World, context, context_on, refusal};
use auth::flow;
use auth::random::{Random, SystemRandom};
use auth::session::Caller;
use auth::store::AuditEvent;
use auth::view::ActivityItem;
use auth::{Auth, ErrorCode, EventFilter, EventKind, PersonName};
use std::collections::HashSet;
use std::time::{Duration, Instant};

const ALICE: &str = "alice@example.com";
const BOB: &str = "bob@example.com";

async fn signed_in(world: &World, email: &str) -> Caller {
    world.create_account(email).await;
    world.caller(&world.sign_in(email).await)
}

/// Every line of the list, page by page, and how many were on each page.
async fn every_line(auth: &Auth, caller: &Caller, filter: EventFilter) -> (Vec<ActivityItem>, Vec<usize>) {
    let (mut lines, mut sizes, mut after) = (Vec::new(), Vec::new(), None);
    loop {
        let page = flow::list_activity(auth, caller, filter, after).await.unwrap();
        sizes.push(page.items.len());
        lines.extend(page.items);
        after = page.next;
        if after.is_none() {
            return (lines, sizes);
        }
    }
}

async fn kinds(auth: &Auth, caller: &Caller, filter: EventFilter) -> Vec<EventKind> {
    every_line(auth, caller, filter).await.0.into_iter().map(|line| line.kind).collect()
}

async fn refused_lines(world: &World, caller: &Caller) -> Vec<ActivityItem> {
    let (lines, _) = every_line(&world.auth, caller, EventFilter::SignIn).await;
    lines.into_iter().filter(|line| line.kind == EventKind::SessionRefused).collect()
}

async fn rename(auth: &Auth, caller: &Caller, name: &str) {
    flow::change_name(auth, caller, PersonName::parse(name).unwrap(), &context()).await.unwrap();
}

on_both_databases! {
    async fn everything_that_happened_is_told_newest_first(world: World) {
        world.create_account(ALICE).await;
        world.clock.advance_seconds(1);
        let gone = world.sign_in_on(ALICE, "Safari on iPhone").await;
        world.clock.advance_seconds(1);
        flow::sign_out(&world.auth, &gone.refresh_token, &context_on("Safari on iPhone")).await.unwrap();
        world.clock.advance_seconds(1);
        let lost = world.sign_in(ALICE).await;
        let lost = world.caller(&lost);
        world.clock.advance_seconds(1);
        let caller = world.caller(&world.sign_in(ALICE).await);
        world.clock.advance_seconds(1);
        flow::end_session(&world.auth, &caller, &lost.session_id, &context()).await.unwrap();
        world.clock.advance_seconds(1);
        rename(&world.auth, &caller, "Sammy").await;
        world.clock.advance_seconds(1);
        world.sign_up(ALICE).await.unwrap();

        let (lines, _) = every_line(&world.auth, &caller, EventFilter::All).await;
        let told: Vec<_> = lines.iter().map(|line| line.kind).collect();
        assert_eq!(
            told,
            [
                EventKind::SignUpRequested,
                EventKind::UserNameChanged,
                EventKind::SessionEnded,
                EventKind::SessionStarted,
                EventKind::SessionStarted,
                EventKind::SessionSignedOut,
                EventKind::SessionStarted,
                EventKind::UserCreated,
            ]
        );
        assert_eq!(lines[2].session_id, Some(lost.session_id), "which one was ended");
        let first = &lines[6];
        assert_eq!((first.at, first.device.as_str()), (START.plus_seconds(1), "Safari on iPhone"));
        assert_eq!(first.address, "192.0.2.1");
    }

    async fn nobody_reads_what_happened_to_somebody_else(world: World) {
        let (alice, bob) = (signed_in(&world, ALICE).await, signed_in(&world, BOB).await);
        rename(&world.auth, &alice, "Sammy").await;
        assert!(!kinds(&world.auth, &bob, EventFilter::All).await.contains(&EventKind::UserNameChanged));
        assert!(kinds(&world.auth, &alice, EventFilter::All).await.contains(&EventKind::UserNameChanged));
    }

    async fn a_filter_shows_its_part_and_all_parts_are_everything(world: World) {
        let caller = signed_in(&world, ALICE).await;
        rename(&world.auth, &caller, "Sammy").await;
        world.sign_up(ALICE).await.unwrap();
        world.try_sign_in(ALICE, "not the password").await.err().unwrap();
        let everything = kinds(&world.auth, &caller, EventFilter::All).await;
        assert_eq!(everything.len(), 5);
        let mut parts = 0;
        for filter in EventFilter::ALL.into_iter().filter(|filter| *filter != EventFilter::All) {
            let part = kinds(&world.auth, &caller, filter).await;
            assert!(part.iter().all(|kind| kind.filter() == filter), "{filter:?}: {part:?}");
            parts += part.len();
        }
        assert_eq!(parts, everything.len());
        assert_eq!(kinds(&world.auth, &caller, EventFilter::Address).await, [EventKind::SignUpRequested]);
    }

    async fn a_refused_sign_in_is_told_once_a_minute(world: World) {
        let caller = signed_in(&world, ALICE).await;
        for (device, seconds) in [("Chrome on Windows", 0), ("Safari on Mac", 30), ("Opera on Mac", 29)] {
            world.clock.advance_seconds(seconds);
            let guess = world.try_sign_in_on(ALICE, "not the password", &context_on(device)).await;
            assert_eq!(refusal(guess), ErrorCode::InvalidCredentials);
        }
        let lines = refused_lines(&world, &caller).await;
        assert_eq!(lines.len(), 1);
        assert_eq!((lines[0].at, lines[0].device.as_str()), (START, "Chrome on Windows"), "the first of the minute");
        assert_eq!(lines[0].session_id, None);

        world.clock.advance_seconds(1);
        world.try_sign_in(ALICE, "not the password").await.err().unwrap();
        assert_eq!(refused_lines(&world, &caller).await.len(), 2, "the next minute");
    }

    async fn twenty_parallel_guesses_leave_one_line(world: World) {
        let caller = signed_in(&world, ALICE).await;
        let guesses: Vec<_> = (0..20)
            .map(|_| {
                let auth = world.auth.clone();
                let form = auth::form::SignInForm { email: ALICE.into(), password: "not the password".into() };
                tokio::spawn(async move { flow::sign_in(&auth, form.parse().unwrap(), None, &context()).await.is_err() })
            })
            .collect();
        for guess in guesses {
            assert!(guess.await.unwrap());
        }
        assert_eq!(refused_lines(&world, &caller).await.len(), 1);
    }

    async fn signing_up_with_a_known_address_buries_nothing(world: World) {
        let caller = signed_in(&world, ALICE).await;
        for _ in 0..20 {
            world.sign_up(ALICE).await.unwrap();
        }
        let told = kinds(&world.auth, &caller, EventFilter::Address).await;
        assert_eq!(told, [EventKind::SignUpRequested; 9], "ten mails an hour, the first of which made the account");
    }

    async fn guessing_at_an_unknown_address_is_nobodys_news(world: World) {
        let caller = signed_in(&world, ALICE).await;
        world.try_sign_in("nobody@example.com", "not the password").await.err().unwrap();
        assert!(refused_lines(&world, &caller).await.is_empty());
    }

    async fn a_name_is_changed_and_the_same_again_is_no_news(world: World) {
        let caller = signed_in(&world, ALICE).await;
        for _ in 0..3 {
            rename(&world.auth, &caller, "李小龍").await;
        }
        assert_eq!(world.auth.me(&caller).await.unwrap().name.as_str(), "李小龍");
        let told = kinds(&world.auth, &caller, EventFilter::Profile).await;
        assert_eq!(told.into_iter().filter(|kind| *kind == EventKind::UserNameChanged).count(), 1);
        flow::sign_out_caller(&world.auth, &caller, &context()).await.unwrap();
        let late = flow::change_name(&world.auth, &caller, PersonName::parse("Eve").unwrap(), &context()).await;
        assert_eq!(refusal(late), ErrorCode::SignedOut);
    }

    async fn a_long_list_comes_in_pages_without_gaps(world: World) {
        let caller = signed_in(&world, ALICE).await;
        for number in 0..129 {
            // At the same moment, on a clock that stands still.
            rename(&world.auth, &caller, &format!("Sam {number}")).await;
        }
        let (lines, sizes) = every_line(&world.auth, &caller, EventFilter::Profile).await;
        assert_eq!(sizes, [50, 50, 30], "the account was created once");
        assert_eq!(lines.iter().map(|line| &line.id).collect::<HashSet<_>>().len(), 130);
        let (lines, sizes) = every_line(&world.auth, &caller, EventFilter::All).await;
        assert_eq!(sizes, [50, 50, 31], "and signed in to once");
        assert_eq!(lines.iter().map(|line| &line.id).collect::<HashSet<_>>().len(), 131);
    }

    async fn a_page_of_a_long_list_is_quick(world: World) {
        let caller = signed_in(&world, ALICE).await;
        let random: &dyn Random = &SystemRandom;
        let mut tx = world.auth.store().begin().await.unwrap();
        for number in 0..10_000 {
            let at = START.plus_seconds(number);
            let event = AuditEvent {
                user_id: Some(&caller.user_id),
                address: "192.0.2.1",
                device: "Firefox on Linux",
                request_id: "test",
                ..AuditEvent::new(random.id(at), at, EventKind::SessionRefused)
            };
            tx.insert_audit_event(event).await.unwrap();
        }
        tx.commit().await.unwrap();
        // What is rare among ten thousand lines is found as quickly as what is not.
        for (filter, length) in [(EventFilter::All, 50), (EventFilter::SignIn, 50), (EventFilter::Profile, 1)] {
            let mut best = Duration::MAX;
            for _ in 0..30 {
                let started = Instant::now();
                let page = flow::list_activity(&world.auth, &caller, filter, None).await.unwrap();
                best = best.min(started.elapsed());
                assert_eq!(page.items.len(), length);
            }
            assert!(best < Duration::from_millis(5), "{filter:?} took {best:?}");
        }
    }
}
