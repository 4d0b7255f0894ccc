//! What holds for every question while nobody wrote a policy: roles alone decide, and nobody but members.

use crate::support::policies::{act, member, organization, proved, somebody};
use crate::support::{World, database};
use auth::organization::{BuiltInRole, OrganizationPermission, OrganizationPermissions};
use auth::policy::{Act, ActContext, Principal, Resource};
use auth::{Permission, Role, Timestamp};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

fn config() -> ProptestConfig {
    ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() }
}

/// Every act of a permission, wherever it is done.
fn actions() -> Vec<&'static str> {
    let organization = OrganizationPermission::ALL.iter().map(|permission| permission.as_str());
    Permission::ALL.iter().map(|permission| permission.as_str()).chain(organization).collect()
}

prop_compose! {
    /// Anybody: any role of the platform, and any set of permissions in the organization or no role there.
    fn anybody()(
        platform_role in select(Role::ALL.to_vec()),
        role in prop::option::of(select(vec!["owner", "viewer", "Treasurer", "é", ""])),
        permissions in subsequence(OrganizationPermission::ALL.to_vec(), 0..=OrganizationPermission::ALL.len()),
        department in prop::option::of(".{0,20}"),
        mfa_age in prop::option::of(0..100_000_i64),
        session_age in any::<i64>(),
    ) -> Principal {
        let permissions = if role.is_some() { OrganizationPermissions::of(permissions) } else { OrganizationPermissions::default() };
        let mfa = mfa_age.is_some();
        let role = role.map(str::to_owned);
        Principal { platform_role, role, permissions, department, mfa, mfa_age, session_age, ..somebody(Role::User) }
    }
}

prop_compose! {
    fn any_act()(
        principal in anybody(),
        action in select(actions()),
        on_platform in any::<bool>(),
        at in any::<i64>(),
        address in "[0-9a-f:.]{0,20}",
        method in select(vec!["page", "api", "token", ""]),
    ) -> Act {
        let resource = if on_platform { Resource::Platform } else { organization() };
        Act { principal, action, resource, context: ActContext { at: Timestamp(at), address, method } }
    }
}

fn is_granted(act: &Act) -> bool {
    match act.resource {
        Resource::Platform => {
            Permission::parse(act.action).is_some_and(|permission| act.principal.platform_role.grants(permission))
        }
        _ => OrganizationPermission::parse(act.action)
            .is_some_and(|permission| act.principal.permissions.contains(permission)),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_nobody_wrote_a_policy_a_decision_is_what_the_role_grants() {
    let world = World::on(database::sqlite()).await;
    let judged = TestRunner::new(config()).run(&any_act(), |act| {
        let decision = world.auth.decide(&act);
        prop_assert_eq!(decision.is_allowed, is_granted(&act), "{:?}", act);
        prop_assert!(decision.failed.is_empty());
        prop_assert_eq!(world.auth.explain(&act).allowed, decision.is_allowed);
        Ok(())
    });
    judged.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_of_any_text_is_answered() {
    let world = World::on(database::sqlite()).await;
    let judged = TestRunner::new(config()).run(&(".{0,300}", ".{0,300}"), |(role, department)| {
        let principal =
            Principal { role: Some(role), department: Some(department), ..proved(member(BuiltInRole::Viewer), 0) };
        let decision = world.auth.decide(&act(principal, "documents:read", organization()));
        prop_assert!(decision.is_allowed && decision.failed.is_empty());
        Ok(())
    });
    judged.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_text_of_a_policy_breaks_anything() {
    let world = World::on(database::sqlite()).await;
    let admin = world.administrator("ada@example.com").await;
    let pieces = vec![
        "permit",
        "forbid",
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        "principal",
        "action",
        "resource",
        "context",
        "when",
        "unless",
        "is",
        "in",
        "has",
        "like",
        "==",
        "&&",
        "||",
        "!",
        "-",
        "1",
        "\"",
        "\"x\"",
        "User::",
        ".mfa",
        ".contains(",
        ",",
        ";",
        "@id(\"a\")",
        "// x\n",
        "?principal",
        "é",
        "\u{0}",
        "if",
        "then",
        "else",
        "Action::\"documents:read\"",
        "\n",
    ];
    let texts = prop::collection::vec(select(pieces), 0..60);
    let mut runner = TestRunner::new(ProptestConfig { cases: 64, ..config() });
    for _ in 0..64 {
        let text = texts.new_tree(&mut runner).unwrap().current().join(" ");
        let outcome = crate::support::policies::try_save(&world.auth, &admin, &text).await;
        assert!(outcome.is_ok(), "{text}");
    }
}
