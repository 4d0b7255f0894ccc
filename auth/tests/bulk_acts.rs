//! Stories of acts on several accounts: previewed, confirmed, and done to exactly those who were shown.

use crate::support::administration::{ADMIN, ALICE, BOB, prove, suspend, suspending};
use crate::support::password_reset::mails_of_kind;
use crate::support::{World, context, email, refusal};
use auth::flow::{self, ImportedUser};
use auth::form::{BulkWanted, BulkWhom, UserFilter};
use auth::id::UserId;
use auth::session::Caller;
use auth::view::{BulkAct, BulkPreview, LeftOut};
use auth::{AccountState, ErrorCode, Field, FieldIssue, Locale, PersonName, Result, Role};

const CAROL: &str = "carol@example.com";

async fn preview(world: &World, admin: &Caller, act: BulkAct, whom: BulkWhom) -> Result<BulkPreview> {
    let suspending = (act == BulkAct::Suspend).then(|| suspending(world, Some(3600)));
    flow::bulk_preview(&world.auth, admin, BulkWanted { act, whom, suspending }).await
}

async fn ids(world: &World, addresses: &[&str]) -> BulkWhom {
    let mut ids = Vec::new();
    for address in addresses {
        ids.push(world.id_of(address).await);
    }
    BulkWhom::Ids(ids)
}

async fn state(world: &World, admin: &Caller, address: &str) -> AccountState {
    flow::admin_show_user(&world.auth, admin, &world.id_of(address).await).await.unwrap().user.state
}

