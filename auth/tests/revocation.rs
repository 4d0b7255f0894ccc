//! Stories of access tokens that are over before their time: on the node that acts at once, on every other
//! after one look, and without a refusal for those that are issued afterwards.

use crate::support::password_reset::{NEW, mails_of_kind};
use crate::support::{PASSWORD, START, World, access_token, context, email, refusal};
use auth::flow::{self, ResetProof, SignIn, SignedIn};
use auth::form::PasswordChange;
use auth::id::UserId;
use auth::{Auth, ErrorCode, EventFilter, EventKind};
use sqlx::{AnyConnection, Connection, Executor};
use std::time::{Duration, Instant};

const ALICE: &str = "alice@example.com";
const BOB: &str = "bob@example.com";
/// What each look of a node reaches back.
const OVERLAP: i64 = 30;
/// [`START`] in a statement.
const START_MILLIS: i64 = START.0;

/// A node that has seen these tokens, and so knows them.
async fn node_that_knows(world: &World, sessions: &[&SignedIn]) -> Auth {
    let node = world.another_node().await;
    for session in sessions {
        assert!(node.caller_of_access_token(&access_token(session)).is_ok());
    }
    node
}

async fn look(world: &World, node: &Auth) {
    node.learn_revocations(world.auth.now().minus_seconds(OVERLAP)).await.unwrap();
}

/// These tokens are over: here already, on the other node after one look and not before.
async fn assert_over(world: &World, node: &Auth, sessions: &[&SignedIn]) {
    for session in sessions {
        let access = access_token(session);
        assert_eq!(refusal(world.auth.caller_of_access_token(&access)), ErrorCode::InvalidToken, "at once");
        assert!(node.caller_of_access_token(&access).is_ok(), "the other node has not looked yet");
    }
    look(world, node).await;
    for session in sessions {
        let access = access_token(session);
        assert_eq!(refusal(node.caller_of_access_token(&access)), ErrorCode::InvalidToken, "after one look");
    }
}

/// These work on both nodes, whether the other one looked or not.
async fn assert_lives(world: &World, node: &Auth, sessions: &[&SignedIn]) {
    for _ in 0..2 {
        for session in sessions {
            for auth in [&world.auth, node] {
                assert!(auth.caller_of_access_token(&access_token(session)).is_ok());
            }
        }
        look(world, node).await;
    }
}

/// The next access token of a session.
async fn refreshed(world: &World, session: &SignedIn) -> SignedIn {
    let next = flow::refresh(&world.auth, &session.refresh_token, &context()).await.unwrap();
    SignedIn { refresh_token: next.refresh_token, access: next.access }
}

async fn signed_in_with(world: &World, password: &str) -> SignedIn {
    match world.try_sign_in(ALICE, password).await.unwrap() {
        SignIn::SignedIn(session) => session,
        SignIn::NeedsSecondFactor(_) | SignIn::NeedsVerification(_) => panic!("the address is proved"),
    }
}

/// What the newest mail to a new password proves.
async fn mailed_proof(world: &World) -> ResetProof {
    let link = mails_of_kind(world, ALICE, "password_reset").await.remove(0).link.unwrap();
    ResetProof::Link(link.split_once("token=").unwrap().1.into())
}

async fn execute(world: &World, statement: &'static str) {
    let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
    connection.execute(statement).await.unwrap();
    connection.close().await.unwrap();
}

