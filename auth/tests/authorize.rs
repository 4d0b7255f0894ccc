//! Stories of programs that ask whether something may be done.

use crate::support::documents::{join, make, organization};
use crate::support::policies::activate;
use crate::support::totp::enrol;
use crate::support::{World, context, email, refusal};
use auth::flow::{self, Impersonating};
use auth::form::{AuthorizeForm, DocumentLike, WhoCanForm};
use auth::id::OrganizationId;
use auth::organization::BuiltInRole;
use auth::session::Caller;
use auth::view::{Authorization, VerdictOutcome};
use auth::{ErrorCode, Permission, Remark, Role};
use secrecy::SecretString;

const ADMIN: &str = "ada@example.com";
const USER: &str = "alice@example.com";
const OTHER: &str = "bob@example.com";
const ACME: &str = "01890a5d-ac96-774b-bcce-b302099a9001";
const NOWHERE: &str = "01890a5d-ac96-774b-bcce-b302099a9009";

fn question(action: &str, organization: Option<&str>) -> AuthorizeForm {
    let organization = organization.map(str::to_owned);
    AuthorizeForm { action: action.into(), organization, document: None, document_like: None, user: None }
}

fn like(sensitivity: &str) -> DocumentLike {
    DocumentLike { owner: None, department: None, sensitivity: sensitivity.into(), state: "draft".into() }
}

async fn ask(world: &World, caller: &Caller, question: AuthorizeForm) -> auth::Result<Authorization> {
    let answers = flow::authorize(&world.auth, caller, &[question], &context()).await?;
    Ok(answers.into_iter().next().unwrap())
}

/// Alice and Bob, of whom Alice is a member of Acme.
async fn people(world: &World) -> (Caller, Caller) {
    for address in [USER, OTHER] {
        world.create_account(address).await;
    }
    let (alice, bob) = (world.caller(&world.sign_in(USER).await), world.caller(&world.sign_in(OTHER).await));
    world.insert_organization_row(ACME, "acme").await;
    world.insert_member_row(ACME, &alice.user_id, "member", Some("Finance")).await;
    (alice, bob)
}

