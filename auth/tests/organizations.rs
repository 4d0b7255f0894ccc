//! Stories of organizations: made, renamed, seen by who is in them and by nobody else, worked in, and deleted.

use crate::support::organizations::{ADMIN, MEMBER, OWNER, built_in};
use crate::support::step_up::claims;
use crate::support::{World, access_token, context, refusal};
use auth::flow;
use auth::form::{OrganizationForm, RenameForm};
use auth::id::OrganizationId;
use auth::organization::{BuiltInRole, OrganizationPermission};
use auth::session::Caller;
use auth::{ErrorCode, EventFilter, EventKind, Field, FieldIssue, Result};
use serde_json::json;

const GRACE: i64 = 14 * 24 * 60 * 60;
const OLD_PROOF: i64 = 15 * 60;
const STRANGER: &str = "sven@example.com";

async fn create(world: &World, caller: &Caller, name: &str, slug: &str) -> Result<OrganizationId> {
    let form = OrganizationForm { name: name.into(), slug: slug.into() };
    flow::create_organization(&world.auth, caller, form.parse()?, &context()).await
}

async fn rename(
    world: &World,
    caller: &Caller,
    id: &OrganizationId,
    name: Option<&str>,
    slug: Option<&str>,
) -> Result<()> {
    let form = RenameForm { name: name.map(str::to_owned), slug: slug.map(str::to_owned) };
    flow::rename_organization(&world.auth, caller, id, form.parse()?, &context()).await
}

async fn kinds(world: &World, caller: &Caller) -> Vec<EventKind> {
    let page = flow::list_activity(&world.auth, caller, EventFilter::Organization, None).await.unwrap();
    page.items.into_iter().map(|line| line.kind).collect()
}

