//! Stories of what programs read about themselves from memory: never old on the node that changed it, half a
//! second old at most on the others.

use crate::support::{World, context, refusal};
use auth::session::Caller;
use auth::{Auth, ErrorCode, PersonName, flow};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const ALICE: &str = "alice@example.com";
const BOB: &str = "bob@example.com";

async fn signed_in(world: &World, email: &str) -> Caller {
    world.create_account(email).await;
    world.caller(&world.sign_in(email).await)
}

async fn name(auth: &Auth, caller: &Caller) -> String {
    auth.recent_me(caller).await.unwrap().name.as_str().to_owned()
}

async fn rename(auth: &Auth, caller: &Caller, name: &str) {
    flow::change_name(auth, caller, PersonName::parse(name).unwrap(), &context()).await.unwrap();
}

on_both_databases! {
    async fn it_says_what_the_database_says(world: World) {
        let (alice, bob) = (signed_in(&world, ALICE).await, signed_in(&world, BOB).await);
        for _ in 0..2 {
            for caller in [&alice, &bob] {
                assert_eq!(*world.auth.recent_me(caller).await.unwrap(), world.auth.me(caller).await.unwrap());
            }
        }
    }

    async fn asked_again_it_comes_from_memory(world: World) {
        let alice = signed_in(&world, ALICE).await;
        let first = world.auth.recent_me(&alice).await.unwrap();
        assert!(Arc::ptr_eq(&first, &world.auth.recent_me(&alice).await.unwrap()));
        world.clock.advance_seconds(1);
        let later = world.auth.recent_me(&alice).await.unwrap();
        assert!(!Arc::ptr_eq(&first, &later), "not for long");
        assert_eq!(first, later);
    }

    async fn what_this_node_changed_is_read_at_once(world: World) {
        let alice = signed_in(&world, ALICE).await;
        for new in ["Alice", "Alice L", "Alice"] {
            name(&world.auth, &alice).await;
            rename(&world.auth, &alice, new).await;
            assert_eq!(name(&world.auth, &alice).await, new);
        }
        let day = flow::request_deletion(&world.auth, &alice, &context()).await.unwrap();
        assert_eq!(world.auth.recent_me(&alice).await.unwrap().delete_at, Some(day));
    }

    async fn what_another_node_changed_is_read_within_a_second(world: World) {
        let alice = signed_in(&world, ALICE).await;
        let node = world.another_node().await;
        assert_eq!(name(&node, &alice).await, "Sam Doe");
        rename(&world.auth, &alice, "Alice").await;
        assert_eq!(name(&node, &alice).await, "Sam Doe", "from memory, at the same moment");
        world.clock.advance_seconds(1);
        assert_eq!(name(&node, &alice).await, "Alice");
    }

    async fn what_was_read_before_a_change_never_comes_back_after_it(world: World) {
        let alice = signed_in(&world, ALICE).await;
        let is_over = Arc::new(AtomicBool::new(false));
        let readers: Vec<_> = (0..4)
            .map(|_| {
                let (auth, alice, is_over) = (world.auth.clone(), alice.clone(), Arc::clone(&is_over));
                tokio::spawn(async move {
                    while !is_over.load(Ordering::SeqCst) {
                        name(&auth, &alice).await;
                        tokio::task::yield_now().await;
                    }
                })
            })
            .collect();
        for number in 0..100 {
            let new = format!("Alice the {number}");
            rename(&world.auth, &alice, &new).await;
            for _ in 0..5 {
                assert_eq!(name(&world.auth, &alice).await, new);
                tokio::task::yield_now().await;
            }
        }
        is_over.store(true, Ordering::SeqCst);
        for reader in readers {
            reader.await.unwrap();
        }
    }

    async fn an_ended_session_reads_nothing(world: World) {
        let alice = signed_in(&world, ALICE).await;
        name(&world.auth, &alice).await;
        flow::sign_out_caller(&world.auth, &alice, &context()).await.unwrap();
        assert_eq!(refusal(world.auth.recent_me(&alice).await), ErrorCode::SignedOut);

        let bob = signed_in(&world, BOB).await;
        name(&world.auth, &bob).await;
        world.clock.advance_seconds(world.auth.lifetimes().session);
        assert_eq!(refusal(world.auth.recent_me(&bob).await), ErrorCode::SignedOut, "nor one that ended by itself");
    }
}
