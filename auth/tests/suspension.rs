//! Stories of accounts that an administrator suspends: who may, what ends at once, and how it ends.

use crate::support::administration::{ADMIN, ALICE, BOB, kinds, prove, suspend, suspending};
use crate::support::password_reset::mails_of_kind;
use crate::support::personal_tokens::{make, works};
use crate::support::{World, access_token, context, refusal};
use auth::flow;
use auth::id::UserId;
use auth::{AccountState, ErrorCode, EventFilter, EventKind, Role};

const DAY: i64 = 24 * 60 * 60;

on_both_databases! {
    async fn everything_ends_at_once_on_every_node(world: World) {
        let admin = world.administrator(ADMIN).await;
        world.create_account(ALICE).await;
        let (first, second) = (world.sign_in(ALICE).await, world.sign_in(ALICE).await);
        let alice = world.caller(&first);
        let secret = make(&world.auth, &alice, "Backup").await.unwrap().secret;
        let node = world.another_node().await;
        assert!(node.caller_of_access_token(&access_token(&second)).is_ok());
        assert!(works(&world.auth, &secret).await);

        suspend(&world, &admin, &alice.user_id, Some(DAY)).await.unwrap();
        for session in [&first, &second] {
            let access = access_token(session);
            assert_eq!(refusal(world.auth.caller_of_access_token(&access)), ErrorCode::InvalidToken, "at once");
            let refreshed = flow::refresh(&world.auth, &session.refresh_token, &context()).await;
            assert_eq!(refusal(refreshed), ErrorCode::SignedOut);
            assert!(flow::resume(&world.auth, &session.refresh_token, &context()).await.unwrap().is_none());
        }
        node.learn_revocations(world.auth.now().minus_seconds(30)).await.unwrap();
        assert_eq!(refusal(node.caller_of_access_token(&access_token(&second))), ErrorCode::InvalidToken, "after one look");
        for auth in [&world.auth, &node] {
            assert!(!works(auth, &secret).await, "programs are refused as well");
        }
        let seen = flow::admin_show_user(&world.auth, &admin, &alice.user_id).await.unwrap();
        assert_eq!((seen.user.state, seen.user.live_sessions), (AccountState::Suspended, 0));
        let suspension = seen.suspension.unwrap();
        assert_eq!(suspension.until, Some(world.auth.now().plus_seconds(DAY)));
        assert_eq!(suspension.note.unwrap().as_str(), "Ticket 4711");
    }

    async fn it_ends_by_itself_and_programs_go_on(world: World) {
        let admin = world.administrator(ADMIN).await;
        world.create_account(ALICE).await;
        let before = world.sign_in(ALICE).await;
        let alice = world.caller(&before);
        let secret = make(&world.auth, &alice, "Backup").await.unwrap().secret;
        suspend(&world, &admin, &alice.user_id, Some(DAY)).await.unwrap();
        world.clock.advance_seconds(DAY - 1);
        let refused = world.try_sign_in(ALICE, crate::support::PASSWORD).await;
        assert_eq!(refusal(refused), ErrorCode::AccountSuspended);
        world.clock.advance_seconds(1);
        assert!(works(&world.auth, &secret).await);
        assert!(flow::refresh(&world.auth, &before.refresh_token, &context()).await.is_err(), "what ended stays ended");
        let alice = world.caller(&world.sign_in(ALICE).await);
        let seen = world.list(&world.caller(&world.sign_in(ADMIN).await), ALICE).await;
        assert_eq!(seen, [ALICE]);
        let told = kinds(&world.auth, &alice, EventFilter::All).await;
        assert!(told.contains(&EventKind::UserSuspended) && told.contains(&EventKind::SessionRefusedSuspended), "{told:?}");
    }

    async fn it_is_taken_back_and_the_person_hears_of_both(world: World) {
        let admin = world.administrator(ADMIN).await;
        world.create_account(ALICE).await;
        let id = world.id_of(ALICE).await;
        let early = flow::unsuspend_user(&world.auth, &admin, &id, &context()).await;
        assert_eq!(refusal(early), ErrorCode::WrongState, "it is open");
        suspend(&world, &admin, &id, None).await.unwrap();
        let mail = mails_of_kind(&world, ALICE, "account_suspended").await.remove(0);
        assert!(mail.text.contains("until further notice") && mail.text.contains("Too many mails."), "{}", mail.text);
        assert!(!mail.text.contains("4711"), "what administrators tell each other is theirs");
        world.clock.advance_seconds(400 * DAY);
        let admin = world.caller(&world.sign_in(ADMIN).await);
        world.grant_grace().await;
        assert_eq!(refusal(world.try_sign_in(ALICE, crate::support::PASSWORD).await), ErrorCode::AccountSuspended);
        flow::unsuspend_user(&world.auth, &admin, &id, &context()).await.unwrap();
        assert_eq!(mails_of_kind(&world, ALICE, "account_unsuspended").await.len(), 1);
        world.sign_in(ALICE).await;
        let own = kinds(&world.auth, &admin, EventFilter::Administration).await;
        assert_eq!(own, [EventKind::AdminUserUnsuspended, EventKind::AdminUserSuspended]);
    }

    async fn a_second_suspension_takes_the_place_of_the_first(world: World) {
        let admin = world.administrator(ADMIN).await;
        world.create_account(ALICE).await;
        let id = world.id_of(ALICE).await;
        suspend(&world, &admin, &id, None).await.unwrap();
        suspend(&world, &admin, &id, Some(60)).await.unwrap();
        world.clock.advance_seconds(60);
        world.sign_in(ALICE).await;
    }

    async fn nobody_suspends_themselves_or_somebody_above_them(world: World) {
        let admin = world.administrator(ADMIN).await;
        let support = world.colleague("sue@example.com", Role::Support).await;
        let auditor = world.colleague("otto@example.com", Role::Auditor).await;
        world.create_account(ALICE).await;
        let alice = world.id_of(ALICE).await;
        assert_eq!(refusal(suspend(&world, &admin, &admin.user_id, None).await), ErrorCode::Forbidden);
        for caller in [&support, &auditor] {
            assert_eq!(refusal(suspend(&world, caller, &alice, None).await), ErrorCode::NotFound, "not theirs to do");
        }
        for id in ["", "\0", "x", "01890a5d-ac96-774b-bcce-b302099a8057"] {
            assert_eq!(refusal(suspend(&world, &admin, &UserId(id.into()), None).await), ErrorCode::NotFound, "{id:?}");
        }
        let (auth, context) = (&world.auth, context());
        let above = [
            refusal(flow::admin_end_sessions(auth, &support, &admin.user_id, &context).await),
            refusal(flow::admin_end_session(auth, &support, &admin.session_id, &context).await),
            refusal(flow::admin_send_reset(auth, &support, &auditor.user_id, &context).await),
        ];
        assert_eq!(above, [ErrorCode::Forbidden; 3]);
        world.clock.advance_seconds(15 * 60);
        assert_eq!(refusal(suspend(&world, &admin, &alice, None).await), ErrorCode::ReauthenticationRequired);
        assert!(auth.me(&admin).await.is_ok() && auth.me(&auditor).await.is_ok(), "nothing was done");
        world.sign_in(ALICE).await;
    }

    async fn an_administrator_who_is_suspended_is_nobody(world: World) {
        let admin = world.administrator(ADMIN).await;
        let other = world.colleague(BOB, Role::PlatformAdmin).await;
        suspend(&world, &admin, &other.user_id, None).await.unwrap();
        let late = suspend(&world, &other, &admin.user_id, None).await;
        assert_eq!(refusal(late), ErrorCode::SignedOut);
        assert!(world.auth.me(&admin).await.is_ok());
    }

    async fn of_two_who_suspend_each_other_one_is_left(world: World) {
        for round in 0..6 {
            let addresses = [format!("ada{round}@example.com"), format!("bob{round}@example.com")];
            let one = world.colleague(&addresses[0], Role::PlatformAdmin).await;
            let other = world.colleague(&addresses[1], Role::PlatformAdmin).await;
            let node = world.another_node().await;
            let wanted = suspending(&world, None);
            let (context, wanted) = (context(), &wanted);
            let (first, second) = tokio::join!(
                flow::suspend_user(&world.auth, &one, &other.user_id, wanted, &context),
                flow::suspend_user(&node, &other, &one.user_id, wanted, &context),
            );
            assert_ne!(first.is_ok(), second.is_ok(), "round {round}");
            let loser = if first.is_ok() { second } else { first };
            let code = refusal(loser);
            assert!(matches!(code, ErrorCode::SignedOut | ErrorCode::LastAdministrator | ErrorCode::Busy), "{code:?}");
        }
    }

    async fn the_last_administrator_stays_whoever_wants_otherwise(world: World) {
        let admin = world.administrator(ADMIN).await;
        let other = world.colleague(BOB, Role::PlatformAdmin).await;
        let context = context();
        flow::admin_set_role(&world.auth, &admin, &other.user_id, Role::Support, &context).await.unwrap();
        let asked = flow::request_deletion(&world.auth, &admin, &context).await;
        assert_eq!(refusal(asked), ErrorCode::LastAdministrator, "by leaving");
        flow::admin_set_role(&world.auth, &admin, &other.user_id, Role::PlatformAdmin, &context).await.unwrap();
        flow::request_deletion(&world.auth, &admin, &context).await.unwrap();
        let other = world.caller(&world.sign_in(BOB).await);
        prove(&world.auth, &other).await;
        let asked = flow::request_deletion(&world.auth, &other, &context).await;
        assert_eq!(refusal(asked), ErrorCode::LastAdministrator, "who is about to go does not count");
        let own = flow::admin_set_role(&world.auth, &admin, &admin.user_id, Role::User, &context).await;
        assert_eq!(refusal(own), ErrorCode::Forbidden);
        let last = flow::admin_set_role(&world.auth, &admin, &other.user_id, Role::User, &context).await;
        assert_eq!(refusal(last), ErrorCode::LastAdministrator);
    }
}
