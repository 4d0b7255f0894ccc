//! Stories of versions: writing one, what is wrong with it, cases, activating and taking back.

use crate::support::policies::{
    activate, case, document, faults, may, member, own, save, somebody, try_activate, try_save,
};
use crate::support::{World, context, refusal};
use auth::flow::{self, ActivatedPolicies, SavedPolicies};
use auth::form::{PoliciesForm, PolicyQuestion};
use auth::id::PolicyCaseId;
use auth::organization::BuiltInRole::{Member, Owner};
use auth::policy::Resource;
use auth::session::Caller;
use auth::view::PolicyCaseItem;
use auth::{Auth, Cursor, ErrorCode, EventFilter, EventKind, Role};

const ADMIN: &str = "ada@example.com";
const USER: &str = "alice@example.com";
const OLD_PROOF: i64 = 15 * 60;

/// Nobody reads anything.
const CLOSED: &str = "@id(\"closed\")\nforbid (principal, action == Action::\"documents:read\", resource);\n";

fn reads(auth: &Auth) -> bool {
    may(auth, member(Member), "documents:read", document("internal", "published", None))
}

async fn active(world: &World, admin: &Caller) -> i64 {
    flow::list_policy_versions(&world.auth, admin, None).await.unwrap().active
}

async fn add_case(world: &World, admin: &Caller, form: auth::form::PolicyCaseForm) -> PolicyCaseItem {
    let new = form.parse().ok().unwrap();
    flow::save_policy_case(&world.auth, admin, new, &context()).await.unwrap()
}

