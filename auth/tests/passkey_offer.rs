//! Stories of the one offer of a passkey after a sign-in with a password.

use crate::support::World;
use auth::session::Caller;
use auth::{FactorMethod, flow};

async fn signed_in(world: &World, address: &str) -> Caller {
    world.create_account(address).await;
    world.caller(&world.sign_in(address).await)
}

async fn is_offered(world: &World, caller: &Caller) -> bool {
    flow::offers_passkey(&world.auth, caller).await.unwrap()
}

on_both_databases! {
    async fn who_signed_in_with_a_password_is_offered_a_passkey_until_they_say_no(world: World) {
        let alice = signed_in(&world, "alice@example.com").await;
        let bob = signed_in(&world, "bob@example.com").await;
        assert!(is_offered(&world, &alice).await && is_offered(&world, &alice).await, "looking is no answer");

        flow::decline_passkey_offer(&world.auth, &alice).await.unwrap();
        flow::decline_passkey_offer(&world.auth, &alice).await.unwrap();
        assert!(!is_offered(&world, &alice).await);
        assert!(is_offered(&world, &bob).await, "somebody else's answer");
        let elsewhere = world.caller(&world.sign_in_on("alice@example.com", "Safari on iOS").await);
        assert!(!is_offered(&world, &elsewhere).await, "it holds for every device of the account");
    }

    async fn who_has_a_passkey_is_offered_none(world: World) {
        let alice = signed_in(&world, "alice@example.com").await;
        let mut tx = world.auth.store().begin().await.unwrap();
        tx.add_factor(&alice.user_id, FactorMethod::Totp, world.auth.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert!(is_offered(&world, &alice).await, "an app with codes is no passkey");

        let mut tx = world.auth.store().begin().await.unwrap();
        tx.add_factor(&alice.user_id, FactorMethod::Passkey, world.auth.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert!(!is_offered(&world, &alice).await);
    }

    async fn where_the_public_url_is_an_address_nobody_is_offered_any(world: World) {
        let alice = signed_in(&world, "alice@example.com").await;
        let change = |settings: &mut auth::settings::Settings| settings.public_url = "https://192.0.2.1".into();
        let node = world.another_node_with(&world.clock, change).await.unwrap();
        assert!(!flow::offers_passkey(&node, &alice).await.unwrap());
        assert!(!flow::passkeys_are_possible(&node));
        assert!(flow::passkeys_are_possible(&world.auth));
    }
}
