//! Stories of what administrators give and take: roles, sessions, factors, and the mail for a new password.

use crate::support::administration::{ADMIN, ALICE, BOB, kinds};
use crate::support::authenticator::Authenticator;
use crate::support::password_reset::mails_of_kind;
use crate::support::totp::enrol;
use crate::support::{World, access_token, context, passkeys, refusal};
use auth::flow;
use auth::id::UserId;
use auth::{ErrorCode, EventFilter, EventKind, FactorMethod, Role};

on_both_databases! {
    async fn a_role_is_given_by_an_administrator_and_counts_at_once(world: World) {
        let admin = world.administrator(ADMIN).await;
        world.create_account(ALICE).await;
        let session = world.sign_in(ALICE).await;
        let alice = world.caller(&session);
        let context = context();
        let give = |role| flow::admin_set_role(&world.auth, &admin, &alice.user_id, role, &context);
        for _ in 0..2 {
            give(Role::Support).await.unwrap();
        }
        assert!(world.auth.caller_of_access_token(&access_token(&session)).is_err(), "it named another role");
        assert!(flow::admin_list_users(&world.auth, &alice, "", None).await.is_ok());
        give(Role::User).await.unwrap();
        assert_eq!(refusal(flow::admin_list_users(&world.auth, &alice, "", None).await), ErrorCode::NotFound);
        let own = kinds(&world.auth, &admin, EventFilter::Administration).await;
        assert_eq!(own, [EventKind::AdminRoleChanged; 2], "what changes nothing leaves no line");
        let told = kinds(&world.auth, &alice, EventFilter::Profile).await;
        assert_eq!(told.iter().filter(|kind| **kind == EventKind::UserRoleChanged).count(), 2);
    }

    async fn nobody_gives_what_they_do_not_have(world: World) {
        let admin = world.administrator(ADMIN).await;
        let support = world.colleague(BOB, Role::Support).await;
        world.create_account(ALICE).await;
        let alice = world.id_of(ALICE).await;
        for role in Role::ALL {
            let asked = flow::admin_set_role(&world.auth, &support, &alice, role, &context()).await;
            assert_eq!(refusal(asked), ErrorCode::NotFound, "{role:?}");
        }
        let nobody = UserId("01890a5d-ac96-774b-bcce-b302099a8057".into());
        let asked = flow::admin_set_role(&world.auth, &admin, &nobody, Role::Support, &context()).await;
        assert_eq!(refusal(asked), ErrorCode::NotFound);
        world.clock.advance_seconds(15 * 60);
        let late = flow::admin_set_role(&world.auth, &admin, &alice, Role::Support, &context()).await;
        assert_eq!(refusal(late), ErrorCode::ReauthenticationRequired);
    }

    async fn of_two_who_demote_each_other_one_is_left(world: World) {
        for round in 0..6 {
            let one = world.colleague(&format!("ada{round}@example.com"), Role::PlatformAdmin).await;
            let other = world.colleague(&format!("bob{round}@example.com"), Role::PlatformAdmin).await;
            let (node, context) = (world.another_node().await, context());
            let (first, second) = tokio::join!(
                flow::admin_set_role(&world.auth, &one, &other.user_id, Role::User, &context),
                flow::admin_set_role(&node, &other, &one.user_id, Role::User, &context),
            );
            let left = [&one, &other].map(|caller| caller.user_id.clone());
            let mut administrators = 0;
            for id in &left {
                let user = world.auth.store().user(id).await.unwrap().unwrap();
                administrators += usize::from(user.role == Role::PlatformAdmin);
            }
            assert!(administrators >= 1, "round {round}");
            assert_eq!(administrators, 2 - usize::from(first.is_ok()) - usize::from(second.is_ok()), "round {round}");
            // Each round begins without administrators of the one before.
            for address in [format!("ada{round}@example.com"), format!("bob{round}@example.com")] {
                flow::set_role(&world.auth, &crate::support::email(&address), Role::User, &context).await.unwrap();
            }
        }
    }

    async fn every_session_of_somebody_ends(world: World) {
        let admin = world.administrator(ADMIN).await;
        world.create_account(ALICE).await;
        let sessions = [world.sign_in(ALICE).await, world.sign_in(ALICE).await];
        let id = world.caller(&sessions[0]).user_id;
        assert_eq!(flow::admin_end_sessions(&world.auth, &admin, &id, &context()).await.unwrap(), 2);
        assert_eq!(flow::admin_end_sessions(&world.auth, &admin, &id, &context()).await.unwrap(), 0);
        for session in &sessions {
            assert!(world.auth.caller_of_access_token(&access_token(session)).is_err());
            assert!(flow::refresh(&world.auth, &session.refresh_token, &context()).await.is_err());
        }
        let own = flow::admin_end_sessions(&world.auth, &admin, &admin.user_id, &context()).await;
        assert_eq!(refusal(own), ErrorCode::Forbidden);
        let alice = world.caller(&world.sign_in(ALICE).await);
        let told = kinds(&world.auth, &alice, EventFilter::SignIn).await;
        assert_eq!(told.iter().filter(|kind| **kind == EventKind::SessionsEndedByAdmin).count(), 1);
    }

    async fn one_factor_goes_and_the_others_stay(world: World) {
        let admin = world.administrator(ADMIN).await;
        world.create_account(ALICE).await;
        let alice = world.caller(&world.sign_in(ALICE).await);
        passkeys::add(&world, &alice, &mut Authenticator::new()).await;
        enrol(&world, &alice).await;
        let context = context();
        let remove = |factor| flow::admin_remove_factor(&world.auth, &admin, &alice.user_id, factor, &context);
        assert_eq!(refusal(remove(FactorMethod::SmsCode).await), ErrorCode::FactorUnavailable);
        world.clock.advance_seconds(1);
        remove(FactorMethod::Passkey).await.unwrap();
        let left = world.auth.store().user(&alice.user_id).await.unwrap().unwrap().factors;
        assert_eq!((left.names().as_str(), world.count("passkeys").await), ("totp", 0));
        assert_eq!(world.count("recovery_codes").await, 10, "they stand beside the app");
        assert_eq!(mails_of_kind(&world, ALICE, "factor_removed").await.len(), 1);
        remove(FactorMethod::Totp).await.unwrap();
        assert_eq!(world.count("recovery_codes").await, 0);
        let alice = world.caller(&world.sign_in(ALICE).await);
        let told = kinds(&world.auth, &alice, EventFilter::SignIn).await;
        assert_eq!(told.iter().filter(|kind| **kind == EventKind::FactorRemovedByAdmin).count(), 2);
        let own = flow::admin_remove_factor(&world.auth, &admin, &admin.user_id, FactorMethod::Totp, &context).await;
        assert_eq!(refusal(own), ErrorCode::Forbidden);
    }

    async fn the_mail_for_a_new_password_goes_out_within_its_limits(world: World) {
        let support = world.colleague(BOB, Role::Support).await;
        world.create_account(ALICE).await;
        let id = world.id_of(ALICE).await;
        for _ in 0..2 {
            world.clock.advance_seconds(1);
            flow::admin_send_reset(&world.auth, &support, &id, &context()).await.unwrap();
        }
        let third = flow::admin_send_reset(&world.auth, &support, &id, &context()).await;
        let refused = third.err().unwrap().refusal();
        assert_eq!((refused.code, refused.retry_after), (ErrorCode::TooSoon, Some(10 * 60)));
        let mails = mails_of_kind(&world, ALICE, "password_reset").await;
        assert_eq!(mails.len(), 2);
        let own = kinds(&world.auth, &support, EventFilter::Administration).await;
        assert_eq!(own, [EventKind::AdminResetSent; 2]);
    }
}