on_both_databases! {
    async fn to_everybody_else_there_is_nothing(world: World) {
        let admin = world.administrator(ADMIN).await;
        world.create_account(USER).await;
        let user = world.caller(&world.sign_in(USER).await);
        let number = save(&world, &admin, CLOSED).await;
        world.clock.advance_seconds(OLD_PROOF);
        let (auth, question) = (&world.auth, PolicyQuestion::default());
        let new = case("x", true, |_| ()).parse().ok().unwrap();
        let asked = [
            refusal(flow::list_policy_versions(auth, &user, None).await),
            refusal(flow::list_policy_versions(auth, &user, Some(Cursor("broken".into()))).await),
            refusal(flow::show_policy_version(auth, &user, number).await),
            refusal(flow::compare_policy_versions(auth, &user, 0, number).await),
            refusal(try_save(auth, &user, "nonsense").await),
            refusal(flow::policy_draft(auth, &user).await),
            refusal(flow::discard_policy_draft(auth, &user).await),
            refusal(flow::keep_policy_draft(auth, &user, "", "x").await),
            refusal(flow::preview_policies(auth, &user, number).await),
            refusal(try_activate(auth, &user, number).await),
            refusal(flow::list_policy_cases(auth, &user).await),
            refusal(flow::save_policy_case(auth, &user, new, &context()).await),
            refusal(flow::remove_policy_case(auth, &user, &PolicyCaseId("x".into()), &context()).await),
            refusal(flow::run_policy_cases(auth, &user, None).await),
            refusal(flow::ask_policies(auth, &user, &question, None).await),
            refusal(flow::who_can(auth, &user, &auth::form::WhoCanForm::default(), &context()).await),
            refusal(flow::policy_matrix(auth, &user).await),
        ];
        assert_eq!(asked, [ErrorCode::NotFound; 17]);
        assert_eq!(active(&world, &admin).await, 0, "nothing was done");
    }

    async fn an_auditor_reads_and_changes_nothing(world: World) {
        let admin = world.administrator(ADMIN).await;
        let number = save(&world, &admin, CLOSED).await;
        world.create_account(USER).await;
        flow::set_role(&world.auth, &crate::support::email(USER), Role::Auditor, &context()).await.unwrap();
        let auditor = world.caller(&world.sign_in(USER).await);
        assert!(flow::show_policy_version(&world.auth, &auditor, number).await.is_ok());
        assert!(flow::policy_matrix(&world.auth, &auditor).await.is_ok());
        assert!(flow::run_policy_cases(&world.auth, &auditor, Some(number)).await.is_ok());
        assert_eq!(refusal(try_save(&world.auth, &auditor, "").await), ErrorCode::NotFound);
        assert_eq!(refusal(try_activate(&world.auth, &auditor, number).await), ErrorCode::NotFound);
    }

    async fn a_version_is_saved_activated_and_taken_back(world: World) {
        let admin = world.administrator(ADMIN).await;
        assert!(reads(&world.auth));
        let number = save(&world, &admin, CLOSED).await;
        assert_eq!((number, active(&world, &admin).await), (1, 0));
        assert!(reads(&world.auth), "it is saved and not in force");
        assert_eq!(try_activate(&world.auth, &admin, 1).await.unwrap(), ActivatedPolicies::Done);
        assert!(!reads(&world.auth), "at once, where it was activated");
        assert_eq!(try_activate(&world.auth, &admin, 1).await.unwrap(), ActivatedPolicies::Done, "no failure");
        let listed = flow::list_policy_versions(&world.auth, &admin, None).await.unwrap();
        let known: Vec<_> = listed.page.items.iter().map(|item| (item.number, item.is_active)).collect();
        assert_eq!(known, [(1, true), (0, false)]);
        assert_eq!(listed.page.items[0].author.as_deref(), Some("Sam Doe"));

        assert_eq!(try_activate(&world.auth, &admin, 0).await.unwrap(), ActivatedPolicies::Done);
        assert!(reads(&world.auth), "the built-in policies alone");
        let lines = flow::list_activity(&world.auth, &admin, EventFilter::All, None).await.unwrap().items;
        for kind in [EventKind::PoliciesSaved, EventKind::PoliciesActivated, EventKind::PoliciesRolledBack] {
            assert_eq!(lines.iter().filter(|line| line.kind == kind).count(), 1, "{kind:?}");
        }
        assert_eq!(refusal(try_activate(&world.auth, &admin, 99).await), ErrorCode::NotFound);
        world.clock.advance_seconds(OLD_PROOF);
        assert_eq!(refusal(try_activate(&world.auth, &admin, 1).await), ErrorCode::ReauthenticationRequired);
    }

    async fn another_node_learns_it_and_so_does_one_that_starts(world: World) {
        let admin = world.administrator(ADMIN).await;
        let node = world.another_node().await;
        activate(&world, &admin, CLOSED).await;
        assert!(reads(&node), "it has not looked yet");
        node.learn_policies().await.unwrap();
        assert!(!reads(&node));
        assert!(!reads(&world.another_node().await));
        tokio::spawn(node.clone().watch_policies());
        try_activate(&world.auth, &admin, 0).await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(1000)).await;
        assert!(reads(&node), "within a second");
    }

    async fn what_is_wrong_is_told_with_its_line(world: World) {
        let admin = world.administrator(ADMIN).await;
        let good = activate(&world, &admin, CLOSED).await;
        // Where the language itself finds a fault, the line is what counts; of ours the column is known as well.
        for (text, line, column, says) in [
            ("permit (principal, action, resource)", 1, None, "end of input"),
            ("\npermit (principal, action, resource) when { 1 + };", 2, Some(49), "unexpected token"),
            ("permit (principal, action == Action::\"documents:burn\", resource);", 1, None, "documents:burn"),
            ("// a\npermit (principal, action, resource)\nwhen { principal.nothing == 1 };", 3, None, "nothing"),
            ("permit (principal, action, resource is Document)\nwhen { resource.department == \"x\" };", 2, None, "department"),
            ("permit (principal == ?principal, action, resource);", 1, Some(1), "template"),
            ("\n @id(\"role-grants\") permit (principal, action, resource);", 2, Some(2), "built-in"),
            ("@id(\"Bad Name\") permit (principal, action, resource);", 1, Some(1), "no name"),
            (
                "@id(\"a\") permit (principal, action, resource);\n@id(\"a\") permit (principal, action, resource);",
                2,
                Some(1),
                "another policy",
            ),
            ("permit (principal, action == Action::\"users:read\", resource is Document);", 1, None, "applicable action"),
            ("permit (principal, action, resource)\nwhen { context.method == \"a\u{202e}b\" };", 2, None, "BIDI"),
        ] {
            let found = faults(&world, &admin, text).await;
            assert_eq!((found[0].line, column.unwrap_or(found[0].column)), (line, found[0].column), "{text}: {found:?}");
            let said = found.iter().any(|fault| format!("{} {:?}", fault.message, fault.help).contains(says));
            assert!(said, "{text}: {found:?}");
        }
        assert_eq!(active(&world, &admin).await, good, "nothing is lost");
        assert!(!reads(&world.auth));
    }

    async fn what_is_too_much_is_refused_and_the_program_goes_on(world: World) {
        let admin = world.administrator(ADMIN).await;
        let one = "permit (principal, action == Action::\"documents:read\", resource) when { principal.mfa };\n";
        let deep = |piece: &str, count| {
            format!("permit (principal, action, resource) when {{ {}1 }};", piece.repeat(count))
        };
        for text in [
            one.repeat(501),
            "x".repeat(64 * 1024 + 1),
            format!("// {}", "é".repeat(40 * 1024)),
            "a".repeat(1_000_000),
            deep("(", 20_000),
            deep("!", 60_000),
            deep("1 + ", 15_000),
            deep("true && ", 8_000),
            deep("if true then true else ", 2_500),
            deep("[", 20_000),
            deep("{\"a\": ", 9_000),
            format!("permit (principal, action, resource) when {{ principal{} }};", ".a".repeat(30_000)),
            format!("permit (principal, action, resource){};", " when { true }".repeat(4_000)),
            "\0".into(),
            "permit\0".into(),
            "\"".repeat(3_000),
            "@".repeat(3_000),
        ] {
            let found = faults(&world, &admin, &text).await;
            assert!((1..=50).contains(&found.len()), "{text:.60}: {found:?}");
        }
        assert!(save(&world, &admin, &one.repeat(500)).await > 0, "as many as there may be");
        assert!(reads(&world.auth));
    }

    async fn what_was_typed_is_kept_until_it_is_saved(world: World) {
        let admin = world.administrator(ADMIN).await;
        assert!(flow::policy_draft(&world.auth, &admin).await.unwrap().is_none());
        faults(&world, &admin, "permit").await;
        let draft = flow::policy_draft(&world.auth, &admin).await.unwrap().unwrap();
        assert_eq!((draft.text.as_str(), draft.note.as_str(), draft.faults.len()), ("permit", "A try", 1));
        faults(&world, &admin, "forbid").await;
        assert_eq!(flow::policy_draft(&world.auth, &admin).await.unwrap().unwrap().text, "forbid");
        save(&world, &admin, CLOSED).await;
        assert!(flow::policy_draft(&world.auth, &admin).await.unwrap().is_none(), "it was saved");
        faults(&world, &admin, "permit").await;
        flow::discard_policy_draft(&world.auth, &admin).await.unwrap();
        assert!(flow::policy_draft(&world.auth, &admin).await.unwrap().is_none());
    }

    async fn a_version_that_fails_a_case_is_not_put_in_force(world: World) {
        let admin = world.administrator(ADMIN).await;
        let members_read = add_case(&world, &admin, case("members read", true, |_| ())).await;
        world.clock.advance_seconds(1);
        add_case(&world, &admin, case("strangers do not", false, |question| question.role = None)).await;
        let number = save(&world, &admin, CLOSED).await;
        let previewed = flow::preview_policies(&world.auth, &admin, number).await.unwrap();
        assert!(matches!(previewed, ActivatedPolicies::CasesFailed(_)), "{previewed:?}");
        assert_eq!(flow::preview_policies(&world.auth, &admin, 0).await.unwrap(), ActivatedPolicies::Done);
        let ActivatedPolicies::CasesFailed(failed) = try_activate(&world.auth, &admin, number).await.unwrap() else {
            panic!("it was activated");
        };
        assert_eq!(failed.len(), 1);
        assert_eq!((failed[0].case.name.as_str(), failed[0].is_allowed), ("members read", false));
        assert_eq!(failed[0].deciding, ["closed"]);
        assert!(reads(&world.auth) && active(&world, &admin).await == 0);

        let runs = flow::run_policy_cases(&world.auth, &admin, Some(number)).await.unwrap();
        assert_eq!(runs.iter().map(|run| run.passes()).collect::<Vec<_>>(), [false, true]);
        let runs = flow::run_policy_cases(&world.auth, &admin, None).await.unwrap();
        assert!(runs.iter().all(|run| run.passes()), "those in force pass");

        flow::remove_policy_case(&world.auth, &admin, &members_read.id, &context()).await.unwrap();
        let again = flow::remove_policy_case(&world.auth, &admin, &members_read.id, &context()).await;
        assert_eq!(refusal(again), ErrorCode::NotFound);
        assert_eq!(try_activate(&world.auth, &admin, number).await.unwrap(), ActivatedPolicies::Done);
    }

    async fn a_case_that_nobody_can_ask_is_refused(world: World) {
        let admin = world.administrator(ADMIN).await;
        for (change, text) in [("action", "documents:burn"), ("sensitivity", "cosmic"), ("address", "here")] {
            let form = case("x", true, |question| match change {
                "action" => question.action = text.into(),
                "sensitivity" => question.sensitivity = text.into(),
                _ => question.address = Some(text.into()),
            });
            let refused = flow::save_policy_case(&world.auth, &admin, form.parse().ok().unwrap(), &context()).await;
            assert_eq!(refusal(refused), ErrorCode::InvalidFields, "{change}");
        }
        let form = case("x", true, |question| question.department = Some("a\0b".into()));
        let refused = flow::save_policy_case(&world.auth, &admin, form.parse().ok().unwrap(), &context()).await;
        assert_eq!(refusal(refused), ErrorCode::MalformedRequest);
        assert!(flow::list_policy_cases(&world.auth, &admin).await.unwrap().is_empty());
    }

    async fn of_two_activations_at_once_one_wins_and_the_other_is_told(world: World) {
        let admin = world.administrator(ADMIN).await;
        let node = world.another_node().await;
        let open = save(&world, &admin, "").await;
        let closed = save(&world, &admin, CLOSED).await;
        for _ in 0..5 {
            try_activate(&world.auth, &admin, 0).await.unwrap();
            let both = [(world.auth.clone(), open), (node.clone(), closed)].map(|(auth, number)| {
                let admin = admin.clone();
                tokio::spawn(async move { try_activate(&auth, &admin, number).await })
            });
            let mut winners = Vec::new();
            for (task, number) in both.into_iter().zip([open, closed]) {
                match task.await.unwrap() {
                    Ok(ActivatedPolicies::Done) => winners.push(number),
                    Ok(other) => panic!("{other:?}"),
                    Err(error) => assert_eq!(error.refusal().code, ErrorCode::ChangedMeanwhile),
                }
            }
            // They need not meet: then the later one is in force.
            let last = active(&world, &admin).await;
            assert!(winners.contains(&last), "{winners:?} {last}");
            for auth in [&world.auth, &node] {
                auth.learn_policies().await.unwrap();
                assert_eq!(reads(auth), last == open);
            }
        }
    }

    async fn twenty_texts_saved_at_once_are_twenty_versions(world: World) {
        let admin = world.administrator(ADMIN).await;
        let tasks: Vec<_> = (0..20)
            .map(|_| {
                let (auth, admin) = (world.auth.clone(), admin.clone());
                tokio::spawn(async move { try_save(&auth, &admin, CLOSED).await.unwrap() })
            })
            .collect();
        let mut numbers = Vec::new();
        for task in tasks {
            match task.await.unwrap() {
                SavedPolicies::Saved(number) => numbers.push(number),
                SavedPolicies::Faults(faults) => panic!("{faults:?}"),
            }
        }
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=20).collect::<Vec<_>>());
    }

    async fn versions_can_be_compared_and_asked_before_they_are_in_force(world: World) {
        let admin = world.administrator(ADMIN).await;
        let first = save(&world, &admin, CLOSED).await;
        let text = PoliciesForm { text: format!("{CLOSED}// more\r\n"), note: String::new() };
        let second = match flow::save_policies(&world.auth, &admin, text.parse().ok().unwrap(), &context()).await.unwrap() {
            SavedPolicies::Saved(number) => number,
            SavedPolicies::Faults(faults) => panic!("{faults:?}"),
        };
        let lines = flow::compare_policy_versions(&world.auth, &admin, first, second).await.unwrap();
        let last = lines.last().unwrap();
        assert_eq!((last.text.as_str(), last.old, last.new), ("// more", None, Some(3)));
        let question = case("", true, |_| ()).question;
        assert!(flow::ask_policies(&world.auth, &admin, &question, None).await.unwrap().allowed);
        assert!(!flow::ask_policies(&world.auth, &admin, &question, Some(first)).await.unwrap().allowed);
        assert_eq!(refusal(flow::ask_policies(&world.auth, &admin, &question, Some(9)).await), ErrorCode::NotFound);
    }

    async fn the_account_of_an_author_may_go(world: World) {
        let admin = world.administrator(ADMIN).await;
        activate(&world, &admin, CLOSED).await;
        faults(&world, &admin, "permit").await;
        world.administrator("eve@example.com").await;
        flow::request_deletion(&world.auth, &admin, &context()).await.unwrap();
        world.clock.advance_seconds(15 * 24 * 60 * 60);
        // Its sessions end first.
        world.auth.delete_what_is_over().await.unwrap();
        world.clock.advance_seconds(10 * 60);
        world.auth.delete_what_is_over().await.unwrap();
        world.grant_grace().await;
        let other = world.caller(&world.sign_in("eve@example.com").await);
        let listed = flow::list_policy_versions(&world.auth, &other, None).await.unwrap();
        assert_eq!((listed.active, listed.page.items[0].author.as_deref()), (1, None), "the version stays");
        assert!(!may(&world.auth, member(Owner), "documents:read", own(document("internal", "draft", None))));
        assert!(may(&world.auth, somebody(Role::PlatformAdmin), "policies:manage", Resource::Platform));
    }
}