on_both_databases! {
    async fn who_makes_one_owns_it_and_works_in_it(world: World) {
        let olga = world.somebody(OWNER).await;
        let id = create(&world, &olga, " Acme Inc. ", "").await.unwrap();
        let seen = world.seen(&olga, &id).await.unwrap();
        assert_eq!((seen.name.as_str(), seen.slug.as_str(), &*seen.role, seen.is_chosen), ("Acme Inc.", "acme-inc", "owner", true));
        assert!(seen.may(OrganizationPermission::DeleteOrganization));
        assert_eq!(kinds(&world, &olga).await, [EventKind::OrganizationCreated]);
        let listed = flow::list_organizations(&world.auth, &olga, None).await.unwrap();
        assert_eq!(listed.items, std::slice::from_ref(&seen));
        assert_eq!(world.auth.me(&olga).await.unwrap().organizations, [seen]);
        assert_eq!(flow::organization_of_slug(&world.auth, &olga, "acme-inc").await.unwrap(), id);
        assert_eq!(flow::organization_of_slug(&world.auth, &olga, id.as_str()).await.unwrap(), id, "mails lead to it");
    }

    async fn a_slug_is_nobody_elses(world: World) {
        let olga = world.somebody(OWNER).await;
        create(&world, &olga, "Acme", "acme").await.unwrap();
        let taken = create(&world, &olga, "Other", "Acme").await.err().unwrap().refusal();
        assert_eq!(taken.issue(Field::Slug), Some(FieldIssue::Taken));
        for suggested in ["acme-2", "acme-3"] {
            let id = create(&world, &olga, "Acme", "").await.unwrap();
            assert_eq!(world.seen(&olga, &id).await.unwrap().slug.as_str(), suggested);
        }
        let other = create(&world, &olga, "Other", "").await.unwrap();
        let taken = rename(&world, &olga, &other, None, Some("acme")).await.err().unwrap().refusal();
        assert_eq!(taken.issue(Field::Slug), Some(FieldIssue::Taken));
        assert_eq!(world.seen(&olga, &other).await.unwrap().slug.as_str(), "other", "nothing was done");
    }

    async fn the_twenty_first_is_refused_also_when_they_come_at_once(world: World) {
        let olga = world.somebody(OWNER).await;
        for number in 0..18 {
            create(&world, &olga, &format!("Number {number}"), "").await.unwrap();
        }
        let wishes: Vec<_> = (0..6)
            .map(|number| {
                let (auth, olga) = (world.auth.clone(), olga.clone());
                tokio::spawn(async move {
                    let form = OrganizationForm { name: format!("Wish {number}"), slug: String::new() };
                    flow::create_organization(&auth, &olga, form.parse().unwrap(), &context()).await
                })
            })
            .collect();
        let mut made = 0;
        for wish in wishes {
            match wish.await.unwrap() {
                Ok(_) => made += 1,
                Err(error) => assert_eq!(error.refusal().code, ErrorCode::TooMany),
            }
        }
        assert_eq!((made, world.count("organizations").await), (2, 20));
        assert_eq!(world.auth.me(&olga).await.unwrap().organizations.len(), 20);
        // One in which somebody is no owner counts for nobody.
        let mia = world.somebody(MEMBER).await;
        let id = create(&world, &mia, "Mia's", "").await.unwrap();
        world.join(&id, &olga.user_id, &built_in(BuiltInRole::Member)).await;
        assert_eq!(flow::list_organizations(&world.auth, &olga, None).await.unwrap().items.len(), 21);
    }

    async fn to_who_is_not_in_it_there_is_nothing(world: World) {
        let team = world.team().await;
        let stranger = world.somebody(STRANGER).await;
        let (auth, id) = (&world.auth, &team.id);
        let nothing = OrganizationId("01890a5d-ac96-774b-bcce-b302099a8057".into());
        for id in [id, &nothing, &OrganizationId("\0".into()), &OrganizationId("acme".into())] {
            let asked = [
                refusal(flow::show_organization(auth, &stranger, id, &context()).await),
                refusal(rename(&world, &stranger, id, Some("Mine"), None).await),
                refusal(flow::list_members(auth, &stranger, id, ("", None), &context()).await),
                refusal(flow::count_members(auth, &stranger, id, &context()).await),
                refusal(flow::list_roles(auth, &stranger, id, &context()).await),
                refusal(flow::remove_member(auth, &stranger, (id, &team.owner.user_id), &context()).await),
                refusal(flow::transfer_ownership(auth, &stranger, id, &stranger.user_id, &context()).await),
                refusal(flow::request_organization_deletion(auth, &stranger, id, &context()).await),
                refusal(flow::keep_organization(auth, &stranger, id, &context()).await),
                refusal(flow::remove_logo(auth, &stranger, id, &context()).await),
                refusal(flow::leave_organization(auth, &stranger, id, &context()).await),
                refusal(flow::choose_organization(auth, &stranger, Some(id), &context()).await),
            ];
            assert_eq!(asked, [ErrorCode::NotFound; 12]);
        }
        assert_eq!(refusal(flow::organization_of_slug(auth, &stranger, "acme").await), ErrorCode::NotFound);
        assert!(world.auth.me(&stranger).await.unwrap().organizations.is_empty());
    }

    async fn who_is_in_it_hears_what_they_may_not(world: World) {
        let team = world.team().await;
        let (auth, id) = (&world.auth, &team.id);
        for caller in [&team.member, &team.viewer] {
            let asked = [
                refusal(rename(&world, caller, id, Some("Mine"), None).await),
                refusal(flow::remove_member(auth, caller, (id, &team.owner.user_id), &context()).await),
                refusal(flow::transfer_ownership(auth, caller, id, &caller.user_id, &context()).await),
                refusal(flow::request_organization_deletion(auth, caller, id, &context()).await),
                refusal(flow::remove_logo(auth, caller, id, &context()).await),
            ];
            assert_eq!(asked, [ErrorCode::Forbidden; 5]);
        }
        assert_eq!(refusal(flow::list_roles(auth, &team.viewer, id, &context()).await), ErrorCode::Forbidden);
        assert!(flow::list_roles(auth, &team.member, id, &context()).await.is_ok());
        let admin = [
            refusal(flow::request_organization_deletion(auth, &team.admin, id, &context()).await),
            refusal(flow::transfer_ownership(auth, &team.admin, id, &team.member.user_id, &context()).await),
        ];
        assert_eq!(admin, [ErrorCode::Forbidden; 2]);
        rename(&world, &team.admin, id, Some("Acme & Sons"), Some("acme-sons")).await.unwrap();
        assert_eq!(world.seen(&team.viewer, id).await.unwrap().name.as_str(), "Acme & Sons");
        assert_eq!(refusal(flow::organization_of_slug(auth, &team.viewer, "acme").await), ErrorCode::NotFound);
        assert_eq!(kinds(&world, &team.admin).await, [EventKind::OrganizationRenamed]);
        rename(&world, &team.admin, id, Some("Acme & Sons"), None).await.unwrap();
        assert_eq!(kinds(&world, &team.admin).await.len(), 1, "the same again leaves no trace");
    }

    async fn the_tokens_of_a_session_say_what_its_person_may_where_it_works(world: World) {
        let team = world.team().await;
        let session = world.sign_in(MEMBER).await;
        let mia = world.caller(&session);
        let before = claims(&session.access.access_token);
        assert_eq!((&before["scope"], &before["roles"], &before["org"]), (&json!(""), &json!(["user"]), &json!(null)));

        let granted = flow::choose_organization(&world.auth, &mia, Some(&team.id), &context()).await.unwrap();
        let said = claims(&granted.access_token);
        assert_eq!(said["org"], team.id.as_str());
        assert_eq!(said["roles"], json!(["user", "organization:member"]));
        assert_eq!(said["scope"], BuiltInRole::Member.permissions().as_text());
        assert!(world.auth.caller_of_access_token(&granted.access_token.as_str().into()).is_ok());
        assert!(world.auth.caller_of_access_token(&access_token(&session)).is_ok(), "it says what is still so");
        let refreshed = flow::refresh(&world.auth, &session.refresh_token, &context()).await.unwrap();
        assert_eq!(claims(&refreshed.access.access_token)["org"], team.id.as_str());
        assert!(claims(&world.sign_in(MEMBER).await.access.access_token)["org"].is_null(), "each session for itself");

        // Who is out of it is told by the next token, and the one of before is over.
        flow::remove_member(&world.auth, &team.owner, (&team.id, &mia.user_id), &context()).await.unwrap();
        let late = world.auth.caller_of_access_token(&refreshed.access.access_token.as_str().into());
        assert_eq!(refusal(late), ErrorCode::InvalidToken);
        let refreshed = flow::refresh(&world.auth, &refreshed.refresh_token, &context()).await.unwrap();
        let said = claims(&refreshed.access.access_token);
        assert_eq!((&said["scope"], &said["roles"], &said["org"]), (&json!(""), &json!(["user"]), &json!(null)));

        let none = flow::choose_organization(&world.auth, &team.owner, None, &context()).await.unwrap();
        assert!(claims(&none.access_token)["org"].is_null());
        assert!(!world.seen(&team.owner, &team.id).await.unwrap().is_chosen);
    }

    async fn one_person_is_something_else_in_each(world: World) {
        let team = world.team().await;
        let own = world.organization(&team.viewer, "Vera's").await;
        let organizations = world.auth.me(&team.viewer).await.unwrap().organizations;
        let roles: Vec<_> = organizations.iter().map(|own| (own.name.as_str(), &*own.role, own.is_chosen)).collect();
        assert_eq!(roles, [("Vera's", "owner", true), ("Acme", "viewer", false)], "the last one joined first");
        let granted = flow::choose_organization(&world.auth, &team.viewer, Some(&team.id), &context()).await.unwrap();
        assert_eq!(claims(&granted.access_token)["scope"], BuiltInRole::Viewer.permissions().as_text());
        assert_eq!(world.role_in(&team.viewer, &own).await, "owner");
    }

    async fn one_goes_after_fourteen_days_with_everything_in_it(world: World) {
        let team = world.team().await;
        let other = world.organization(&team.admin, "Stays").await;
        world.clock.advance_seconds(OLD_PROOF);
        let stale = flow::request_organization_deletion(&world.auth, &team.owner, &team.id, &context()).await;
        assert_eq!(refusal(stale), ErrorCode::ReauthenticationRequired);
        let olga = world.caller(&world.sign_in(OWNER).await);
        let day = flow::request_organization_deletion(&world.auth, &olga, &team.id, &context()).await.unwrap();
        assert_eq!(day, world.auth.now().plus_seconds(GRACE));
        let again = flow::request_organization_deletion(&world.auth, &olga, &team.id, &context()).await;
        assert_eq!(refusal(again), ErrorCode::ChangedMeanwhile);
        assert_eq!(world.seen(&team.viewer, &team.id).await.unwrap().delete_at, Some(day), "all see it coming");
        let link = world.link_of(OWNER, "organization_deletion_scheduled").await.unwrap();
        assert!(link.ends_with(&format!("/orgs/{}/settings", team.id.as_str())), "{link}");
        assert!(world.link_of(ADMIN, "organization_deletion_scheduled").await.is_none(), "only owners are told");

        flow::keep_organization(&world.auth, &olga, &team.id, &context()).await.unwrap();
        flow::keep_organization(&world.auth, &olga, &team.id, &context()).await.unwrap();
        assert_eq!(world.seen(&olga, &team.id).await.unwrap().delete_at, None);
        world.clock.advance_seconds(1);
        flow::request_organization_deletion(&world.auth, &olga, &team.id, &context()).await.unwrap();
        world.clock.advance_seconds(GRACE - 1);
        assert!(!flow::delete_organization(&world.auth, &team.id).await.unwrap(), "not a second too early");
        world.clock.advance_seconds(1);
        let nodes = [world.auth.clone(), world.another_node().await];
        let mut ends = Vec::new();
        for node in nodes {
            let id = team.id.clone();
            ends.push(tokio::spawn(async move { flow::delete_organization(&node, &id).await.unwrap() }));
        }
        let mut winners = 0;
        for end in ends {
            winners += usize::from(end.await.unwrap());
        }
        assert_eq!(winners, 1);
        assert_eq!((world.count("organizations").await, world.count("memberships").await), (1, 1));
        let adam = world.caller(&world.sign_in(ADMIN).await);
        assert_eq!(world.role_in(&adam, &other).await, "owner", "another one stays");
        assert!(world.link_of(OWNER, "organization_deleted").await.is_some());
    }

    async fn housekeeping_deletes_what_is_due(world: World) {
        let olga = world.somebody(OWNER).await;
        let id = world.organization(&olga, "Acme").await;
        flow::request_organization_deletion(&world.auth, &olga, &id, &context()).await.unwrap();
        world.auth.delete_what_is_over().await.unwrap();
        assert_eq!(world.count("organizations").await, 1);
        world.clock.advance_seconds(GRACE);
        world.auth.delete_what_is_over().await.unwrap();
        assert_eq!(world.count("organizations").await, 0);
    }

    async fn what_is_known_of_a_person_names_their_organizations(world: World) {
        let team = world.team().await;
        let data = flow::export_data(&world.auth, &team.viewer, &context()).await.unwrap();
        let json = data.to_json();
        assert_eq!(json["organizations"].as_array().unwrap().len(), 1);
        let told = &json["organizations"][0];
        assert_eq!((&told["name"], &told["slug"], &told["role"]), (&json!("Acme"), &json!("acme"), &json!("viewer")));
        assert!(!json.to_string().contains(OWNER), "nothing of others");
    }
}
