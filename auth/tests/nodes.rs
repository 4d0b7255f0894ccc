//! Stories of several nodes on one PostgreSQL: what one of them ends is over on all of them within a second, because it
//! tells them; and where it cannot, because they look.

use crate::support::administration::suspend;
use crate::support::database::{Database, postgres, run_statements, sqlite};
use crate::support::keys::{accepts, kid};
use crate::support::nodes::{SELDOM, until};
use crate::support::policies::{activate, document, may, member};
use crate::support::skipped::{NO_POSTGRES, skipped};
use crate::support::{World, access_token, context};
use auth::Auth;
use auth::flow::{self, SignedIn};
use auth::organization::BuiltInRole::Member;
use std::time::Duration;
use tokio::task::JoinHandle;

const ADMIN: &str = "ada@example.com";
const ALICE: &str = "alice@example.com";
const BOB: &str = "bob@example.com";
const SECOND: Duration = Duration::from_secs(1);
/// Nobody reads anything.
const CLOSED: &str = "@id(\"closed\")\nforbid (principal, action == Action::\"documents:read\", resource);\n";

/// What a node does at its start to know of the others, and the ends of it.
struct Watching(Vec<JoinHandle<()>>);

impl Watching {
    fn of(node: &Auth) -> Self {
        Self(vec![
            tokio::spawn(node.clone().watch_revocations()),
            tokio::spawn(node.clone().watch_keys()),
            tokio::spawn(node.clone().watch_policies()),
        ])
    }

    fn and_hearing(mut self, node: &Auth) -> Self {
        self.0.push(tokio::spawn(node.clone().hear_other_nodes()));
        self
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.0.iter().for_each(JoinHandle::abort);
    }
}

/// Cuts the connections that listen.
async fn cut(database: &Database) {
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
               WHERE datname = current_database() AND query LIKE 'LISTEN%'";
    run_statements(&database.url, [end.to_owned()]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_one_node_ends_is_told_to_those_that_look_seldom() {
    let Some(database) = postgres().await else { return skipped(NO_POSTGRES) };
    let world = World::on(database).await;
    let admin = world.administrator(ADMIN).await;
    world.create_account(ALICE).await;
    world.create_account(BOB).await;
    let (own, other) = (world.sign_in(ALICE).await, world.sign_in(ALICE).await);
    let bob = world.sign_in(BOB).await;
    let (node, deaf) = (world.node_that_looks_every(SELDOM).await, world.node_that_looks_every(SELDOM).await);
    let _watching = [Watching::of(&node).and_hearing(&node), Watching::of(&deaf)];
    world.until_heard_by(1).await;
    // The looks of the start are over.
    tokio::time::sleep(2 * SECOND).await;
    let knows = |node: &Auth, session: &SignedIn| node.caller_of_access_token(&access_token(session)).is_ok();
    let reads = |node: &Auth| may(node, member(Member), "documents:read", document("internal", "published", None));

    flow::sign_out(&world.auth, &own.refresh_token, &context()).await.unwrap();
    until("a session that ended", SECOND, async || !knows(&node, &own)).await;
    assert!(knows(&node, &other), "and no other");

    suspend(&world, &admin, &world.caller(&bob).user_id, None).await.unwrap();
    until("somebody who is suspended", SECOND, async || !knows(&node, &bob)).await;

    assert!(reads(&node));
    activate(&world, &admin, CLOSED).await;
    until("policies", SECOND, async || !reads(&node)).await;

    let leaked = other.access.access_token.as_str();
    flow::revoke_key(&world.auth, &kid(leaked)).await.unwrap();
    until("a key that leaked", SECOND, async || !accepts(&node, leaked)).await;

    assert!(knows(&deaf, &own) && accepts(&deaf, leaked) && reads(&deaf), "who hears nothing knows nothing of it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_listener_that_is_cut_listens_again_and_learns_what_it_missed() {
    let Some(database) = postgres().await else { return skipped(NO_POSTGRES) };
    let world = World::on(database).await;
    world.create_account(ALICE).await;
    let (first, second) = (world.sign_in(ALICE).await, world.sign_in(ALICE).await);
    let node = world.node_that_looks_every(SELDOM).await;
    let _watching = Watching::of(&node).and_hearing(&node);
    world.until_heard_by(1).await;
    tokio::time::sleep(2 * SECOND).await;
    cut(&world.database).await;
    flow::sign_out(&world.auth, &first.refresh_token, &context()).await.unwrap();
    let patience = 10 * SECOND;
    until("what was missed", patience, async || node.caller_of_access_token(&access_token(&first)).is_err()).await;
    world.until_heard_by(1).await;
    tokio::time::sleep(SECOND).await;
    flow::sign_out(&world.auth, &second.refresh_token, &context()).await.unwrap();
    until("what is told", SECOND, async || node.caller_of_access_token(&access_token(&second)).is_err()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_node_that_hears_nothing_learns_by_looking() {
    let Some(database) = postgres().await else { return skipped(NO_POSTGRES) };
    let world = World::on(database).await;
    world.create_account(ALICE).await;
    let session = world.sign_in(ALICE).await;
    let node = world.node_that_looks_every(Duration::from_millis(300)).await;
    let _watching = Watching::of(&node);
    flow::sign_out(&world.auth, &session.refresh_token, &context()).await.unwrap();
    until("a look", SECOND, async || node.caller_of_access_token(&access_token(&session)).is_err()).await;
}

#[tokio::test]
async fn on_sqlite_there_is_nobody_to_hear() {
    let world = World::on(sqlite()).await;
    tokio::time::timeout(SECOND, world.auth.clone().hear_other_nodes()).await.expect("it returns at once");
    tokio::time::timeout(SECOND, world.auth.clone().watch_replica()).await.expect("and there is no copy");
}
