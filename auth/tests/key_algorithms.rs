//! Stories of what tokens are signed with.

use crate::support::keys::{
    ALICE, OTHER_SECRET, SECRET, accepts, header, keys, kid, published, shared, signed_by, signer, states, wanting,
};
use crate::support::{World, refusal};
use auth::crypto::MasterKey;
use auth::flow;
use auth::token::Algorithm;
use auth::view::KeyState::{Next, Signing, Verifying};
use auth::{Auth, ErrorCode};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{DecodingKey, Validation, decode};
use serde_json::Value;

/// Another service: it has the public keys, and nothing else of ours.
fn another_service_accepts(node: &Auth, token: &str) -> bool {
    let keys: JwkSet = serde_json::from_str(&node.published_keys().json).unwrap();
    let Some(key) = keys.find(&kid(token)) else { return false };
    let mut validation = Validation::new(key.common.key_algorithm.unwrap().try_into().unwrap());
    validation.set_audience(&["https://id.example.com"]);
    validation.set_issuer(&["https://id.example.com"]);
    // The clock of the story is not that of the machine.
    validation.validate_exp = false;
    decode::<Value>(token, &DecodingKey::from_jwk(key).unwrap(), &validation).is_ok()
}

on_both_databases! {
    async fn a_start_with_another_algorithm_publishes_its_key_first(world: World) {
        world.create_account(ALICE).await;
        for algorithm in [Algorithm::Es256, Algorithm::Rs256, Algorithm::EdDsa] {
            let before = signed_by(&world.auth).await;
            let node = world.started_with(wanting(algorithm)).await.unwrap();
            let next = keys(&node).await.remove(0);
            assert_eq!((next.state, &*next.algorithm), (Next, algorithm.as_str()));
            assert!(published(&node).contains(&next.id));
            assert_eq!(signer(&node).await, kid(&before), "nothing is signed with it yet");
            world.auth.learn_keys().await.unwrap();
            world.clock.advance_seconds(600);
            for each in [&world.auth, &node] {
                let token = signed_by(each).await;
                assert_eq!(header(&token)["alg"], algorithm.as_str());
                assert_eq!(kid(&token), next.id);
                assert!(accepts(&world.auth, &token) && accepts(&node, &token), "{algorithm:?}");
                assert!(another_service_accepts(each, &token), "{algorithm:?}");
                let (rest, signature) = token.rsplit_once('.').unwrap();
                let changed = if signature.starts_with('A') { "B" } else { "A" };
                assert!(!accepts(&node, &format!("{rest}.{changed}{}", &signature[1..])), "{algorithm:?}");
            }
            assert!(accepts(&node, &signed_by(&node).await));
        }
        let again = world.started_with(wanting(Algorithm::EdDsa)).await.unwrap();
        assert_eq!(keys(&again).await.len(), 4, "the setting is that of the newest key: nothing is to be done");
    }

    async fn a_new_database_begins_with_the_wanted_algorithm(world: World) {
        world.forget_keys().await;
        let node = world.started_with(wanting(Algorithm::Es256)).await.unwrap();
        let keys = keys(&node).await;
        assert_eq!((keys.len(), keys[0].state, &*keys[0].algorithm), (1, Signing, "ES256"));
    }

    async fn a_shared_secret_signs_and_is_never_published(world: World) {
        world.create_account(ALICE).await;
        let first = signer(&world.auth).await;
        let node = world.started_with(shared(SECRET)).await.unwrap();
        let next = keys(&node).await.remove(0);
        assert_eq!((next.state, &*next.algorithm), (Next, "HS256"));
        assert_eq!(published(&node), [first]);
        world.auth.learn_keys().await.unwrap();
        world.clock.advance_seconds(600);
        let token = signed_by(&node).await;
        assert_eq!(header(&token)["alg"], "HS256");
        assert_eq!(kid(&token), next.id);
        assert!(accepts(&node, &token) && accepts(&world.auth, &token), "other nodes read it from the store");
        assert!(!another_service_accepts(&node, &token));
        world.clock.advance_seconds(360);
        assert_eq!(node.published_keys().json, r#"{"keys":[]}"#);
        let again = world.started_with(shared(SECRET)).await.unwrap();
        assert_eq!(keys(&again).await.len(), 2, "the same secret is the same key");
        assert!(!world.private_half(&next.id).await.contains(SECRET));
    }

    async fn another_secret_is_another_key(world: World) {
        world.create_account(ALICE).await;
        let node = world.started_with(shared(SECRET)).await.unwrap();
        world.clock.advance_seconds(600);
        let before = signed_by(&node).await;
        let node = world.started_with(shared(OTHER_SECRET)).await.unwrap();
        assert_eq!(states(&node).await, [Next, Signing, Verifying]);
        world.clock.advance_seconds(600);
        assert_eq!(signer(&node).await, keys(&node).await[0].id);
        let node = world.started_with(shared(SECRET)).await.unwrap();
        let keys = keys(&node).await;
        assert_eq!((keys.len(), keys[0].state), (4, Next), "a secret that comes back is a key of its own");
        assert_ne!(keys[0].id, kid(&before));
    }

    async fn a_shared_secret_is_rotated_by_its_setting_alone(world: World) {
        let node = world.started_with(shared(SECRET)).await.unwrap();
        assert_eq!(refusal(flow::rotate_keys(&node, false).await), ErrorCode::SecretIsASetting);
        assert_eq!(refusal(flow::rotate_keys(&node, true).await), ErrorCode::SecretIsASetting);
        world.clock.advance_seconds(1000 * 24 * 60 * 60);
        assert!(flow::rotate_due_key(&node).await.unwrap().is_none());
        assert_eq!(keys(&node).await.len(), 2);
    }

    async fn under_another_master_key_no_node_starts(world: World) {
        let other = |settings: &mut auth::settings::Settings| {
            settings.master_keys = MasterKey::from_bytes(*b"vutsrqponmlkjihgfedcba9876543210").into();
        };
        let error = world.another_node_with(&world.clock, other).await.err().unwrap();
        let words = format!("{error:#}");
        assert!(words.contains("set MASTER_KEY to the key this database was made with"), "{words}");
    }
}
