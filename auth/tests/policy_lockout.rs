//! Stories of policies that would keep administrators from taking them back: none can be activated.

use crate::support::World;
use crate::support::policies::{activate, may, save, somebody, try_activate};
use auth::flow::{self, ActivatedPolicies};
use auth::policy::Resource;
use auth::{Permission, Role};

const ADMIN: &str = "ada@example.com";

/// Texts that would, one way or another. `{me}` stands for the administrator who tries.
const TRAPS: [&str; 13] = [
    "forbid (principal, action, resource);",
    "forbid (principal, action, resource is Platform);",
    "forbid (principal, action == Action::\"policies:manage\", resource);",
    "forbid (principal, action in [Action::\"policies:read\", Action::\"users:read\"], resource);",
    "forbid (principal, action, resource) when { principal.platform_role == \"platform_admin\" };",
    "forbid (principal == User::\"{me}\", action, resource);",
    "forbid (principal, action, resource is Platform) unless { principal == User::\"somebody-else\" };",
    "forbid (principal, action, resource) when { context.weekday == 2 && context.hour == 3 };",
    "forbid (principal, action, resource) when { context.time > 2000000000000 };",
    "forbid (principal, action, resource) when { principal.session_age > 3600 };",
    "forbid (principal, action, resource) unless { principal has mfa_age && principal.mfa_age < 60 };",
    "forbid (principal, action, resource)
     unless { context has address && context.address.isInRange(ip(\"10.0.0.0/8\")) };",
    // It overflows, and what forbids and cannot be evaluated forbids.
    "forbid (principal, action, resource is Platform) when { context.time * 9000000000 < 0 };",
];

on_both_databases! {
    async fn no_set_that_locks_administrators_out_is_put_in_force(world: World) {
        let admin = world.administrator(ADMIN).await;
        for trap in TRAPS {
            let text = format!("@id(\"trap\")\n{}", trap.replace("{me}", admin.user_id.as_str()));
            let number = save(&world, &admin, &text).await;
            let activated = try_activate(&world.auth, &admin, number).await.unwrap();
            assert_eq!(activated, ActivatedPolicies::LocksOut(vec!["trap".to_owned()]), "{trap}");
        }
        let listed = flow::list_policy_versions(&world.auth, &admin, None).await.unwrap();
        assert_eq!(listed.active, 0, "nothing was put in force");
        assert!(flow::policy_matrix(&world.auth, &admin).await.is_ok());
    }

    async fn a_set_is_told_apart_that_only_looks_like_one(world: World) {
        let admin = world.administrator(ADMIN).await;
        for harmless in [
            "forbid (principal, action, resource is Document);",
            "forbid (principal, action, resource is Platform) when { principal.platform_role == \"support\" };",
            "forbid (principal, action, resource is Platform) unless { principal.mfa };",
            "forbid (principal == User::\"somebody-else\", action, resource);",
            "permit (principal, action, resource);",
        ] {
            activate(&world, &admin, harmless).await;
        }
    }

    async fn whatever_is_in_force_administrators_are_judged_by_the_built_in_policies(world: World) {
        let admin = world.administrator(ADMIN).await;
        // As if it had got past the guard.
        let number = save(&world, &admin, TRAPS[0]).await;
        world.put_in_force(number).await;
        world.auth.learn_policies().await.unwrap();
        for permission in Permission::ALL {
            let may = |role| may(&world.auth, somebody(role), permission.as_str(), Resource::Platform);
            assert!(may(Role::PlatformAdmin), "{permission:?}");
            assert!(!may(Role::Support) && !may(Role::Auditor), "{permission:?}");
        }
        assert_eq!(try_activate(&world.auth, &admin, 0).await.unwrap(), ActivatedPolicies::Done, "and take it back");
    }
}
