//! Stories of organizations in the hands of administrators of the platform.

use crate::support::organizations_by_hand::{ACME, NOTHING, found};
use crate::support::{World, context, email, refusal};
use auth::flow;
use auth::id::OrganizationId;
use auth::organization::ClosingReason;
use auth::session::Caller;
use auth::{Auth, Cursor, ErrorCode, EventFilter, EventKind, Result, Role};

const ADMIN: &str = "ada@example.com";
const ALICE: &str = "alice@example.com";
const BOB: &str = "bob@example.com";
const OLD_PROOF: i64 = 15 * 60;

fn reason() -> ClosingReason {
    ClosingReason::parse("Unpaid for 90 days").unwrap()
}

async fn close(auth: &Auth, caller: &Caller, id: &str) -> Result<()> {
    flow::close_organization(auth, caller, id, &reason(), &context()).await
}

async fn reopen(auth: &Auth, caller: &Caller, id: &str) -> Result<()> {
    flow::reopen_organization(auth, caller, id, &context()).await
}

/// An administrator, and Acme with its owner Alice and its member Bob.
async fn start(world: &World) -> Caller {
    let admin = world.administrator(ADMIN).await;
    world.create_account(ALICE).await;
    world.create_account(BOB).await;
    found(world, &[(ALICE, "owner"), (BOB, "member")]).await;
    admin
}

async fn find(world: &World, admin: &Caller, sought: &str) -> Vec<String> {
    let page = flow::admin_list_organizations(&world.auth, admin, sought, None).await.unwrap();
    page.items.into_iter().map(|item| item.slug.to_string()).collect()
}