on_both_databases! {
    async fn a_member_is_told_what_they_may(world: World) {
        let (alice, bob) = people(&world).await;
        for (action, allowed) in [("documents:create", true), ("documents:delete", false), ("users:read", false)] {
            let answer = ask(&world, &alice, question(action, Some(ACME))).await.unwrap();
            assert_eq!(answer, Authorization { allowed, reasons: None }, "{action}");
        }
        let update = |sensitivity: &str, owner: Option<&Caller>| {
            let mut asked = question("documents:update", Some(ACME));
            let owner = owner.map(|owner| owner.user_id.0.clone());
            asked.document_like = Some(DocumentLike { owner, ..like(sensitivity) });
            asked
        };
        assert!(ask(&world, &alice, update("internal", None)).await.unwrap().allowed, "it would be her own");
        assert!(!ask(&world, &alice, update("internal", Some(&bob))).await.unwrap().allowed);
        assert!(!ask(&world, &alice, update("secret", None)).await.unwrap().allowed, "without a second factor");
    }

    async fn an_organization_of_others_is_as_good_as_none(world: World) {
        let (alice, bob) = people(&world).await;
        for asked in ["organization:read", "documents:read", "users:read"] {
            let foreign = ask(&world, &bob, question(asked, Some(ACME))).await.unwrap();
            let missing = ask(&world, &bob, question(asked, Some(NOWHERE))).await.unwrap();
            assert_eq!((&foreign, foreign.allowed), (&missing, false), "{asked}");
        }
        let mut document = question("documents:read", Some(ACME));
        document.document = Some(NOWHERE.into());
        assert!(!ask(&world, &bob, document).await.unwrap().allowed);
        world.close_organization_row(ACME).await;
        assert!(!ask(&world, &alice, question("documents:read", Some(ACME))).await.unwrap().allowed, "it is closed");
    }

    async fn a_document_that_one_may_not_read_is_as_good_as_none(world: World) {
        let admin = world.administrator(ADMIN).await;
        activate(&world, &admin, r#"permit (principal, action == Action::"documents:delete", resource);"#).await;
        let acme = organization(&world, "acme").await;
        let alice = join(&world, &acme, USER, BuiltInRole::Member, None).await;
        let bob = join(&world, &acme, OTHER, BuiltInRole::Member, None).await;
        let draft = make(&world, &alice, &acme, "Plan").await.item.id;
        let delete = |document: &str| {
            let asked = question("documents:delete", Some(acme.as_str()));
            AuthorizeForm { document: Some(document.into()), ..asked }
        };
        assert!(ask(&world, &alice, delete(draft.as_str())).await.unwrap().allowed);
        let hers = ask(&world, &bob, delete(draft.as_str())).await.unwrap();
        let missing = ask(&world, &bob, delete(NOWHERE)).await.unwrap();
        assert_eq!((&hers, hers.allowed), (&missing, false));
    }

    async fn a_session_that_owes_a_factor_may_no_more_than_here(world: World) {
        let team = world.acme(OTHER).await;
        let alice = world.guest(&team, USER, "member").await;
        let unproved = world.caller(&world.sign_in(USER).await);
        for person in [&alice, &team.owner] {
            enrol(&world, person).await;
        }
        let read = || question("documents:read", Some(team.id.as_str()));
        assert!(ask(&world, &unproved, read()).await.unwrap().allowed, "nobody demands a factor");
        flow::set_organization_factor_rule(&world.auth, &team.owner, &team.id, true, &context()).await.unwrap();
        assert!(ask(&world, &alice, read()).await.unwrap().allowed);
        assert!(!ask(&world, &unproved, read()).await.unwrap().allowed);
        let acts = flow::allowed_acts(&world.auth, &unproved, Some(&team.id), &context()).await.unwrap();
        assert!(acts.acts.is_empty());

        flow::set_role(&world.auth, &email(USER), Role::Auditor, &context()).await.unwrap();
        let policies = || question("policies:read", None);
        assert!(ask(&world, &alice, policies()).await.unwrap().allowed);
        assert!(!ask(&world, &unproved, policies()).await.unwrap().allowed);
    }

    async fn a_session_in_anothers_place_may_no_more_than_here(world: World) {
        let (alice, _) = people(&world).await;
        let admin = world.administrator(ADMIN).await;
        for writes in [false, true] {
            let wanted = Impersonating { reason: Remark::parse("Ticket 4711").unwrap(), writes };
            let begun = flow::start_impersonation(&world.auth, &admin, &alice.user_id, &wanted, &context()).await.unwrap();
            let token = SecretString::from(begun.access.access_token.as_str());
            let acting = world.auth.caller_of_access_token(&token).unwrap();
            let may = async |action| ask(&world, &acting, question(action, Some(ACME))).await.unwrap().allowed;
            assert!(may("documents:read").await);
            assert_eq!(may("documents:create").await, writes);
        }
    }

    async fn only_who_may_read_policies_asks_about_others_and_hears_why(world: World) {
        let (alice, bob) = people(&world).await;
        let mut about = question("documents:create", Some(ACME));
        about.user = Some(alice.user_id.0.clone());
        assert_eq!(refusal(ask(&world, &bob, about.clone()).await), ErrorCode::NotFound);
        assert_eq!(refusal(ask(&world, &alice, about.clone()).await), ErrorCode::NotFound, "also about oneself");
        let admin = world.administrator(ADMIN).await;
        let answer = ask(&world, &admin, about.clone()).await.unwrap();
        assert_eq!(answer, Authorization { allowed: true, reasons: Some(vec!["role-grants".into()]) });
        about.user = Some(bob.user_id.0.clone());
        let answer = ask(&world, &admin, about.clone()).await.unwrap();
        assert_eq!(answer, Authorization { allowed: false, reasons: Some(vec!["members-only".into()]) });
        about.user = Some(NOWHERE.into());
        assert_eq!(refusal(ask(&world, &admin, about).await), ErrorCode::NotFound);
        let own = ask(&world, &admin, question("policies:manage", None)).await.unwrap();
        assert_eq!(own, Authorization { allowed: true, reasons: Some(vec!["role-grants".into()]) });
        flow::set_role(&world.auth, &email(OTHER), Role::Auditor, &context()).await.unwrap();
        assert!(ask(&world, &bob, question("policies:read", None)).await.unwrap().reasons.is_some());
    }

    async fn a_batch_is_answered_in_its_order_and_has_an_end(world: World) {
        let (alice, _) = people(&world).await;
        let batch: Vec<_> = (0..100)
            .map(|number| question(if number % 2 == 0 { "documents:read" } else { "documents:delete" }, Some(ACME)))
            .collect();
        let answers = flow::authorize(&world.auth, &alice, &batch, &context()).await.unwrap();
        assert!(answers.iter().enumerate().all(|(number, answer)| answer.allowed == (number % 2 == 0)));
        assert_eq!(answers.len(), 100);
        let more = vec![question("documents:read", Some(ACME)); 101];
        assert_eq!(refusal(flow::authorize(&world.auth, &alice, &more, &context()).await), ErrorCode::TooMany);
        assert!(flow::authorize(&world.auth, &alice, &[], &context()).await.unwrap().is_empty());
    }

    async fn what_cannot_be_asked_is_refused(world: World) {
        let (alice, _) = people(&world).await;
        let refused = async |asked: AuthorizeForm| refusal(ask(&world, &alice, asked).await);
        assert_eq!(refused(question("documents:burn", Some(ACME))).await, ErrorCode::InvalidFields);
        for id in ["x", "", "\0", "acme"] {
            assert_eq!(refused(question("documents:read", Some(id))).await, ErrorCode::MalformedRequest, "{id:?}");
            let mut asked = question("documents:read", Some(ACME));
            asked.document = Some(id.into());
            assert_eq!(refused(asked).await, ErrorCode::MalformedRequest, "{id:?}");
        }
        let mut nowhere = question("documents:read", None);
        nowhere.document_like = Some(like("internal"));
        assert_eq!(refused(nowhere).await, ErrorCode::MalformedRequest, "a document without its organization");
        let mut unknown = question("documents:read", Some(ACME));
        unknown.document_like = Some(like("cosmic"));
        assert_eq!(refused(unknown).await, ErrorCode::InvalidFields);
        flow::sign_out_caller(&world.auth, &alice, &context()).await.unwrap();
        assert_eq!(refused(question("documents:read", Some(ACME))).await, ErrorCode::SignedOut);
    }

    async fn a_page_is_told_each_act_that_its_reader_may_do(world: World) {
        let (alice, bob) = people(&world).await;
        let acme = OrganizationId(ACME.into());
        let acts = async |caller: &Caller, organization: Option<&OrganizationId>| {
            flow::allowed_acts(&world.auth, caller, organization, &context()).await.unwrap()
        };
        let hers = acts(&alice, Some(&acme)).await;
        let granted: Vec<_> = BuiltInRole::Member.permissions().iter().map(|permission| permission.as_str()).collect();
        assert_eq!(hers.acts, granted);
        assert!(hers.allow("documents:read", Some(&acme)) && !hers.allow("documents:read", None), "at this place alone");
        assert!(acts(&alice, None).await.acts.is_empty() && acts(&bob, Some(&acme)).await.acts.is_empty());
        let admin = world.administrator(ADMIN).await;
        assert_eq!(acts(&admin, None).await.acts.len(), Permission::ALL.len());
    }

    async fn an_administrator_finds_out_who_can_and_why(world: World) {
        let (_, bob) = people(&world).await;
        let admin = world.administrator(ADMIN).await;
        let asked = |user: &str, organization: &str| WhoCanForm {
            user: user.into(),
            action: "documents:create".into(),
            organization: Some(organization.into()),
            ..WhoCanForm::default()
        };
        let who = async |form: WhoCanForm| flow::who_can(&world.auth, &admin, &form, &context()).await;
        for organization in ["acme", " ACME ", ACME] {
            assert!(who(asked(USER, organization)).await.unwrap().allowed, "{organization}");
        }
        let denied = who(asked(bob.user_id.as_str(), "acme")).await.unwrap();
        assert!(!denied.allowed);
        assert_eq!((denied.verdicts[0].id.as_str(), denied.verdicts[0].outcome), ("members-only", VerdictOutcome::Decided));
        for form in [asked("nobody@example.com", "acme"), asked(USER, "nowhere"), asked("\0", "acme"), asked(USER, "\0")] {
            assert_eq!(refusal(who(form).await), ErrorCode::InvalidFields);
        }
        let mut document = asked(USER, "acme");
        document.document = Some("x".into());
        assert_eq!(refusal(who(document.clone()).await), ErrorCode::InvalidFields);
        document.organization = None;
        assert_eq!(refusal(who(document).await), ErrorCode::InvalidFields, "a document is in an organization");
        assert_eq!(refusal(flow::who_can(&world.auth, &bob, &asked(USER, "acme"), &context()).await), ErrorCode::NotFound);
    }
}