on_both_databases! {
    async fn signing_out(world: World) {
        world.create_account(ALICE).await;
        let (own, other) = (world.sign_in(ALICE).await, world.sign_in(ALICE).await);
        let node = node_that_knows(&world, &[&own, &other]).await;
        flow::sign_out(&world.auth, &own.refresh_token, &context()).await.unwrap();
        assert_over(&world, &node, &[&own]).await;
        assert_lives(&world, &node, &[&other, &world.sign_in(ALICE).await]).await;
    }

    async fn ending_one_session_from_the_list(world: World) {
        world.create_account(ALICE).await;
        let (own, lost) = (world.sign_in(ALICE).await, world.sign_in(ALICE).await);
        let node = node_that_knows(&world, &[&own, &lost]).await;
        let id = world.caller(&lost).session_id;
        flow::end_session(&world.auth, &world.caller(&own), &id, &context()).await.unwrap();
        assert_over(&world, &node, &[&lost]).await;
        assert_lives(&world, &node, &[&own, &world.sign_in(ALICE).await]).await;
    }

    async fn ending_all_others(world: World) {
        world.create_account(ALICE).await;
        let own = world.sign_in(ALICE).await;
        let others = [world.sign_in(ALICE).await, world.sign_in(ALICE).await];
        let node = node_that_knows(&world, &[&own, &others[0], &others[1]]).await;
        flow::end_other_sessions(&world.auth, &world.caller(&own), &context()).await.unwrap();
        assert_over(&world, &node, &[&others[0], &others[1]]).await;
        assert_lives(&world, &node, &[&own, &world.sign_in(ALICE).await]).await;
    }

    async fn changing_the_password_also_where_sessions_go_on(world: World) {
        world.create_account(ALICE).await;
        world.create_account(BOB).await;
        let (own, staying) = (world.sign_in(ALICE).await, world.sign_in(ALICE).await);
        let bystander = world.sign_in(BOB).await;
        let node = node_that_knows(&world, &[&own, &staying, &bystander]).await;
        let change = PasswordChange { current: PASSWORD.into(), new: NEW.into(), end_other_sessions: false };
        flow::change_password(&world.auth, &world.caller(&own), change, &context()).await.unwrap();
        assert_over(&world, &node, &[&own, &staying]).await;
        // One refresh each, and nobody noticed.
        let next = [refreshed(&world, &own).await, refreshed(&world, &staying).await];
        let new = signed_in_with(&world, NEW).await;
        assert_lives(&world, &node, &[&next[0], &next[1], &new, &bystander]).await;
        assert_eq!(refusal(node.caller_of_access_token(&access_token(&own))), ErrorCode::InvalidToken, "for good");
    }

    async fn changing_the_password_twice(world: World) {
        world.create_account(ALICE).await;
        let first = world.sign_in(ALICE).await;
        let caller = world.caller(&first);
        let change = |current: &str, new: &str| PasswordChange {
            current: current.into(),
            new: new.into(),
            end_other_sessions: false,
        };
        flow::change_password(&world.auth, &caller, change(PASSWORD, NEW), &context()).await.unwrap();
        let second = refreshed(&world, &first).await;
        let node = node_that_knows(&world, &[&second]).await;
        world.clock.advance_seconds(1);
        flow::change_password(&world.auth, &caller, change(NEW, PASSWORD), &context()).await.unwrap();
        assert_over(&world, &node, &[&second]).await;
        assert_lives(&world, &node, &[&refreshed(&world, &second).await]).await;
    }

    async fn a_new_password_by_mail(world: World) {
        world.create_account(ALICE).await;
        let (own, other) = (world.sign_in(ALICE).await, world.sign_in(ALICE).await);
        let node = node_that_knows(&world, &[&own, &other]).await;
        flow::forgot_password(&world.auth, &email(ALICE), &context()).await.unwrap();
        flow::reset_password(&world.auth, mailed_proof(&world).await, &NEW.into(), &context()).await.unwrap();
        assert_over(&world, &node, &[&own, &other]).await;
        assert_lives(&world, &node, &[&signed_in_with(&world, NEW).await]).await;
    }

    async fn this_was_not_me(world: World) {
        world.create_account(ALICE).await;
        let home = world.sign_in(ALICE).await;
        world.clock.advance_seconds(1);
        let thief = world.sign_in_on(ALICE, "Chrome on Windows").await;
        let node = node_that_knows(&world, &[&home, &thief]).await;
        let caller = world.caller(&home);
        let page = flow::list_activity(&world.auth, &caller, EventFilter::SignIn, None).await.unwrap();
        let event = page.items.iter().find(|item| item.device == "Chrome on Windows").unwrap();
        assert_eq!(event.kind, EventKind::SessionStarted);
        flow::secure_account_by_event(&world.auth, &caller, &event.id, &context()).await.unwrap();
        assert_over(&world, &node, &[&home, &thief]).await;
        flow::reset_password(&world.auth, mailed_proof(&world).await, &NEW.into(), &context()).await.unwrap();
        assert_lives(&world, &node, &[&signed_in_with(&world, NEW).await]).await;
    }

    async fn rights_that_change_without_a_new_password(world: World) {
        world.create_account(ALICE).await;
        let session = world.sign_in(ALICE).await;
        let node = node_that_knows(&world, &[&session]).await;
        let user = world.caller(&session).user_id;
        let mut tx = world.auth.store().begin().await.unwrap();
        tx.bump_token_version(&user, world.auth.now()).await.unwrap();
        assert!(world.auth.caller_of_access_token(&access_token(&session)).is_ok(), "not before the commit");
        tx.commit().await.unwrap();
        assert_over(&world, &node, &[&session]).await;
        assert_lives(&world, &node, &[&refreshed(&world, &session).await]).await;
    }

    async fn a_change_that_is_undone_or_of_nobody_changes_nothing(world: World) {
        world.create_account(ALICE).await;
        let session = world.sign_in(ALICE).await;
        let user = world.caller(&session).user_id;
        let mut tx = world.auth.store().begin().await.unwrap();
        tx.bump_token_version(&user, world.auth.now()).await.unwrap();
        tx.rollback().await.unwrap();
        let mut tx = world.auth.store().begin().await.unwrap();
        let nobody = UserId("01890a5d-ac96-774b-bcce-b302099a8057".into());
        tx.bump_token_version(&nobody, world.auth.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_lives(&world, &world.another_node().await, &[&session]).await;
    }

    async fn a_deleted_account_ends_its_sessions_before_their_rows_go(world: World) {
        world.create_account(ALICE).await;
        let session = world.sign_in(ALICE).await;
        let node = node_that_knows(&world, &[&session]).await;
        let user = world.caller(&session).user_id;
        // Its day comes while the token lives.
        execute(&world, "UPDATE users SET delete_at = 1").await;
        assert!(!flow::delete_account(&world.auth, &user).await.unwrap(), "sessions end first");
        assert_over(&world, &node, &[&session]).await;
        // Until the token is over by itself, the rows tell it to nodes that start or come back.
        for _ in 0..3 {
            world.clock.advance_seconds(99);
            let late = world.another_node().await;
            late.recall_revocations().await.unwrap();
            for auth in [&world.auth, &node, &late] {
                assert_eq!(refusal(auth.caller_of_access_token(&access_token(&session))), ErrorCode::InvalidToken);
            }
            assert!(!flow::delete_account(&world.auth, &user).await.unwrap(), "its rows are still needed");
        }
        world.clock.advance_seconds(5 * 60);
        assert!(flow::delete_account(&world.auth, &user).await.unwrap());
        for auth in [&world.auth, &node, &world.another_node().await] {
            assert_eq!(refusal(auth.caller_of_access_token(&access_token(&session))), ErrorCode::InvalidToken);
        }
    }

    async fn a_token_outlives_neither_its_account_nor_its_session(world: World) {
        const DAY: i64 = 24 * 60 * 60;
        world.create_account(ALICE).await;
        world.create_account(BOB).await;
        let leaving = world.sign_in(ALICE).await;
        flow::request_deletion(&world.auth, &world.caller(&leaving), &context()).await.unwrap();
        let node = world.another_node().await;
        world.clock.advance_seconds(14 * DAY - 60);
        let last = refreshed(&world, &leaving).await;
        assert_eq!(last.access.expires_in, 60);
        assert_lives(&world, &node, &[&last]).await;
        world.clock.advance_seconds(60);
        for auth in [&world.auth, &node] {
            assert_eq!(refusal(auth.caller_of_access_token(&access_token(&last))), ErrorCode::InvalidToken);
        }

        let mut session = world.sign_in(BOB).await;
        for days in [29, 29, 29, 2] {
            assert_eq!(session.access.expires_in, 300);
            world.clock.advance_seconds(days * DAY);
            session = refreshed(&world, &session).await;
        }
        world.clock.advance_seconds(DAY - 10);
        let last = refreshed(&world, &session).await;
        assert_eq!(last.access.expires_in, 10);
        world.clock.advance_seconds(10);
        assert_eq!(refusal(node.caller_of_access_token(&access_token(&last))), ErrorCode::InvalidToken);
    }

    async fn a_node_without_a_database_keeps_what_it_knew_and_says_since_when(world: World) {
        world.create_account(ALICE).await;
        let (ended, unheard) = (world.sign_in(ALICE).await, world.sign_in(ALICE).await);
        let node = node_that_knows(&world, &[&ended, &unheard]).await;
        assert_eq!(node.revocations_learned_at(), auth::Timestamp(0), "never yet");
        flow::sign_out(&world.auth, &ended.refresh_token, &context()).await.unwrap();
        look(&world, &node).await;
        assert_eq!(node.revocations_learned_at(), START);

        node.store().close().await;
        flow::sign_out(&world.auth, &unheard.refresh_token, &context()).await.unwrap();
        world.clock.advance_seconds(60);
        assert!(node.learn_revocations(START).await.is_err());
        assert_eq!(node.revocations_learned_at(), START, "it does not claim to know more");
        let known = node.caller_of_access_token(&access_token(&ended));
        assert_eq!(refusal(known), ErrorCode::InvalidToken);
        assert!(node.caller_of_access_token(&access_token(&unheard)).is_ok(), "what it never heard it cannot know");
    }

    async fn a_node_that_watches_refuses_within_a_second(world: World) {
        world.create_account(ALICE).await;
        let (first, second) = (world.sign_in(ALICE).await, world.sign_in(ALICE).await);
        let node = node_that_knows(&world, &[&first, &second]).await;
        let watching = tokio::spawn(node.clone().watch_revocations());
        for session in [&first, &second] {
            flow::sign_out(&world.auth, &session.refresh_token, &context()).await.unwrap();
            let ended = Instant::now();
            while node.caller_of_access_token(&access_token(session)).is_ok() {
                assert!(ended.elapsed() < Duration::from_secs(1), "a second is over");
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
        watching.abort();
    }

    async fn an_end_that_was_committed_late_is_learned_within_ten_seconds(world: World) {
        world.create_account(ALICE).await;
        let session = world.sign_in(ALICE).await;
        world.clock.advance_seconds(60);
        let node = node_that_knows(&world, &[&session]).await;
        let watching = tokio::spawn(node.clone().watch_revocations());
        // The watch has looked over everything: from now on it reaches back thirty seconds.
        tokio::time::sleep(Duration::from_millis(800)).await;
        let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
        let ended = format!("UPDATE sessions SET ended_at = {START_MILLIS}, end_reason = 'ended'");
        connection.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(ended))).await.unwrap();
        connection.close().await.unwrap();
        let committed = Instant::now();
        while node.caller_of_access_token(&access_token(&session)).is_ok() {
            assert!(committed.elapsed() < Duration::from_secs(12), "a far look was due");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        watching.abort();
    }

    async fn more_ends_than_one_answer_holds_are_all_learned(world: World) {
        world.create_account(ALICE).await;
        let session = world.sign_in(ALICE).await;
        let node = node_that_knows(&world, &[&session]).await;
        // Twenty thousand that ended in one moment, before and after this one in the order of their ids.
        let digits = "SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 \
                      UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9";
        let of_the_dead = |first: &str| {
            format!(
                "WITH digits AS ({digits}) \
                 INSERT INTO sessions (id, user_id, method, device, address, created_at, expires_at, ended_at) \
                 SELECT '{first}' || a.d || b.d || '-0000-7000-8000-00000000' || c.d || e.d || '00', u.id, 'pwd', '', '', \
                 0, 0, {START_MILLIS} FROM digits a, digits b, digits c, digits e, users u"
            )
        };
        let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
        for first in ["000000", "ffffff"] {
            let statement = sqlx::AssertSqlSafe(of_the_dead(first));
            let done = sqlx::query(statement).execute(&mut connection).await.unwrap();
            assert_eq!(done.rows_affected(), 10_000);
        }
        connection.close().await.unwrap();
        flow::sign_out(&world.auth, &session.refresh_token, &context()).await.unwrap();
        assert_over(&world, &node, &[&session]).await;
    }

    async fn a_refresh_after_a_change_gives_a_token_that_works_however_close_they_come(world: World) {
        world.create_account(ALICE).await;
        let mut session = world.sign_in(ALICE).await;
        let user = world.caller(&session).user_id;
        for _ in 0..20 {
            let (auth, user) = (world.auth.clone(), user.clone());
            let changing = tokio::spawn(async move {
                let mut tx = auth.store().begin().await.unwrap();
                tx.bump_token_version(&user, auth.now()).await.unwrap();
                tx.commit().await.unwrap();
            });
            session = refreshed(&world, &session).await;
            changing.await.unwrap();
            // The token may be of before or of after; the one that follows is of after.
            session = refreshed(&world, &session).await;
            assert!(world.auth.caller_of_access_token(&access_token(&session)).is_ok());
        }
    }
}
