//! Stories of the roles that organizations make for themselves.

use crate::support::organizations::{built_in, give, make_role};
use crate::support::step_up::claims;
use crate::support::{World, context, refusal};
use auth::flow;
use auth::form::RoleChangeForm;
use auth::id::OrganizationRoleId;
use auth::organization::{BuiltInRole, OrganizationPermission, OrganizationRole};
use auth::{ErrorCode, EventFilter, EventKind, Field, FieldIssue};

fn change(name: Option<&str>, permissions: Option<&[&str]>) -> auth::form::RoleChange {
    let permissions = permissions.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
    RoleChangeForm { name: name.map(str::to_owned), permissions }.parse().unwrap()
}

on_both_databases! {
    async fn a_role_allows_what_it_names_and_nothing_else(world: World) {
        let team = world.team().await;
        let (auth, id) = (&world.auth, &team.id);
        let editor = make_role(auth, &team.admin, id, "Editor", &["documents:update", "documents:publish"]).await.unwrap();
        let role = OrganizationRole::Custom(editor.clone());
        give(auth, &team.admin, (id, &team.viewer.user_id), &role).await.unwrap();
        let seen = world.seen(&team.viewer, id).await.unwrap();
        assert_eq!((&*seen.role, &*seen.role_name), (editor.as_str(), "Editor"));
        assert_eq!(seen.permissions.as_text(), "organization:read documents:update documents:publish");
        let asked = flow::require_in_organization(auth, &team.viewer, id, OrganizationPermission::PublishDocuments, &context()).await;
        assert!(asked.is_ok());
        let members = flow::list_members(auth, &team.viewer, id, ("", None), &context()).await;
        assert_eq!(refusal(members), ErrorCode::Forbidden, "a viewer may, and this is another role");
        let token = flow::choose_organization(auth, &team.viewer, Some(id), &context()).await.unwrap();
        assert_eq!(claims(&token.access_token)["roles"], serde_json::json!(["user", "organization:Editor"]));

        let roles = flow::list_roles(auth, &team.member, id, &context()).await.unwrap();
        let told: Vec<_> = roles.iter().map(|role| (&*role.name, role.is_built_in, role.members)).collect();
        let expected =
            [("owner", true, 1), ("admin", true, 1), ("member", true, 1), ("viewer", true, 0), ("Editor", false, 1)];
        assert_eq!(told, expected);
    }

    async fn what_a_role_allows_changes_at_once_for_who_has_it(world: World) {
        let team = world.team().await;
        let (auth, id) = (&world.auth, &team.id);
        let editor = make_role(auth, &team.admin, id, "Editor", &["documents:update"]).await.unwrap();
        give(auth, &team.admin, (id, &team.viewer.user_id), &OrganizationRole::Custom(editor.clone())).await.unwrap();
        let token = flow::choose_organization(auth, &team.viewer, Some(id), &context()).await.unwrap().access_token;
        let wanted = change(None, Some(&["documents:read", "members:read"]));
        world.clock.advance_seconds(1);
        flow::change_role(auth, &team.admin, (id, &editor), &wanted, &context()).await.unwrap();
        assert_eq!(refusal(auth.caller_of_access_token(&token.as_str().into())), ErrorCode::InvalidToken);
        let seen = world.seen(&team.viewer, id).await.unwrap();
        assert_eq!(seen.permissions.as_text(), "organization:read members:read documents:read");
        flow::change_role(auth, &team.admin, (id, &editor), &wanted, &context()).await.unwrap();
        let lines = flow::list_activity(auth, &team.admin, EventFilter::Organization, None).await.unwrap().items;
        let kinds: Vec<_> = lines.iter().map(|line| line.kind).collect();
        // The line of the member stands in the activity of the member.
        assert_eq!(kinds, [EventKind::RoleChanged, EventKind::RoleCreated], "the same again leaves no trace");
    }

    async fn nobody_makes_a_role_of_more_than_they_may(world: World) {
        let team = world.team().await;
        let (auth, id) = (&world.auth, &team.id);
        let keeper = make_role(auth, &team.owner, id, "Keeper", &["roles:read", "roles:manage", "members:update"]).await.unwrap();
        give(auth, &team.owner, (id, &team.viewer.user_id), &OrganizationRole::Custom(keeper.clone())).await.unwrap();
        let strong = make_role(auth, &team.owner, id, "Strong", &["webhooks:manage"]).await.unwrap();
        let asked = [
            refusal(make_role(auth, &team.viewer, id, "Mine", &["documents:delete"]).await),
            refusal(flow::change_role(auth, &team.viewer, (id, &keeper), &change(None, Some(&["documents:delete"])), &context()).await),
            refusal(flow::change_role(auth, &team.viewer, (id, &strong), &change(Some("Weak"), None), &context()).await),
            refusal(flow::change_role(auth, &team.viewer, (id, &strong), &change(None, Some(&["roles:read"])), &context()).await),
            refusal(flow::remove_role(auth, &team.viewer, (id, &strong), &context()).await),
            refusal(make_role(auth, &team.member, id, "Mine", &["documents:read"]).await),
        ];
        assert_eq!(asked, [ErrorCode::Forbidden; 6]);
        make_role(auth, &team.viewer, id, "Less", &["roles:read"]).await.unwrap();
        for never in ["organization:delete", "organization:transfer", "users:read"] {
            let made = make_role(auth, &team.owner, id, "Never", &[never]).await;
            assert_eq!(made.err().unwrap().refusal().issue(Field::Permissions), Some(FieldIssue::Unknown), "{never}");
        }
    }

    async fn names_are_nobody_elses_in_their_organization(world: World) {
        let team = world.team().await;
        let (auth, id) = (&world.auth, &team.id);
        let editor = make_role(auth, &team.owner, id, "Editor", &["documents:update"]).await.unwrap();
        let writer = make_role(auth, &team.owner, id, "Writer", &["documents:update"]).await.unwrap();
        for taken in ["Editor", "EDITOR", "owner", "Viewer"] {
            let made = make_role(auth, &team.owner, id, taken, &["documents:update"]).await;
            assert_eq!(made.err().unwrap().refusal().issue(Field::Name), Some(FieldIssue::Taken), "{taken}");
        }
        let renamed = flow::change_role(auth, &team.owner, (id, &writer), &change(Some("editor"), None), &context()).await;
        assert_eq!(renamed.err().unwrap().refusal().issue(Field::Name), Some(FieldIssue::Taken));
        flow::change_role(auth, &team.owner, (id, &editor), &change(Some("EDITOR"), None), &context()).await.unwrap();
        let own = world.organization(&team.viewer, "Other").await;
        make_role(auth, &team.viewer, &own, "Editor", &["documents:update"]).await.unwrap();
    }

    async fn a_role_that_somebody_has_stays(world: World) {
        let team = world.team().await;
        let (auth, id) = (&world.auth, &team.id);
        let editor = make_role(auth, &team.owner, id, "Editor", &["documents:update"]).await.unwrap();
        give(auth, &team.owner, (id, &team.viewer.user_id), &OrganizationRole::Custom(editor.clone())).await.unwrap();
        let removed = flow::remove_role(auth, &team.owner, (id, &editor), &context()).await;
        assert_eq!(refusal(removed), ErrorCode::WrongState);
        give(auth, &team.owner, (id, &team.viewer.user_id), &built_in(BuiltInRole::Viewer)).await.unwrap();
        flow::remove_role(auth, &team.owner, (id, &editor), &context()).await.unwrap();
        let foreign = world.organization(&team.viewer, "Other").await;
        let theirs = make_role(auth, &team.viewer, &foreign, "Theirs", &["documents:read"]).await.unwrap();
        for gone in [editor, theirs, OrganizationRoleId("owner".into()), OrganizationRoleId("\0".into())] {
            let asked = [
                refusal(flow::remove_role(auth, &team.owner, (id, &gone), &context()).await),
                refusal(flow::change_role(auth, &team.owner, (id, &gone), &change(Some("Mine"), None), &context()).await),
            ];
            assert_eq!(asked, [ErrorCode::NotFound; 2], "{gone:?}");
        }
    }

    async fn the_fifty_first_role_is_refused(world: World) {
        let olga = world.somebody("olga@example.com").await;
        let id = world.organization(&olga, "Acme").await;
        for number in 0..50 {
            make_role(&world.auth, &olga, &id, &format!("Role {number}"), &["documents:read"]).await.unwrap();
        }
        let more = make_role(&world.auth, &olga, &id, "One more", &["documents:read"]).await;
        assert_eq!(refusal(more), ErrorCode::TooMany);
    }
}