on_both_databases! {
    async fn an_organization_is_found_by_its_beginning_or_its_id(world: World) {
        let admin = start(&world).await;
        for sought in ["", "acm", " ACME & ", ACME] {
            assert_eq!(find(&world, &admin, sought).await, ["acme"], "{sought}");
        }
        for nothing in ["cme", "%", "_", "acme!", NOTHING, "a\0", "' OR 1=1 --", &"a".repeat(60_000)] {
            assert!(find(&world, &admin, nothing).await.is_empty(), "{nothing:.40}");
        }
        let broken = flow::admin_list_organizations(&world.auth, &admin, "", Some(Cursor("broken".into()))).await;
        assert_eq!(refusal(broken), ErrorCode::MalformedRequest);
    }

    async fn its_roles_and_members_are_told(world: World) {
        let admin = start(&world).await;
        let acme = flow::admin_show_organization(&world.auth, &admin, ACME).await.unwrap();
        assert_eq!((acme.item.members, acme.item.name.as_str(), acme.item.closed_at), (2, "Acme & Sons", None));
        let roles: Vec<_> = acme.roles.iter().map(|count| (count.role.as_str(), count.members)).collect();
        assert_eq!(roles, [("member", 1), ("owner", 1)]);
        let members = flow::admin_list_organization_members(&world.auth, &admin, ACME, None).await.unwrap();
        assert!(members.next.is_none());
        let mut told: Vec<_> = members.items.iter().map(|item| (item.email.as_str(), item.role.as_str())).collect();
        told.sort_unstable();
        assert_eq!(told, [(ALICE, "owner"), (BOB, "member")]);
        for (id, code) in [(NOTHING, ErrorCode::NotFound), ("x", ErrorCode::MalformedRequest)] {
            assert_eq!(refusal(flow::admin_show_organization(&world.auth, &admin, id).await), code);
            assert_eq!(refusal(flow::admin_list_organization_members(&world.auth, &admin, id, None).await), code);
            assert_eq!(refusal(close(&world.auth, &admin, id).await), code);
            assert_eq!(refusal(reopen(&world.auth, &admin, id).await), code);
        }
    }

    async fn to_everybody_else_there_is_nothing(world: World) {
        start(&world).await;
        let alice = world.caller(&world.sign_in(ALICE).await);
        // Also of one's own organization, and also what is no id.
        for id in [ACME, NOTHING, "x"] {
            let asked = [
                refusal(flow::admin_list_organizations(&world.auth, &alice, id, None).await),
                refusal(flow::admin_show_organization(&world.auth, &alice, id).await),
                refusal(flow::admin_list_organization_members(&world.auth, &alice, id, None).await),
                refusal(close(&world.auth, &alice, id).await),
                refusal(reopen(&world.auth, &alice, id).await),
            ];
            assert_eq!(asked, [ErrorCode::NotFound; 5]);
        }
        // Support and auditors read, and close nothing.
        for role in [Role::Support, Role::Auditor] {
            flow::set_role(&world.auth, &email(BOB), role, &context()).await.unwrap();
            let bob = world.caller(&world.sign_in(BOB).await);
            assert!(flow::admin_show_organization(&world.auth, &bob, ACME).await.is_ok(), "{role:?}");
            assert_eq!(refusal(close(&world.auth, &bob, ACME).await), ErrorCode::NotFound, "{role:?}");
        }
    }

    async fn one_is_closed_and_opened_again_and_its_owners_are_told(world: World) {
        let admin = start(&world).await;
        world.clock.advance_seconds(OLD_PROOF);
        assert_eq!(refusal(close(&world.auth, &admin, ACME).await), ErrorCode::ReauthenticationRequired);
        let admin = world.caller(&world.sign_in(ADMIN).await);
        assert_eq!(refusal(reopen(&world.auth, &admin, ACME).await), ErrorCode::WrongState, "it is open");
        close(&world.auth, &admin, ACME).await.unwrap();
        assert_eq!(refusal(close(&world.auth, &admin, ACME).await), ErrorCode::WrongState, "it is closed");
        let item = flow::admin_show_organization(&world.auth, &admin, ACME).await.unwrap().item;
        assert_eq!(item.closed_at, Some(world.auth.now()));
        assert_eq!(item.closed_reason.as_deref(), Some("Unpaid for 90 days"));
        world.clock.advance_seconds(1);
        reopen(&world.auth, &admin, ACME).await.unwrap();
        let item = flow::admin_show_organization(&world.auth, &admin, ACME).await.unwrap().item;
        assert_eq!((item.closed_at, item.closed_reason), (None, None));

        let mails = world.inbox_of(ALICE).await;
        let told = |kind: &str| mails.iter().find(|mail| mail.kind == kind).map(|mail| mail.text.as_str());
        let closed = told("organization_closed").unwrap();
        assert!(closed.contains("Acme & Sons") && closed.contains("Unpaid for 90 days"), "{closed}");
        assert!(told("organization_reopened").is_some());
        assert!(world.inbox_of(BOB).await.iter().all(|mail| !mail.kind.starts_with("organization_")));
        let lines = flow::list_activity(&world.auth, &admin, EventFilter::Administration, None).await.unwrap().items;
        let kinds: Vec<_> = lines.iter().map(|line| line.kind).collect();
        assert_eq!(kinds, [EventKind::AdminOrganizationReopened, EventKind::AdminOrganizationClosed]);
    }

    async fn what_is_closed_stays_whatever_its_owner_asked_for(world: World) {
        start(&world).await;
        let alice = world.caller(&world.sign_in(ALICE).await);
        let acme = OrganizationId(ACME.into());
        let day = flow::request_organization_deletion(&world.auth, &alice, &acme, &context()).await.unwrap();
        let admin = world.caller(&world.sign_in(ADMIN).await);
        close(&world.auth, &admin, ACME).await.unwrap();
        world.clock.advance_seconds(day.seconds_since(world.auth.now()));
        world.auth.delete_what_is_over().await.unwrap();
        assert!(!flow::delete_organization(&world.auth, &acme).await.unwrap());
        world.grant_grace().await;
        let admin = world.caller(&world.sign_in(ADMIN).await);
        assert_eq!(find(&world, &admin, ACME).await, ["acme"]);
        reopen(&world.auth, &admin, ACME).await.unwrap();
        world.auth.delete_what_is_over().await.unwrap();
        let item = flow::admin_show_organization(&world.auth, &admin, ACME).await.unwrap().item;
        assert_eq!((item.closed_at, item.delete_at), (None, None));
    }

    async fn of_two_who_close_at_once_one_does(world: World) {
        let admin = start(&world).await;
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let (auth, admin) = (world.auth.clone(), admin.clone());
                tokio::spawn(async move { close(&auth, &admin, ACME).await })
            })
            .collect();
        let mut closed = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(()) => closed += 1,
                outcome => assert_eq!(refusal(outcome), ErrorCode::WrongState),
            }
        }
        assert_eq!(closed, 1);
        let mails = world.inbox_of(ALICE).await;
        assert_eq!(mails.iter().filter(|mail| mail.kind == "organization_closed").count(), 1);
    }
}