on_both_databases! {
    async fn what_was_shown_is_done_and_nothing_before(world: World) {
        let admin = world.administrator(ADMIN).await;
        for address in [ALICE, BOB, CAROL] {
            world.create_account(address).await;
        }
        suspend(&world, &admin, &world.id_of(CAROL).await, None).await.unwrap();
        let BulkWhom::Ids(mut whom) = ids(&world, &[ALICE, BOB, CAROL, ADMIN]).await else { panic!() };
        whom.push(UserId("01890a5d-ac96-774b-bcce-b302099a8057".into()));
        let shown = preview(&world, &admin, BulkAct::Suspend, BulkWhom::Ids(whom)).await.unwrap();
        let accounts: Vec<_> = shown.accounts.iter().map(|account| account.email.as_str()).collect();
        assert_eq!(accounts, [ALICE, BOB]);
        let left_out: Vec<_> = shown.left_out.iter().map(|item| item.why).collect();
        assert_eq!(left_out, [LeftOut::WrongState, LeftOut::Own, LeftOut::NotFound]);
        assert_eq!(state(&world, &admin, ALICE).await, AccountState::Active, "nothing is done yet");

        let done = flow::bulk_act(&world.auth, &admin, &shown.token, None, &context()).await.unwrap();
        assert_eq!((done.done, done.left_out.len()), (2, 0));
        for address in [ALICE, BOB] {
            assert_eq!(state(&world, &admin, address).await, AccountState::Suspended);
            assert_eq!(mails_of_kind(&world, address, "account_suspended").await.len(), 1);
        }
        let again = flow::bulk_act(&world.auth, &admin, &shown.token, None, &context()).await.unwrap();
        assert_eq!(again.done, 0, "it is done already");
        assert!(again.left_out.iter().all(|item| item.why == LeftOut::WrongState));
        let back = preview(&world, &admin, BulkAct::Unsuspend, ids(&world, &[ALICE, BOB, ADMIN]).await).await.unwrap();
        assert_eq!(flow::bulk_act(&world.auth, &admin, &back.token, None, &context()).await.unwrap().done, 2);
        assert_eq!(state(&world, &admin, BOB).await, AccountState::Active);
    }

    async fn how_they_are_suspended_is_said_at_the_latest_when_it_is_confirmed(world: World) {
        let admin = world.administrator(ADMIN).await;
        world.create_account(ALICE).await;
        let wanted = BulkWanted { act: BulkAct::Suspend, whom: ids(&world, &[ALICE]).await, suspending: None };
        let shown = flow::bulk_preview(&world.auth, &admin, wanted).await.unwrap();
        let unsaid = flow::bulk_act(&world.auth, &admin, &shown.token, None, &context()).await;
        assert_eq!(unsaid.err().unwrap().refusal().fields, [(Field::Note, FieldIssue::Required)]);
        assert_eq!(state(&world, &admin, ALICE).await, AccountState::Active);
        let how = Some(suspending(&world, Some(60)));
        let done = flow::bulk_act(&world.auth, &admin, &shown.token, how, &context()).await.unwrap();
        assert_eq!((done.done, state(&world, &admin, ALICE).await), (1, AccountState::Suspended));
        world.clock.advance_seconds(61);
        assert_eq!(state(&world, &admin, ALICE).await, AccountState::Active, "it ends by itself");
    }

    async fn each_act_leaves_out_whom_it_does_nothing_to(world: World) {
        let support = world.colleague(BOB, Role::Support).await;
        let admin = world.administrator(ADMIN).await;
        world.create_account(ALICE).await;
        world.create_account(CAROL).await;
        world.sign_in(ALICE).await;
        let whom = ids(&world, &[ALICE, CAROL, ADMIN]).await;
        let shown = preview(&world, &support, BulkAct::EndSessions, whom.clone()).await.unwrap();
        let left_out: Vec<_> = shown.left_out.iter().map(|item| item.why).collect();
        assert_eq!((shown.accounts.len(), left_out), (1, vec![LeftOut::WrongState, LeftOut::Above]));
        assert_eq!(flow::bulk_act(&world.auth, &support, &shown.token, None, &context()).await.unwrap().done, 1);
        for expected in [2, 2, 0] {
            let shown = preview(&world, &support, BulkAct::SendReset, ids(&world, &[ALICE, CAROL]).await).await.unwrap();
            world.clock.advance_seconds(1);
            let done = flow::bulk_act(&world.auth, &support, &shown.token, None, &context()).await.unwrap();
            assert_eq!(done.done, expected);
            assert!(done.left_out.iter().all(|item| item.why == LeftOut::TooSoon));
        }
        let not_theirs = preview(&world, &support, BulkAct::Suspend, whom).await;
        assert_eq!(refusal(not_theirs), ErrorCode::NotFound);
        assert!(world.auth.me(&admin).await.is_ok());
    }

    async fn a_preview_is_for_who_saw_it_and_for_ten_minutes(world: World) {
        let admin = world.administrator(ADMIN).await;
        let other = world.colleague(BOB, Role::PlatformAdmin).await;
        world.create_account(ALICE).await;
        let whom = ids(&world, &[ALICE]).await;
        let shown = preview(&world, &admin, BulkAct::Suspend, whom).await.unwrap();
        let changed = format!("{}A", shown.token);
        for (caller, token) in [(&other, &*shown.token), (&admin, &*changed), (&admin, ""), (&admin, "v1.a.b.c")] {
            let asked = flow::bulk_act(&world.auth, caller, token, None, &context()).await;
            assert_eq!(refusal(asked), ErrorCode::LinkExpired);
        }
        world.create_account(CAROL).await;
        let carol = world.caller(&world.sign_in(CAROL).await);
        let asked = flow::bulk_act(&world.auth, &carol, &shown.token, None, &context()).await;
        assert_eq!(refusal(asked), ErrorCode::NotFound, "nobody else learns that there is something");
        world.clock.advance_seconds(10 * 60);
        let late = flow::bulk_act(&world.auth, &admin, &shown.token, None, &context()).await;
        assert_eq!(refusal(late), ErrorCode::LinkExpired);
        assert_eq!(state(&world, &admin, ALICE).await, AccountState::Active);
    }

    async fn it_asks_for_a_fresh_proof_and_for_the_permission_of_now(world: World) {
        let admin = world.administrator(ADMIN).await;
        let other = world.colleague(BOB, Role::PlatformAdmin).await;
        world.create_account(ALICE).await;
        world.clock.advance_seconds(14 * 60);
        let shown = preview(&world, &other, BulkAct::Suspend, ids(&world, &[ALICE]).await).await.unwrap();
        world.clock.advance_seconds(60);
        let asked = flow::bulk_act(&world.auth, &other, &shown.token, None, &context()).await;
        assert_eq!(refusal(asked), ErrorCode::ReauthenticationRequired);
        prove(&world.auth, &admin).await;
        flow::admin_set_role(&world.auth, &admin, &other.user_id, Role::Auditor, &context()).await.unwrap();
        prove(&world.auth, &other).await;
        let asked = flow::bulk_act(&world.auth, &other, &shown.token, None, &context()).await;
        assert_eq!(refusal(asked), ErrorCode::NotFound);
        assert_eq!(state(&world, &admin, ALICE).await, AccountState::Active);
    }

    async fn a_filter_is_cut_at_five_hundred(world: World) {
        let admin = world.administrator(ADMIN).await;
        let users: Vec<_> = (0..510)
            .map(|number| ImportedUser {
                email: email(&format!("person{number}@example.com")),
                name: PersonName::parse("Sam").unwrap(),
                locale: Locale::En,
                password_hash: None,
                created_at: None,
            })
            .collect();
        flow::import_users(&world.auth, &users, false, &context()).await.unwrap();
        let whom = BulkWhom::Filter(UserFilter::from("person"));
        let shown = preview(&world, &admin, BulkAct::Suspend, whom).await.unwrap();
        assert_eq!((shown.accounts.len(), shown.is_cut), (500, true));
        let whom = BulkWhom::Filter(UserFilter::from("person50"));
        let shown = preview(&world, &admin, BulkAct::Suspend, whom).await.unwrap();
        assert_eq!((shown.accounts.len(), shown.is_cut), (11, false), "50, and 500 to 509");
        let done = flow::bulk_act(&world.auth, &admin, &shown.token, None, &context()).await.unwrap();
        assert_eq!(done.done, 11);
        let suspended = UserFilter { state: Some(AccountState::Suspended), ..UserFilter::default() };
        assert_eq!(world.list(&admin, suspended).await.len(), 11);
    }
}
