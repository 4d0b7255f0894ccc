//! Stories of sign-ins that share a commit: on SQLite, where the device is known and nothing changes.

use crate::support::{PASSWORD, START, World, access_token, email};
use auth::clock::Clock;
use auth::id::{SessionId, UserId};
use auth::store::{AuditEvent, NewFamily, NewSession};
use auth::{EventFilter, EventKind, Timestamp, flow};
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

const ALICE: &str = "alice@example.com";

fn family<'a>(session: &'a SessionId, user: &'a UserId, hash: &'a str) -> NewFamily<'a> {
    NewFamily {
        session: NewSession {
            id: session,
            user_id: user,
            method: "pwd",
            device: "Firefox on Linux",
            address: "192.0.2.1",
            created_at: START,
            expires_at: START.plus_seconds(60),
            password_hash: Some(hash),
            factor: None,
            passes_factors: false,
        },
        token_digest: session.as_str(),
        event: AuditEvent {
            user_id: Some(user),
            session_id: Some(session),
            address: "192.0.2.1",
            device: "Firefox on Linux",
            request_id: "test",
            ..AuditEvent::new(format!("event of {}", session.as_str()), START, EventKind::SessionStarted)
        },
    }
}

/// A clock that goes on with every look at it.
struct Going(AtomicI64);

impl Clock for Going {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.fetch_add(1, Ordering::SeqCst))
    }
}

on_both_databases! {
    async fn each_line_is_proved_although_the_clock_goes_on(world: World) {
        world.create_account(ALICE).await;
        let clock = Arc::new(Going(AtomicI64::new(world.auth.now().0)));
        let auth = world.another_node_with(&clock, |_| ()).await.unwrap();
        for _ in 0..3 {
            let credentials = auth::form::Credentials { email: email(ALICE), password: PASSWORD.into() };
            let entered = flow::sign_in(&auth, credentials, None, &crate::support::context()).await;
            assert!(matches!(entered, Ok(flow::SignIn::SignedIn(_))));
        }
        assert!(auth.seal_audit_log().await.unwrap() >= 3);
        assert_eq!(auth.store().oldest_unproved_line().await.unwrap(), None, "none is taken for somebody else's");
    }

    async fn one_with_another_password_by_now_keeps_nobody_else_out(world: World) {
        world.create_account(ALICE).await;
        let store = world.auth.store();
        let alice = store.user_by_email(&email(ALICE)).await.unwrap().unwrap();
        let (id, hash) = (&alice.id, alice.password_hash.as_deref().unwrap());
        let sessions = ["one", "two", "three"].map(|id| SessionId(id.to_owned()));
        let [one, two, three] = &sessions;
        let (one, two, three) = (family(one, id, hash), family(two, id, "another hash"), family(three, id, hash));
        let outcomes = tokio::join!(
            store.enter_at_once(&one, true),
            store.enter_at_once(&two, true),
            store.enter_at_once(&three, true),
        );
        let outcomes = [outcomes.0, outcomes.1, outcomes.2].map(Result::unwrap);
        if outcomes != [None; 3] {
            assert_eq!(outcomes, [Some(true), Some(false), Some(true)]);
            let started = |rows: Vec<auth::store::AuditRow>| rows.into_iter().filter_map(|row| row.session_id).collect();
            let rows = store.audit_events_between(id, START, START, 50).await.unwrap();
            assert_eq!(HashSet::<SessionId>::from([sessions[0].clone(), sessions[2].clone()]), started(rows));
        } else {
            assert!(world.database.url.starts_with("postgres"), "SQLite lets in at once");
        }
    }

    async fn twenty_who_sign_in_together_are_twenty_sessions(world: World) {
        world.create_account(ALICE).await;
        world.sign_in(ALICE).await;
        let together: Vec<_> = (0..20)
            .map(|_| {
                let auth = world.auth.clone();
                tokio::spawn(async move {
                    let credentials = auth::form::Credentials { email: email(ALICE), password: PASSWORD.into() };
                    flow::sign_in(&auth, credentials, None, &crate::support::context()).await
                })
            })
            .collect();
        let mut sessions = HashSet::new();
        for one in together {
            let Ok(flow::SignIn::SignedIn(signed_in)) = one.await.unwrap() else { panic!("everybody gets in") };
            sessions.insert(world.auth.caller_of_access_token(&access_token(&signed_in)).unwrap().session_id);
            flow::refresh(&world.auth, &signed_in.refresh_token, &crate::support::context()).await.unwrap();
        }
        assert_eq!(sessions.len(), 20);
        let caller = world.caller(&world.sign_in(ALICE).await);
        let page = flow::list_activity(&world.auth, &caller, EventFilter::SignIn, None).await.unwrap();
        let started = page.items.iter().filter(|item| item.kind == EventKind::SessionStarted).count();
        assert_eq!(started, 22, "each with its line");
    }
}
