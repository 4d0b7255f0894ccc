//! Stories of who is in an organization: seen, changed, taken out, leaving, and never without an owner.

use crate::support::organizations::{ADMIN, MEMBER, OWNER, VIEWER, built_in, give, make_role};
use crate::support::{World, context, refusal};
use auth::flow;
use auth::form::{DepartmentChange, MemberChange};
use auth::id::{OrganizationRoleId, UserId};
use auth::organization::{BuiltInRole, Department, OrganizationRole};
use auth::session::Caller;
use auth::{Cursor, ErrorCode, EventFilter, EventKind, Field, FieldIssue};

const GRACE: i64 = 14 * 24 * 60 * 60;
const OLD_PROOF: i64 = 15 * 60;

async fn kinds(world: &World, caller: &Caller) -> Vec<EventKind> {
    let page = flow::list_activity(&world.auth, caller, EventFilter::Organization, None).await.unwrap();
    page.items.into_iter().map(|line| line.kind).collect()
}

on_both_databases! {
    async fn members_are_listed_and_found_by_the_beginning_of_name_or_address(world: World) {
        let team = world.team().await;
        let find = async |sought: &str| {
            let page = flow::list_members(&world.auth, &team.viewer, &team.id, (sought, None), &context()).await.unwrap();
            page.items.into_iter().map(|member| member.email.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(find("").await, [VIEWER, MEMBER, ADMIN, OWNER], "who joined last first");
        assert_eq!(find(" OLGA").await, [OWNER]);
        assert_eq!(find("sam").await.len(), 4, "they are all called Sam");
        for nobody in ["%", "_", "lga", "\0", "a\nb", &"x".repeat(300)] {
            assert!(find(nobody).await.is_empty(), "{nobody:.10}");
        }
        let broken = ("", Some(Cursor("broken".into())));
        let list = flow::list_members(&world.auth, &team.viewer, &team.id, broken, &context()).await;
        assert_eq!(refusal(list), ErrorCode::MalformedRequest);
        let counts = flow::count_members(&world.auth, &team.viewer, &team.id, &context()).await.unwrap();
        let counts: Vec<_> = counts.iter().map(|count| (&*count.name, count.members)).collect();
        assert_eq!(counts, [("owner", 1), ("admin", 1), ("member", 1), ("viewer", 1)]);
    }

    async fn a_role_counts_at_once_on_every_node(world: World) {
        let team = world.team().await;
        let node = world.another_node().await;
        let change = MemberChange {
            role: Some(built_in(BuiltInRole::Admin)),
            department: DepartmentChange::Is(Department::parse("Sales").unwrap()),
        };
        flow::change_member(&world.auth, &team.admin, (&team.id, &team.member.user_id), change, &context()).await.unwrap();
        for auth in [&world.auth, &node] {
            let seen = flow::show_organization(auth, &team.member, &team.id, &context()).await.unwrap();
            assert_eq!((&*seen.role_name, seen.department.as_deref()), ("admin", Some("Sales")));
        }
        assert_eq!(kinds(&world, &team.member).await, [EventKind::MemberChanged]);
        let nowhere = MemberChange { role: None, department: DepartmentChange::Is(None) };
        flow::change_member(&node, &team.member, (&team.id, &team.member.user_id), nowhere, &context()).await.unwrap();
        let seen = world.seen(&team.member, &team.id).await.unwrap();
        assert_eq!((&*seen.role_name, seen.department), ("admin", None));
        give(&node, &team.owner, (&team.id, &team.member.user_id), &built_in(BuiltInRole::Admin)).await.unwrap();
        assert_eq!(kinds(&world, &team.member).await.len(), 2, "the same again leaves no trace");
    }

    async fn nobody_gives_or_takes_more_than_they_may(world: World) {
        let team = world.team().await;
        let (auth, id) = (&world.auth, &team.id);
        let owner = built_in(BuiltInRole::Owner);
        let asked = [
            // An administrator makes no owner, of nobody, and does not touch one.
            refusal(give(auth, &team.admin, (id, &team.member.user_id), &owner).await),
            refusal(give(auth, &team.admin, (id, &team.admin.user_id), &owner).await),
            refusal(give(auth, &team.admin, (id, &team.owner.user_id), &built_in(BuiltInRole::Viewer)).await),
            refusal(flow::remove_member(auth, &team.admin, (id, &team.owner.user_id), &context()).await),
            refusal(give(auth, &team.member, (id, &team.member.user_id), &built_in(BuiltInRole::Admin)).await),
            refusal(flow::remove_member(auth, &team.member, (id, &team.viewer.user_id), &context()).await),
        ];
        assert_eq!(asked, [ErrorCode::Forbidden; 6]);

        // Who may change members and little else neither makes administrators nor unmakes them.
        let steward = make_role(auth, &team.owner, id, "Steward", &["members:update", "members:remove"]).await.unwrap();
        let steward = OrganizationRole::Custom(steward);
        give(auth, &team.owner, (id, &team.viewer.user_id), &steward).await.unwrap();
        let asked = [
            refusal(give(auth, &team.viewer, (id, &team.viewer.user_id), &built_in(BuiltInRole::Admin)).await),
            refusal(give(auth, &team.viewer, (id, &team.admin.user_id), &built_in(BuiltInRole::Viewer)).await),
            refusal(flow::remove_member(auth, &team.viewer, (id, &team.member.user_id), &context()).await),
        ];
        assert_eq!(asked, [ErrorCode::Forbidden; 3]);
        assert_eq!(world.role_in(&team.viewer, id).await, "Steward");
        assert_eq!(world.role_in(&team.admin, id).await, "admin", "nothing was done");
    }

    async fn a_role_or_a_person_that_is_not_there_is_refused(world: World) {
        let team = world.team().await;
        let elsewhere = world.organization(&team.admin, "Elsewhere").await;
        let foreign = make_role(&world.auth, &team.admin, &elsewhere, "Foreign", &["documents:read"]).await.unwrap();
        let nothing = OrganizationRoleId("01890a5d-ac96-774b-bcce-b302099a8057".into());
        for role in [foreign, nothing] {
            let given = give(&world.auth, &team.owner, (&team.id, &team.member.user_id), &OrganizationRole::Custom(role)).await;
            assert_eq!(given.err().unwrap().refusal().issue(Field::Role), Some(FieldIssue::Unknown));
        }
        let stranger = world.somebody("sven@example.com").await;
        for user in [&stranger.user_id, &UserId("01890a5d-ac96-774b-bcce-b302099a8057".into()), &UserId("\0".into())] {
            let asked = [
                refusal(give(&world.auth, &team.owner, (&team.id, user), &built_in(BuiltInRole::Member)).await),
                refusal(flow::remove_member(&world.auth, &team.owner, (&team.id, user), &context()).await),
                refusal(flow::transfer_ownership(&world.auth, &team.owner, &team.id, user, &context()).await),
            ];
            assert_eq!(asked, [ErrorCode::NotFound; 3]);
        }
        assert_eq!(world.role_in(&team.member, &team.id).await, "member");
    }

    async fn the_last_owner_stays_one(world: World) {
        let team = world.team().await;
        let (auth, id) = (&world.auth, &team.id);
        let olga = &team.owner;
        let asked = [
            refusal(give(auth, olga, (id, &olga.user_id), &built_in(BuiltInRole::Admin)).await),
            refusal(flow::remove_member(auth, olga, (id, &olga.user_id), &context()).await),
            refusal(flow::leave_organization(auth, olga, id, &context()).await),
            refusal(flow::request_deletion(auth, olga, &context()).await),
        ];
        assert_eq!(asked, [ErrorCode::LastOwner; 4]);
        flow::leave_organization(auth, &team.member, id, &context()).await.unwrap();
        assert_eq!(refusal(world.seen(&team.member, id).await), ErrorCode::NotFound);
        assert_eq!(kinds(&world, &team.member).await, [EventKind::MemberLeft]);

        give(auth, olga, (id, &team.admin.user_id), &built_in(BuiltInRole::Owner)).await.unwrap();
        flow::leave_organization(auth, olga, id, &context()).await.unwrap();
        assert_eq!(refusal(flow::leave_organization(auth, &team.admin, id, &context()).await), ErrorCode::LastOwner);
    }

    async fn an_owner_who_is_about_to_leave_the_product_does_not_count(world: World) {
        let team = world.team().await;
        give(&world.auth, &team.owner, (&team.id, &team.admin.user_id), &built_in(BuiltInRole::Owner)).await.unwrap();
        flow::request_deletion(&world.auth, &team.admin, &context()).await.unwrap();
        let left = flow::leave_organization(&world.auth, &team.owner, &team.id, &context()).await;
        assert_eq!(refusal(left), ErrorCode::LastOwner);
        let to_who_goes = flow::transfer_ownership(&world.auth, &team.owner, &team.id, &team.admin.user_id, &context()).await;
        assert_eq!(refusal(to_who_goes), ErrorCode::WrongState);
        flow::keep_account(&world.auth, &team.admin, &context()).await.unwrap();
        flow::leave_organization(&world.auth, &team.owner, &team.id, &context()).await.unwrap();
    }

    async fn owners_are_made_and_unmade_with_a_fresh_proof(world: World) {
        let team = world.team().await;
        let (auth, id) = (&world.auth, &team.id);
        give(auth, &team.owner, (id, &team.admin.user_id), &built_in(BuiltInRole::Owner)).await.unwrap();
        world.clock.advance_seconds(OLD_PROOF);
        let asked = [
            refusal(give(auth, &team.owner, (id, &team.member.user_id), &built_in(BuiltInRole::Owner)).await),
            refusal(give(auth, &team.owner, (id, &team.admin.user_id), &built_in(BuiltInRole::Admin)).await),
            refusal(flow::remove_member(auth, &team.owner, (id, &team.admin.user_id), &context()).await),
            refusal(flow::transfer_ownership(auth, &team.owner, id, &team.member.user_id, &context()).await),
        ];
        assert_eq!(asked, [ErrorCode::ReauthenticationRequired; 4]);
        give(auth, &team.owner, (id, &team.member.user_id), &built_in(BuiltInRole::Viewer)).await.unwrap();
    }

    async fn an_organization_goes_into_other_hands(world: World) {
        let team = world.team().await;
        let (auth, id) = (&world.auth, &team.id);
        let own = flow::transfer_ownership(auth, &team.owner, id, &team.owner.user_id, &context()).await;
        assert_eq!(refusal(own), ErrorCode::WrongState);
        flow::transfer_ownership(auth, &team.owner, id, &team.member.user_id, &context()).await.unwrap();
        assert_eq!(world.role_in(&team.member, id).await, "owner");
        assert_eq!(world.role_in(&team.owner, id).await, "admin");
        assert_eq!(kinds(&world, &team.member).await, [EventKind::OwnershipTransferred]);
        let link = world.link_of(MEMBER, "ownership_received").await.unwrap();
        assert!(link.ends_with(&format!("/orgs/{}", id.as_str())), "{link}");
        let again = flow::transfer_ownership(auth, &team.owner, id, &team.viewer.user_id, &context()).await;
        assert_eq!(refusal(again), ErrorCode::Forbidden);
    }

    async fn an_organization_with_nobody_else_goes_with_its_owner(world: World) {
        let team = world.team().await;
        let alone = world.organization(&team.viewer, "Alone").await;
        let olga = &team.owner;
        flow::request_deletion(&world.auth, &team.viewer, &context()).await.unwrap();
        flow::transfer_ownership(&world.auth, olga, &team.id, &team.admin.user_id, &context()).await.unwrap();
        flow::request_deletion(&world.auth, olga, &context()).await.unwrap();
        world.clock.advance_seconds(GRACE + 60);
        world.auth.delete_what_is_over().await.unwrap();
        world.clock.advance_seconds(10 * 60);
        world.auth.delete_what_is_over().await.unwrap();
        assert_eq!((world.count("organizations").await, world.count("memberships").await), (1, 2));
        let adam = world.caller(&world.sign_in(ADMIN).await);
        assert_eq!(world.role_in(&adam, &team.id).await, "owner");
        assert_eq!(refusal(world.seen(&adam, &alone).await), ErrorCode::NotFound);
    }

    async fn who_joined_since_keeps_the_organization_of_an_account_that_ends(world: World) {
        let olga = world.somebody(OWNER).await;
        let id = world.organization(&olga, "Acme").await;
        flow::request_deletion(&world.auth, &olga, &context()).await.unwrap();
        world.member(&id, MEMBER, BuiltInRole::Member).await;
        world.member(&id, ADMIN, BuiltInRole::Admin).await;
        world.clock.advance_seconds(GRACE + 60);
        world.auth.delete_what_is_over().await.unwrap();
        world.clock.advance_seconds(10 * 60);
        world.auth.delete_what_is_over().await.unwrap();
        let adam = world.caller(&world.sign_in(ADMIN).await);
        assert_eq!(world.role_in(&adam, &id).await, "owner", "administrators before others");
        assert_eq!(kinds(&world, &adam).await, [EventKind::OwnershipPassed]);
        assert!(world.link_of(ADMIN, "ownership_received").await.is_some());
    }
}
