//! Stories of a real replica: a second PostgreSQL that follows the first one by streaming replication, falls behind, stops and
//! comes back.

use crate::support::administration::{ADMIN, ALICE, BOB, prove};
use crate::support::cluster::Cluster;
use crate::support::database::{Database, run_statements, url_of};
use crate::support::nodes::{listed, until};
use crate::support::skipped::{NO_CLUSTER, skipped};
use crate::support::standby::{hold_back, let_on};
use crate::support::{World, context, email, refusal};
use auth::{Auth, ErrorCode, PersonName, Role, flow};
use std::time::Duration;

const OPTIONS: &str = "-c fsync=off";
const PATIENCE: Duration = Duration::from_secs(20);

/// A world in a database of this cluster.
async fn world_in(primary: &Cluster) -> World {
    run_statements(&primary.url(), ["CREATE DATABASE story".to_owned()]).await;
    World::on(Database::at(url_in(primary))).await
}

fn url_in(cluster: &Cluster) -> String {
    url_of(&cluster.url(), "story")
}

/// Waits until lists are read from the replica: then it has what was written before the beat that it has.
async fn until_close(node: &Auth) {
    until("the replica does not come close", PATIENCE, async || node.look_at_replica().await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn lists_are_read_from_a_streaming_replica_until_it_falls_behind() {
    let Some(primary) = Cluster::start(OPTIONS).unwrap() else { return skipped(NO_CLUSTER) };
    let replica = primary.standby(OPTIONS).unwrap();
    let world = world_in(&primary).await;
    let admin = world.administrator(ADMIN).await;
    let colleague = world.colleague(BOB, Role::PlatformAdmin).await;
    let copy = url_in(&replica);
    let node = world.node_with_replica(&copy).await;
    until_close(&node).await;
    assert_eq!((listed(&node, &admin).await, listed(&node, &colleague).await), (2, 2));

    hold_back(&copy).await;
    world.create_account(ALICE).await;
    assert_eq!(listed(&node, &admin).await, 2, "it is the list of the replica, where she is not yet");
    let alice = flow::admin_show_user(&node, &admin, &world.id_of(ALICE).await).await.unwrap();
    assert_eq!(alice.user.email, email(ALICE), "one account is read where it is written");
    // What is written through this node is written into the database itself, and read there by who wrote it.
    prove(&node, &admin).await;
    let name = PersonName::parse("Ada Byron").unwrap();
    flow::change_name(&node, &admin, name.clone(), &context()).await.unwrap();
    assert_eq!(node.me(&admin).await.unwrap().name, name);
    // In the replica he is an administrator still.
    flow::set_role(&world.auth, &email(BOB), Role::User, &context()).await.unwrap();
    assert_eq!(refusal(flow::admin_list_users(&node, &colleague, "", None).await), ErrorCode::NotFound);

    world.clock.advance_seconds(6);
    assert!(!node.look_at_replica().await.unwrap(), "it is too far behind");
    assert_eq!(listed(&node, &admin).await, 3, "so the list is that of the database");
    let_on(&copy).await;
    until_close(&node).await;
    assert_eq!(listed(&node, &admin).await, 3, "by now the replica has her");
    hold_back(&copy).await;
    world.create_account("carol@example.com").await;
    assert_eq!(listed(&node, &admin).await, 3, "and is read again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_streaming_replica_that_stops_is_not_missed_and_is_read_again_when_it_is_back() {
    let Some(primary) = Cluster::start(OPTIONS).unwrap() else { return skipped(NO_CLUSTER) };
    let replica = primary.standby(OPTIONS).unwrap();
    let world = world_in(&primary).await;
    let admin = world.administrator(ADMIN).await;
    let copy = url_in(&replica);
    let node = world.node_with_replica(&copy).await;
    until_close(&node).await;
    let mut accounts = 1;
    assert_eq!(listed(&node, &admin).await, accounts);
    for (mode, meanwhile, afterwards) in [("fast", ALICE, "carol@example.com"), ("immediate", BOB, "dave@example.com")]
    {
        replica.stop(mode).unwrap();
        world.create_account(meanwhile).await;
        accounts += 1;
        assert_eq!(listed(&node, &admin).await, accounts, "also before anybody looked again");
        assert!(!node.look_at_replica().await.unwrap());
        assert_eq!(listed(&node, &admin).await, accounts);

        // The beat that it had is too old: only one that it gets now makes it close.
        world.clock.advance_seconds(6);
        replica.go_on().unwrap();
        until_close(&node).await;
        assert_eq!(listed(&node, &admin).await, accounts, "it got what was written while it was away");
        hold_back(&copy).await;
        world.create_account(afterwards).await;
        assert_eq!(listed(&node, &admin).await, accounts, "it is read again");
        let_on(&copy).await;
        accounts += 1;
        until("what was held back", PATIENCE, async || listed(&node, &admin).await == accounts).await;
    }
}
