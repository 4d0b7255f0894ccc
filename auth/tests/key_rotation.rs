//! Stories of keys that take turns.

use crate::support::keys::{ALICE, accepts, keys, kid, published, signed_by, signer, states};
use crate::support::{START, World};
use auth::clock::FakeClock;
use auth::flow;
use auth::view::KeyState::{Next, Retired, Signing, Verifying};
use std::sync::Arc;

const DAY: i64 = 24 * 60 * 60;

on_both_databases! {
    async fn a_key_is_published_then_signs_then_verifies_and_is_over(world: World) {
        world.create_account(ALICE).await;
        let node = world.another_node().await;
        let first = signer(&world.auth).await;
        assert_eq!(published(&world.auth).as_slice(), std::slice::from_ref(&first));

        let next = flow::rotate_keys(&world.auth, false).await.unwrap();
        assert_eq!((next.state, next.signs_from), (Next, START.plus_seconds(600)));
        node.learn_keys().await.unwrap();
        for each in [&world.auth, &node] {
            assert_eq!(published(each), [first.clone(), next.id.clone()], "it is published first");
            assert_eq!(signer(each).await, first);
        }

        world.clock.advance_seconds(599);
        let last = signed_by(&node).await;
        world.clock.advance_seconds(1);
        for each in [&world.auth, &node] {
            assert_eq!(signer(each).await, next.id, "both change in the same second");
            assert!(accepts(each, &last), "what the first one signed goes on");
            assert_eq!(states(each).await, [Signing, Verifying]);
        }

        world.clock.advance_seconds(298);
        assert!(accepts(&world.auth, &last), "to its end");
        world.clock.advance_seconds(61);
        assert_eq!(published(&world.auth).len(), 2);
        world.clock.advance_seconds(1);
        assert_eq!(published(&world.auth).as_slice(), std::slice::from_ref(&next.id), "six minutes after its last signature");
        assert_eq!(states(&world.auth).await, [Signing, Retired]);
        assert!(!accepts(&world.auth, &last));
    }

    async fn a_key_signs_for_ninety_days_and_the_next_is_published_in_time(world: World) {
        world.create_account(ALICE).await;
        world.clock.advance_seconds(90 * DAY - 601);
        assert!(flow::rotate_due_key(&world.auth).await.unwrap().is_none());
        world.clock.advance_seconds(1);
        let next = flow::rotate_due_key(&world.auth).await.unwrap().unwrap();
        assert_eq!(next.signs_from, START.plus_seconds(90 * DAY));
        assert!(flow::rotate_due_key(&world.auth).await.unwrap().is_none(), "one waits already");
        let other_node = world.another_node().await;
        assert!(flow::rotate_due_key(&other_node).await.unwrap().is_none(), "on any node");
        world.clock.advance_seconds(600);
        assert_eq!(signer(&world.auth).await, next.id);
        assert!(flow::rotate_due_key(&world.auth).await.unwrap().is_none());
        world.clock.advance_seconds(90 * DAY - 600);
        assert!(flow::rotate_due_key(&world.auth).await.unwrap().is_some());
    }

    async fn a_key_signs_for_ever_where_the_settings_say_so(world: World) {
        let node = world.another_node_with(&world.clock, |settings| settings.keys.rotation_days = 0).await.unwrap();
        world.clock.advance_seconds(9999 * DAY);
        assert!(flow::rotate_due_key(&node).await.unwrap().is_none());
        assert_eq!(states(&node).await, [Signing]);
    }

    async fn twenty_rotations_in_the_same_moment_on_two_nodes_make_one_key(world: World) {
        let other_node = world.another_node().await;
        for round in 1..=3 {
            let rotations: Vec<_> = (0..20)
                .map(|number| {
                    let node = if number % 2 == 0 { world.auth.clone() } else { other_node.clone() };
                    tokio::spawn(async move { flow::rotate_keys(&node, number % 3 == 0).await.unwrap().id })
                })
                .collect();
            let mut next = Vec::new();
            for rotation in rotations {
                next.push(rotation.await.unwrap());
            }
            next.dedup();
            assert_eq!(next.len(), 1, "everybody hears of the same key");
            assert_eq!(keys(&world.auth).await.len(), round + 1);
            world.clock.advance_seconds(2);
            assert_eq!(states(&other_node).await[0], Signing, "somebody wanted it now");
        }
    }

    async fn a_key_that_is_wanted_now_waits_for_two_seconds(world: World) {
        world.create_account(ALICE).await;
        let first = signer(&world.auth).await;
        let next = flow::rotate_keys(&world.auth, true).await.unwrap();
        assert_eq!(next.signs_from, START.plus_seconds(2));
        world.clock.advance_seconds(1);
        assert_eq!(signer(&world.auth).await, first);
        world.clock.advance_seconds(1);
        assert_eq!(signer(&world.auth).await, next.id);
    }

    async fn a_node_whose_clock_is_ahead_signs_with_no_key_that_others_do_not_know(world: World) {
        world.create_account(ALICE).await;
        let clock = Arc::new(FakeClock::at(START.plus_seconds(25)));
        let ahead = world.another_node_with(&clock, |_| ()).await.unwrap();
        let first = signer(&world.auth).await;
        let next = flow::rotate_keys(&world.auth, true).await.unwrap();
        ahead.learn_keys().await.unwrap();
        assert_eq!(signer(&ahead).await, first, "by its clock the time has come, and others may not know the key");
        clock.advance_seconds(2);
        world.clock.advance_seconds(2);
        let token = signed_by(&ahead).await;
        assert_eq!(kid(&token), next.id);
        assert!(accepts(&world.auth, &token), "a clock may be ahead by half a minute");
    }

    async fn a_key_that_waits_can_be_hastened(world: World) {
        let waiting = flow::rotate_keys(&world.auth, false).await.unwrap();
        world.clock.advance_seconds(100);
        let hastened = flow::rotate_keys(&world.auth, true).await.unwrap();
        assert_eq!((hastened.id, hastened.signs_from), (waiting.id, START.plus_seconds(102)));
        let again = flow::rotate_keys(&world.auth, false).await.unwrap();
        assert_eq!(again.signs_from, START.plus_seconds(102), "and is not put off again");
        world.clock.advance_seconds(2);
        assert_eq!(states(&world.auth).await, [Signing, Verifying]);
    }

    async fn a_database_that_cannot_be_reached_leaves_what_was_known(world: World) {
        world.create_account(ALICE).await;
        let node = world.another_node().await;
        let token = signed_by(&node).await;
        let learned_at = node.keys_learned_at();
        world.clock.advance_seconds(10);
        node.store().close().await;
        assert!(node.learn_keys().await.is_err());
        assert!(flow::rotate_keys(&node, false).await.is_err());
        assert!(accepts(&node, &token));
        assert_eq!(published(&node).len(), 1);
        assert_eq!(node.keys_learned_at(), learned_at, "and says since when it knows nothing new");
        world.auth.learn_keys().await.unwrap();
        assert_eq!(world.auth.keys_learned_at(), START.plus_seconds(10));
    }

    async fn nodes_that_start_together_agree_on_the_first_key(world: World) {
        world.forget_keys().await;
        let world = Arc::new(world);
        let starts: Vec<_> = (0..4)
            .map(|_| {
                let world = Arc::clone(&world);
                tokio::spawn(async move { published(&world.another_node().await) })
            })
            .collect();
        let mut published = Vec::new();
        for start in starts {
            published.push(start.await.unwrap());
        }
        published.dedup();
        assert_eq!((published.len(), published[0].len()), (1, 1));
    }

    async fn the_private_half_of_a_key_that_is_over_is_erased(world: World) {
        let first = keys(&world.auth).await.remove(0).id;
        flow::rotate_keys(&world.auth, true).await.unwrap();
        world.clock.advance_seconds(2 + 360 + 3599);
        world.auth.delete_what_is_over().await.unwrap();
        assert_ne!(world.private_half(&first).await, "", "a node with a longer life of tokens may need it");
        world.clock.advance_seconds(1);
        world.auth.delete_what_is_over().await.unwrap();
        assert_eq!(world.private_half(&first).await, "");
        let node = world.another_node().await;
        assert_eq!(states(&node).await, [Signing, Retired]);
        assert_ne!(world.private_half(&keys(&node).await[0].id).await, "", "the others are whole");
    }
}
