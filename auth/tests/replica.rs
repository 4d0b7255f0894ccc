//! Stories of a copy of PostgreSQL that lists are read from while it is close behind. A second database stands for it: what
//! it holds, and how old it is, is then for the story to say. A real one is in `streaming_replica.rs`.

use crate::support::administration::{ADMIN, ALICE, prove};
use crate::support::database::{Database, postgres, run_statements};
use crate::support::nodes::listed;
use crate::support::skipped::{NO_POSTGRES, skipped};
use crate::support::{World, access_token};
use auth::flow;

/// The copy has this beat by now.
async fn beat(copy: &Database, at: i64) {
    let beat = format!(
        "INSERT INTO turns (name, taken_at) VALUES ('replica_beat', {at}) \
         ON CONFLICT (name) DO UPDATE SET taken_at = excluded.taken_at"
    );
    run_statements(&copy.url, [beat]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn lists_are_read_from_a_copy_that_is_close_and_nothing_that_decides() {
    let Some(database) = postgres().await else { return skipped(NO_POSTGRES) };
    let copy = postgres().await.unwrap();
    let world = World::on(database).await;
    let admin = world.administrator(ADMIN).await;
    world.create_account(ALICE).await;
    let node = world.node_with_replica(&copy.url).await;
    let now = world.auth.now();

    assert_eq!(listed(&node, &admin).await, 2, "nobody looked at the copy yet");
    assert!(!node.look_at_replica().await.unwrap(), "no beat ever arrived there");
    beat(&copy, now.0 - 5001).await;
    assert!(!node.look_at_replica().await.unwrap(), "it is too far behind");
    beat(&copy, now.0 + 5001).await;
    assert!(!node.look_at_replica().await.unwrap(), "a beat of a clock that was set back since tells nothing");
    assert_eq!(listed(&node, &admin).await, 2);

    beat(&copy, now.0 - 5000).await;
    assert!(node.look_at_replica().await.unwrap());
    // There is nobody in it: so the list is of the copy, and what decides is not.
    assert_eq!(listed(&node, &admin).await, 0);
    assert!(flow::show_statistics(&node, &admin).await.is_ok());
    let session = world.sign_in(ALICE).await;
    assert!(node.caller_of_access_token(&access_token(&session)).is_ok());
    prove(&node, &admin).await;

    world.clock.advance_seconds(1);
    assert!(!node.look_at_replica().await.unwrap(), "no later beat arrived");
    assert_eq!(listed(&node, &admin).await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_copy_that_goes_away_is_not_missed() {
    let Some(database) = postgres().await else { return skipped(NO_POSTGRES) };
    let copy = postgres().await.unwrap();
    let world = World::on(database).await;
    let admin = world.administrator(ADMIN).await;
    let node = world.node_with_replica(&copy.url).await;
    beat(&copy, world.auth.now().0).await;
    assert!(node.look_at_replica().await.unwrap());
    assert_eq!(listed(&node, &admin).await, 0);
    drop(copy);
    assert_eq!(listed(&node, &admin).await, 1, "also before anybody looked again");
    assert!(!node.look_at_replica().await.unwrap());
    assert_eq!(listed(&node, &admin).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_copy_that_is_not_there_at_the_start_keeps_nobody_from_starting() {
    let Some(database) = postgres().await else { return skipped(NO_POSTGRES) };
    let world = World::on(database).await;
    let admin = world.administrator(ADMIN).await;
    let nowhere = world.database.url.replacen("/story_", "/no_such_story_", 1);
    let node = world.node_with_replica(&nowhere).await;
    assert!(!node.look_at_replica().await.unwrap());
    assert_eq!(listed(&node, &admin).await, 1);
}
