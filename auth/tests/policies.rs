//! Stories of decisions: what roles grant, what the built-in policies protect, and what others may add.

use crate::support::policies::{
    ACME, act, activate, document, may, member, of_department, organization, own, proved, somebody,
};
use crate::support::{World, context, documents, email};
use auth::organization::BuiltInRole::{Admin, Member, Owner, Viewer};
use auth::organization::{BuiltInRole, OrganizationPermission, OrganizationPermissions};
use auth::policy::{Principal, Resource};
use auth::session::Around;
use auth::view::{PolicyEffect, VerdictOutcome};
use auth::{Permission, Role, flow};

const ADMIN: &str = "ada@example.com";

const READ: &str = "documents:read";
const UPDATE: &str = "documents:update";

/// The names of the policies with this outcome.
fn with_outcome(explained: &auth::view::ExplainedDecision, outcome: VerdictOutcome) -> Vec<&str> {
    let verdicts = explained.verdicts.iter().filter(|verdict| verdict.outcome == outcome);
    verdicts.map(|verdict| verdict.id.as_str()).collect()
}

on_both_databases! {
    async fn each_role_may_what_it_grants_and_nothing_else(world: World) {
        for role in BuiltInRole::ALL {
            for permission in OrganizationPermission::ALL {
                let is_granted = role.permissions().contains(*permission);
                let allowed = may(&world.auth, member(role), permission.as_str(), organization());
                assert_eq!(allowed, is_granted, "{role:?} {permission:?}");
            }
        }
        for role in Role::ALL {
            for permission in Permission::ALL {
                let allowed = may(&world.auth, somebody(role), permission.as_str(), Resource::Platform);
                assert_eq!(allowed, role.grants(*permission), "{role:?} {permission:?}");
            }
        }
    }

    async fn what_nothing_permits_is_denied(world: World) {
        let auth = &world.auth;
        assert!(!may(auth, member(Owner), "documents:burn", organization()), "no such act");
        assert!(!may(auth, member(Owner), "users:read", organization()), "not an act of organizations");
        assert!(!may(auth, member(Owner), "members:read", document("public", "published", None)), "not with documents");
        assert!(!may(auth, somebody(Role::PlatformAdmin), READ, organization()), "the platform is not the organization");
        let denied = auth.decide(&act(somebody(Role::User), "users:read", Resource::Platform));
        assert_eq!((denied.is_allowed, denied.deciding.as_slice()), (false, &["platform-by-role".to_owned()][..]));
    }

    async fn a_document_is_changed_by_its_owner_and_by_who_may_publish(world: World) {
        let theirs = || document("internal", "draft", None);
        assert!(!may(&world.auth, member(Member), UPDATE, theirs()));
        assert!(may(&world.auth, member(Member), UPDATE, own(theirs())));
        assert!(may(&world.auth, member(Admin), UPDATE, theirs()));
        assert!(!may(&world.auth, member(Viewer), UPDATE, own(theirs())), "a role must grant it first");
    }

    async fn a_draft_is_read_by_its_owner_and_by_who_may_publish(world: World) {
        let theirs = || document("internal", "draft", None);
        for role in [Member, Viewer] {
            assert!(!may(&world.auth, member(role), READ, theirs()), "{role:?}");
            assert!(may(&world.auth, member(role), READ, own(theirs())), "{role:?}");
        }
        assert!(may(&world.auth, member(Admin), READ, theirs()));
        let admin = world.administrator(ADMIN).await;
        activate(&world, &admin, "permit (principal, action, resource);").await;
        assert!(!may(&world.auth, member(Viewer), READ, theirs()), "whatever is permitted");
    }

    async fn an_archived_document_is_not_changed_by_anybody(world: World) {
        for role in [Owner, Admin, Member] {
            let archived = || own(document("internal", "archived", None));
            assert!(!may(&world.auth, member(role), UPDATE, archived()), "{role:?}");
            assert!(may(&world.auth, member(role), READ, archived()), "{role:?}");
        }
        assert!(may(&world.auth, member(Admin), "documents:publish", document("internal", "archived", None)));
    }

    async fn what_is_confidential_is_read_by_its_department(world: World) {
        let plan = || document("confidential", "published", Some("Finance"));
        assert!(may(&world.auth, of_department(member(Viewer), "Finance"), READ, plan()));
        assert!(!may(&world.auth, of_department(member(Viewer), "Sales"), READ, plan()));
        assert!(!may(&world.auth, member(Member), READ, plan()));
        assert!(may(&world.auth, member(Member), READ, own(plan())));
        assert!(may(&world.auth, member(Admin), READ, plan()));
        let of_none = document("confidential", "published", None);
        assert!(!may(&world.auth, member(Viewer), READ, of_none), "two who have none are of no department together");
    }

    async fn what_is_secret_asks_for_a_second_factor_that_is_fresh(world: World) {
        let secret = || own(document("secret", "published", None));
        for (age, expected) in [(0, true), (900, true), (901, false)] {
            assert_eq!(may(&world.auth, proved(member(Owner), age), READ, secret()), expected, "{age}");
        }
        for action in [READ, UPDATE, "documents:delete", "documents:publish"] {
            assert!(!may(&world.auth, member(Owner), action, secret()), "{action}");
            assert!(may(&world.auth, proved(member(Owner), 60), action, secret()), "{action}");
        }
    }

    async fn a_permit_adds_to_a_role_and_a_forbid_wins(world: World) {
        let admin = world.administrator(ADMIN).await;
        let finance = || of_department(member(Viewer), "Finance");
        let permits = r#"permit (principal, action == Action::"documents:create", resource)
                         when { principal has department && principal.department == "Finance" };"#;
        assert!(!may(&world.auth, finance(), "documents:create", organization()));
        activate(&world, &admin, permits).await;
        assert!(may(&world.auth, finance(), "documents:create", organization()));
        assert!(!may(&world.auth, member(Viewer), "documents:create", organization()));
        let forbids = format!("{permits}\nforbid (principal, action == Action::\"documents:create\", resource);");
        activate(&world, &admin, &forbids).await;
        assert!(!may(&world.auth, finance(), "documents:create", organization()));
        assert!(!may(&world.auth, member(Owner), "documents:create", organization()), "also where a role grants it");
    }

    async fn whatever_is_permitted_stays_within_the_organization_and_within_the_role_of_the_platform(world: World) {
        let admin = world.administrator(ADMIN).await;
        activate(&world, &admin, "permit (principal, action, resource);").await;
        let auth = &world.auth;
        assert!(may(auth, member(Viewer), "documents:delete", document("internal", "draft", None)), "it is in force");
        for permission in OrganizationPermission::ALL {
            let outside = may(auth, somebody(Role::PlatformAdmin), permission.as_str(), organization());
            assert!(!outside, "{permission:?} by somebody who is not in it");
        }
        for permission in Permission::ALL {
            assert!(!may(auth, somebody(Role::User), permission.as_str(), Resource::Platform), "{permission:?}");
            assert!(!may(auth, member(Owner), permission.as_str(), Resource::Platform), "{permission:?}");
        }
        for action in ["organization:delete", "organization:transfer"] {
            assert!(!may(auth, member(Admin), action, organization()), "{action}");
            assert!(may(auth, member(Owner), action, organization()), "{action}");
        }
        assert!(!may(auth, member(Viewer), UPDATE, document("internal", "draft", None)), "the built-in ones stay");
    }

    async fn a_policy_is_about_one_organization_an_address_an_hour(world: World) {
        let admin = world.administrator(ADMIN).await;
        let text = format!(
            "forbid (principal, action == Action::\"documents:read\", resource in Organization::\"{ACME}\")\n\
             unless {{ context has address && context.address.isInRange(ip(\"192.0.2.0/24\")) }};\n{}",
            auth::policy::WORKING_HOURS
        );
        activate(&world, &admin, &text).await;
        let page = || act(member(Member), READ, document("internal", "published", None));
        assert!(world.auth.decide(&page()).is_allowed);
        for address in ["198.51.100.7", "", "nonsense", "2001:db8::1"] {
            let mut elsewhere = page();
            elsewhere.context.address = address.into();
            assert!(!world.auth.decide(&elsewhere).is_allowed, "{address}");
        }
        let mut mapped = page();
        mapped.context.address = "::ffff:192.0.2.9".into();
        assert!(world.auth.decide(&mapped).is_allowed);
        let other = Resource::Organization(auth::id::OrganizationId("01890a5d-ac96-774b-bcce-b302099a8099".into()));
        let mut abroad = act(member(Member), READ, other);
        abroad.context.address = "198.51.100.7".into();
        assert!(world.auth.decide(&abroad).is_allowed, "it is about another organization");

        let create = |hours: i64| {
            let mut create = act(member(Member), "documents:create", organization());
            create.context.at = create.context.at.plus_seconds(hours * 60 * 60);
            world.auth.decide(&create).is_allowed
        };
        // From Wednesday noon: at 18 and 19 o'clock, at 7 the next day, and on Saturday.
        assert_eq!([6, 7, 18, 19, 72].map(create), [true, false, false, true, false]);
    }

    async fn how_somebody_came_in_is_asked_in_an_organization_and_nowhere_else(world: World) {
        let admin = world.administrator(ADMIN).await;
        let text = r#"forbid (principal, action == Action::"members:read", resource) when { context.method == "page" };
            forbid (principal, action == Action::"users:read", resource is Platform)
            when { context has address || context.method != "" };"#;
        activate(&world, &admin, text).await;
        let acme = documents::organization(&world, "acme").await;
        let alice = documents::join(&world, &acme, "alice@example.com", Owner, None).await;
        flow::set_role(&world.auth, &email("alice@example.com"), Role::Support, &context()).await.unwrap();
        for (method, is_allowed) in [("api", true), ("page", false), ("", false)] {
            let around = Around { method, ..Around::default() };
            let read = OrganizationPermission::ReadMembers;
            let context = context();
            let within = flow::require_in_organization(&world.auth, &alice, &acme, read, &context);
            assert_eq!(around.clone().run(within).await.is_ok(), is_allowed, "{method}");
            let on_platform = flow::require_permission(&world.auth, &alice, Permission::ReadUsers);
            assert!(around.run(on_platform).await.is_ok(), "{method}");
        }
    }

    async fn it_is_said_which_policies_decided_and_which_almost_did(world: World) {
        let admin = world.administrator(ADMIN).await;
        let text = r#"@id("interns-read-nothing")
            forbid (principal, action == Action::"documents:read", resource)
            when { principal has department && principal.department == "Interns" };
            @id("somebody-else")
            forbid (principal == User::"nobody", action, resource);"#;
        activate(&world, &admin, text).await;
        let explain = |principal: Principal| {
            world.auth.explain(&act(principal, READ, document("secret", "published", Some("Finance"))))
        };
        let allowed = explain(proved(of_department(member(Member), "Finance"), 60));
        assert!(allowed.allowed);
        assert_eq!(with_outcome(&allowed, VerdictOutcome::Decided), ["role-grants"]);
        let almost = with_outcome(&allowed, VerdictOutcome::Almost);
        for policy in ["department-reads", "fresh-mfa-for-secret", "members-only", "interns-read-nothing"] {
            assert!(almost.contains(&policy), "{policy}: {almost:?}");
        }
        assert!(!allowed.verdicts.iter().any(|verdict| verdict.id == "somebody-else"), "it is about nobody here");

        let denied = explain(of_department(member(Member), "Interns"));
        assert!(!denied.allowed);
        let mut decided = with_outcome(&denied, VerdictOutcome::Decided);
        decided.sort_unstable();
        assert_eq!(decided, ["department-reads", "fresh-mfa-for-secret", "interns-read-nothing"]);
        assert_eq!(with_outcome(&denied, VerdictOutcome::Overruled), ["role-grants"]);
        let own = denied.verdicts.iter().find(|verdict| verdict.id == "interns-read-nothing").unwrap();
        assert!(own.text.contains("Interns") && own.effect == PolicyEffect::Forbid && !own.is_built_in);
    }

    async fn what_cannot_be_evaluated_permits_nothing_and_forbids_all_the_same(world: World) {
        let admin = world.administrator(ADMIN).await;
        let published = || document("internal", "published", None);
        let overflows = |effect: &str, action: &str| {
            format!(
                "@id(\"overflows\")\n{effect} (principal, action == Action::\"{action}\", resource)\n\
                 when {{ principal.session_age * 9000000000 > 0 }};"
            )
        };
        let aged = |seconds: i64| Principal { session_age: seconds, ..member(Member) };
        activate(&world, &admin, &overflows("forbid", READ)).await;
        assert!(may(&world.auth, aged(0), READ, published()), "its condition is not met");
        // Nobody passes it by growing so old that it fails.
        let old = || act(aged(i64::MAX / 2), READ, published());
        let decision = world.auth.decide(&old());
        let named = &["overflows".to_owned()][..];
        assert_eq!((decision.is_allowed, decision.failed.as_slice(), decision.deciding.as_slice()), (false, named, named));
        let explained = world.auth.explain(&old());
        assert!(!explained.allowed);
        assert_eq!(with_outcome(&explained, VerdictOutcome::Failed), ["overflows"]);
        assert_eq!(with_outcome(&explained, VerdictOutcome::Overruled), ["role-grants"]);

        activate(&world, &admin, &overflows("permit", "documents:delete")).await;
        let decision = world.auth.decide(&act(aged(i64::MAX / 2), "documents:delete", published()));
        assert_eq!((decision.is_allowed, decision.failed.as_slice(), decision.deciding.len()), (false, named, 0));
        assert!(may(&world.auth, aged(i64::MAX / 2), READ, published()), "and keeps nobody from anything");
    }

    async fn support_may_be_kept_out_and_administrators_may_not(world: World) {
        let admin = world.administrator(ADMIN).await;
        let text = r#"forbid (principal, action == Action::"users:impersonate", resource is Platform)
            when { principal.platform_role == "support" && context.weekday > 5 };
            forbid (principal, action == Action::"keys:manage", resource is Platform);"#;
        activate(&world, &admin, text).await;
        let at = |role: Role, action: &'static str, days: i64| {
            let mut asked = act(somebody(role), action, Resource::Platform);
            asked.context.at = asked.context.at.plus_seconds(days * 24 * 60 * 60);
            world.auth.decide(&asked).is_allowed
        };
        assert!(at(Role::Support, "users:impersonate", 0) && !at(Role::Support, "users:impersonate", 3));
        assert!(at(Role::PlatformAdmin, "users:impersonate", 3));
        assert!(at(Role::PlatformAdmin, "keys:manage", 0), "administrators are judged by the built-in policies alone");
    }

    async fn the_table_of_roles_shows_what_is_decided(world: World) {
        let admin = world.administrator(ADMIN).await;
        let table = |table: &auth::view::RoleTable, role: &str, permission: &str| {
            let column = table.roles.iter().position(|name| name == role).unwrap();
            table.rows.iter().find(|row| row.permission == permission).unwrap().allowed[column]
        };
        let before = flow::policy_matrix(&world.auth, &admin).await.unwrap();
        assert_eq!(before.organization.rows.len(), OrganizationPermission::ALL.len());
        assert_eq!(before.platform.rows.len(), Permission::ALL.len());
        for role in BuiltInRole::ALL {
            let set = OrganizationPermissions::of(OrganizationPermission::ALL.iter().copied().filter(|permission| {
                table(&before.organization, role.as_str(), permission.as_str())
            }));
            assert_eq!(set, role.permissions(), "{role:?}");
        }
        activate(&world, &admin, r#"permit (principal, action == Action::"audit:read", resource);"#).await;
        let after = flow::policy_matrix(&world.auth, &admin).await.unwrap();
        assert!(!table(&before.organization, "viewer", "audit:read") && table(&after.organization, "viewer", "audit:read"));
        assert!(!table(&after.platform, "user", "audit:read"), "the platform goes by roles");
    }
}
