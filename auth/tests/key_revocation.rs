//! Stories of keys that leaked.

use crate::support::keys::{
    ALICE, OTHER_SECRET, SECRET, accepts, header, keys, kid, published, shared, signed_by, signer, states,
};
use crate::support::{START, World, context, refusal};
use auth::view::KeyState::{Next, Retired, Revoked, Signing, Verifying};
use auth::{ErrorCode, flow};

on_both_databases! {
    async fn a_leaked_key_is_refused_at_once_and_nobody_is_signed_out(world: World) {
        world.create_account(ALICE).await;
        let node = world.another_node().await;
        let session = world.sign_in(ALICE).await;
        let leaked = session.access.access_token.clone();
        flow::revoke_key(&world.auth, &kid(&leaked)).await.unwrap();
        assert!(!accepts(&world.auth, &leaked));
        assert_eq!(states(&world.auth).await, [Signing, Revoked]);
        assert!(!published(&world.auth).contains(&kid(&leaked)));

        node.learn_keys().await.unwrap();
        assert!(!accepts(&node, &leaked), "on other nodes when they look, twice a second");
        let refreshed = flow::refresh(&world.auth, &session.refresh_token, &context()).await.unwrap();
        let fresh = refreshed.access.access_token;
        assert_ne!(kid(&fresh), kid(&leaked));
        assert!(accepts(&world.auth, &fresh) && accepts(&node, &fresh), "the next key signs at once");
        let later = world.another_node().await;
        assert!(!accepts(&later, &leaked) && accepts(&later, &fresh), "also after a restart");
        assert_eq!(world.private_half(&kid(&leaked)).await, "", "its private half is erased");
    }

    async fn a_next_key_that_waits_beside_a_leaked_one_goes_with_it(world: World) {
        world.create_account(ALICE).await;
        let first = signer(&world.auth).await;
        let next = flow::rotate_keys(&world.auth, false).await.unwrap();
        flow::revoke_key(&world.auth, &first).await.unwrap();
        assert_eq!(states(&world.auth).await, [Signing, Revoked, Revoked]);
        world.clock.advance_seconds(601);
        assert!(![first, next.id].contains(&signer(&world.auth).await));
    }

    async fn a_revoked_next_key_has_a_successor_that_waits(world: World) {
        world.create_account(ALICE).await;
        let first = signer(&world.auth).await;
        let next = flow::rotate_keys(&world.auth, false).await.unwrap();
        world.clock.advance_seconds(500);
        flow::revoke_key(&world.auth, &next.id).await.unwrap();
        assert_eq!(states(&world.auth).await, [Next, Revoked, Signing]);
        assert_eq!(keys(&world.auth).await[0].signs_from, START.plus_seconds(1100), "published for as long");
        world.clock.advance_seconds(200);
        assert_eq!(signer(&world.auth).await, first);
    }

    async fn a_key_that_only_verifies_is_revoked_alone(world: World) {
        world.create_account(ALICE).await;
        let old = signed_by(&world.auth).await;
        flow::rotate_keys(&world.auth, true).await.unwrap();
        world.clock.advance_seconds(2);
        let new = signed_by(&world.auth).await;
        assert!(accepts(&world.auth, &old));
        flow::revoke_key(&world.auth, &kid(&old)).await.unwrap();
        assert!(!accepts(&world.auth, &old) && accepts(&world.auth, &new));
        assert_eq!(states(&world.auth).await, [Signing, Revoked]);
    }

    async fn twenty_operators_who_revoke_at_once_leave_one_signing_key(world: World) {
        let leaked = keys(&world.auth).await.remove(0).id;
        let other_node = world.another_node().await;
        let revocations: Vec<_> = (0..20)
            .map(|number| {
                let node = if number % 2 == 0 { world.auth.clone() } else { other_node.clone() };
                let leaked = leaked.clone();
                tokio::spawn(async move { flow::revoke_key(&node, &leaked).await })
            })
            .collect();
        for revocation in revocations {
            revocation.await.unwrap().unwrap();
        }
        assert_eq!(states(&world.auth).await, [Signing, Revoked]);
    }

    async fn rotations_and_revocations_at_once_leave_a_key_that_signs(world: World) {
        world.create_account(ALICE).await;
        for _ in 0..5 {
            let leaked = signer(&world.auth).await;
            let (node, other) = (world.auth.clone(), world.another_node().await);
            let revocation = tokio::spawn(async move { flow::revoke_key(&other, &leaked).await });
            let rotation = tokio::spawn(async move { flow::rotate_keys(&node, true).await });
            revocation.await.unwrap().unwrap();
            rotation.await.unwrap().unwrap();
            world.clock.advance_seconds(3);
            assert_eq!(states(&world.auth).await.iter().filter(|state| **state == Signing).count(), 1);
            assert!(accepts(&world.auth, &signed_by(&world.auth).await));
        }
    }

    async fn no_key_of_that_name_is_told(world: World) {
        for unknown in ["", "nothing", "' OR 1=1 --", "../../etc/passwd", "a\0b"] {
            assert_eq!(refusal(flow::revoke_key(&world.auth, unknown).await), ErrorCode::NotFound);
        }
        assert_eq!(states(&world.auth).await, [Signing]);
    }

    async fn a_leaked_secret_never_signs_again(world: World) {
        world.create_account(ALICE).await;
        let node = world.started_with(shared(SECRET)).await.unwrap();
        world.clock.advance_seconds(600);
        let leaked = signed_by(&node).await;
        flow::revoke_key(&node, &kid(&leaked)).await.unwrap();
        assert!(!accepts(&node, &leaked));
        let token = signed_by(&node).await;
        assert_eq!(header(&token)["alg"], "EdDSA", "a key pair takes its place until there is another secret");

        let error = world.started_with(shared(SECRET)).await.err().unwrap();
        let words = format!("{error:#}");
        assert!(words.contains(&format!("hs256_secret is that of the revoked key {}", kid(&leaked))), "{words}");
        let mended = world.started_with(shared(OTHER_SECRET)).await.unwrap();
        assert_eq!(states(&mended).await, [Next, Signing, Revoked, Verifying]);
        assert!(accepts(&mended, &token));
    }

    async fn a_secret_that_leaked_is_refused_under_every_name(world: World) {
        world.create_account(ALICE).await;
        // The secret, another one, and the first again, so soon that all three still verify.
        for secret in [SECRET, OTHER_SECRET, SECRET] {
            world.started_with(shared(secret)).await.unwrap();
            world.clock.advance_seconds(100);
        }
        world.clock.advance_seconds(500);
        let node = world.another_node().await;
        let (states_before, names) = (states(&node).await, keys(&node).await);
        assert_eq!(states_before[..3], [Signing, Verifying, Verifying]);
        flow::revoke_key(&node, &names[2].id).await.unwrap();
        assert_eq!(states(&node).await[..4], [Signing, Revoked, Verifying, Revoked]);
    }

    async fn a_secret_that_leaked_is_refused_under_a_name_that_is_long_over(world: World) {
        world.create_account(ALICE).await;
        for secret in [SECRET, OTHER_SECRET, SECRET] {
            world.started_with(shared(secret)).await.unwrap();
            world.clock.advance_seconds(100_000);
        }
        let node = world.started_with(shared(SECRET)).await.unwrap();
        let (states_before, names) = (states(&node).await, keys(&node).await);
        assert_eq!(states_before[..3], [Signing, Retired, Retired]);
        let token = signed_by(&node).await;
        flow::revoke_key(&node, &names[2].id).await.unwrap();
        assert!(!accepts(&node, &token), "it signs under another name, and is the same");
        assert_eq!(states(&node).await[..4], [Signing, Revoked, Retired, Revoked]);
    }

    async fn pairs_that_still_verify_go_with_the_one_that_signs(world: World) {
        world.create_account(ALICE).await;
        let before = signed_by(&world.auth).await;
        flow::rotate_keys(&world.auth, true).await.unwrap();
        world.clock.advance_seconds(3);
        world.auth.learn_keys().await.unwrap();
        let leaked = signer(&world.auth).await;
        assert!(accepts(&world.auth, &before));
        flow::revoke_key(&world.auth, &leaked).await.unwrap();
        assert!(!accepts(&world.auth, &before), "whoever read one could read the other");
        assert_eq!(states(&world.auth).await, [Signing, Revoked, Revoked]);
    }
}
