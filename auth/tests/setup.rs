//! Stories of the first administrator: one link, once, while there is none.

use crate::support::account_recovery::count;
use crate::support::totp::enrol;
use crate::support::{World, context, email, refusal};
use auth::flow;
use auth::session::Caller;
use auth::{ErrorCode, EventFilter, EventKind, Permission, Role};
use secrecy::{ExposeSecret, SecretString};

const ALICE: &str = "alice@example.com";
const BOB: &str = "bob@example.com";
const DAY: i64 = 24 * 60 * 60;

/// The token of a link that is made now.
async fn link(world: &World) -> SecretString {
    let link = flow::make_setup_link(&world.auth).await.unwrap().expect("nobody administers it yet");
    let (page, token) = link.expose_secret().split_once("?token=").unwrap();
    assert_eq!(page, "https://id.example.com/setup");
    token.into()
}

async fn account(world: &World, address: &str) -> Caller {
    world.create_account(address).await;
    world.caller(&world.sign_in(address).await)
}

async fn role(world: &World, caller: &Caller) -> Role {
    world.auth.me(caller).await.unwrap().role
}

on_both_databases! {
    async fn the_link_makes_one_administrator_and_is_dead_then(world: World) {
        let token = link(&world).await;
        let alice = account(&world, ALICE).await;
        let bob = account(&world, BOB).await;
        flow::setup_link_is_live(&world.auth, &token).await.unwrap();
        for wrong in ["", "invented", "\0", &token.expose_secret()[1..], &"x".repeat(60_000)] {
            let wrong = SecretString::from(wrong);
            assert_eq!(refusal(flow::setup_link_is_live(&world.auth, &wrong).await), ErrorCode::LinkExpired);
            let refused = flow::complete_setup(&world.auth, &alice, &wrong, &context()).await;
            assert_eq!(refusal(refused), ErrorCode::LinkExpired);
        }
        assert_eq!(role(&world, &alice).await, Role::User);

        flow::complete_setup(&world.auth, &alice, &token, &context()).await.unwrap();
        assert_eq!(role(&world, &alice).await, Role::PlatformAdmin);
        assert_eq!(refusal(flow::setup_link_is_live(&world.auth, &token).await), ErrorCode::LinkExpired);
        for caller in [&alice, &bob] {
            let again = flow::complete_setup(&world.auth, caller, &token, &context()).await;
            assert_eq!(refusal(again), ErrorCode::LinkExpired);
        }
        assert_eq!(role(&world, &bob).await, Role::User);
        assert!(flow::make_setup_link(&world.auth).await.unwrap().is_none(), "no other one is made");
        let told = flow::list_activity(&world.auth, &alice, EventFilter::All, None).await.unwrap().items;
        for kind in [EventKind::UserRoleChanged, EventKind::AdminSetupCompleted] {
            assert_eq!(told.iter().filter(|line| line.kind == kind).count(), 1, "{kind:?}");
        }
    }

    async fn the_second_factor_is_demanded_at_once(world: World) {
        let token = link(&world).await;
        let alice = account(&world, ALICE).await;
        flow::complete_setup(&world.auth, &alice, &token, &context()).await.unwrap();
        assert!(flow::owes_factor(&world.auth, &alice).await.unwrap(), "there are no days of grace");
        let asked = flow::require_permission(&world.auth, &alice, Permission::ReadUsers).await;
        assert_eq!(refusal(asked), ErrorCode::SecondFactorRequired);
        enrol(&world, &alice).await;
        assert!(flow::require_permission(&world.auth, &alice, Permission::ReadUsers).await.is_ok());
    }

    async fn a_link_lives_for_a_day_and_the_next_one_takes_its_place(world: World) {
        let alice = account(&world, ALICE).await;
        let (first, second) = (link(&world).await, link(&world).await);
        assert_eq!(refusal(flow::setup_link_is_live(&world.auth, &first).await), ErrorCode::LinkExpired);
        flow::setup_link_is_live(&world.auth, &second).await.unwrap();
        world.clock.advance_seconds(DAY);
        let late = flow::complete_setup(&world.auth, &alice, &second, &context()).await;
        assert_eq!(refusal(late), ErrorCode::LinkExpired);
        let third = link(&world).await;
        flow::complete_setup(&world.auth, &alice, &third, &context()).await.unwrap();
    }

    async fn an_administrator_of_the_command_line_kills_the_link(world: World) {
        let token = link(&world).await;
        let alice = account(&world, ALICE).await;
        account(&world, BOB).await;
        flow::set_role(&world.auth, &email(BOB), Role::PlatformAdmin, &context()).await.unwrap();
        assert_eq!(refusal(flow::setup_link_is_live(&world.auth, &token).await), ErrorCode::LinkExpired);
        let refused = flow::complete_setup(&world.auth, &alice, &token, &context()).await;
        assert_eq!(refusal(refused), ErrorCode::LinkExpired);
        // Nobody administers it any more: what was printed before works again until its day is over.
        flow::set_role(&world.auth, &email(BOB), Role::User, &context()).await.unwrap();
        flow::complete_setup(&world.auth, &alice, &token, &context()).await.unwrap();
    }

    async fn of_a_crowd_one_succeeds(world: World) {
        let token = link(&world).await;
        let mut tasks = Vec::new();
        for number in 0..8 {
            let caller = account(&world, &format!("person{number}@example.com")).await;
            let (auth, token) = (world.auth.clone(), token.clone());
            tasks.push(async move { flow::complete_setup(&auth, &caller, &token, &context()).await });
        }
        let running: Vec<_> = tasks.into_iter().map(tokio::spawn).collect();
        let mut made = 0;
        for task in running {
            match task.await.unwrap() {
                Ok(()) => made += 1,
                outcome => assert_eq!(refusal(outcome), ErrorCode::LinkExpired),
            }
        }
        assert_eq!(made, 1);
        let administrators = "SELECT CAST(COUNT(*) AS BIGINT) AS found FROM users WHERE role = 'platform_admin'";
        assert_eq!(count(&world, administrators).await, 1);
    }

    async fn the_token_travels_sealed(world: World) {
        let token = link(&world).await;
        let sealed = flow::seal_setup_token(&world.auth, &token);
        assert!(!sealed.contains(token.expose_secret()));
        let opened = flow::open_setup_token(&world.auth, &sealed.clone().into()).unwrap();
        assert_eq!(opened.expose_secret(), token.expose_secret());
        for broken in ["", "v1", &sealed[1..], token.expose_secret()] {
            assert!(flow::open_setup_token(&world.auth, &broken.into()).is_none(), "{broken}");
        }
    }
}
