//! Stories of who may do what with documents: the built-in policies at work.

use crate::support::documents::{
    asked, join, list, make, move_to, organization, page, retitle, show, titles, try_make, wanted,
};
use crate::support::personal_tokens::{call, wanted as wanted_token};
use crate::support::sent_codes::{add_email_codes, code_to, go_on, send, waiting_sign_in};
use crate::support::step_up::prove_by_app;
use crate::support::totp::enrol;
use crate::support::{World, context, refusal};
use auth::document::{DocumentAct, DocumentState, Sensitivity};
use auth::flow::{self, DocumentCaller};
use auth::organization::BuiltInRole;
use auth::{ErrorCode, FactorMethod, Scope};

const OWNER: &str = "olga@example.com";
const ADMIN: &str = "ada@example.com";
const ALICE: &str = "alice@example.com";
const BOB: &str = "bob@example.com";
const VIEWER: &str = "vera@example.com";
/// Longer than a proof of a factor is fresh.
const STALE: i64 = 16 * 60;

on_both_databases! {
    async fn a_draft_is_read_by_its_owner_and_by_who_may_publish(world: World) {
        let acme = organization(&world, "acme").await;
        let admin = join(&world, &acme, ADMIN, BuiltInRole::Admin, None).await;
        let alice = join(&world, &acme, ALICE, BuiltInRole::Member, None).await;
        let bob = join(&world, &acme, BOB, BuiltInRole::Member, None).await;
        let id = make(&world, &alice, &acme, "Plan").await.item.id;
        assert!(show(&world.auth, &alice, &acme, &id).await.is_ok());
        assert!(show(&world.auth, &admin, &acme, &id).await.is_ok());
        assert_eq!(refusal(show(&world.auth, &bob, &acme, &id).await), ErrorCode::NotFound);
        assert_eq!(refusal(retitle(&world.auth, &bob, &acme, (&id, 1), "Mine").await), ErrorCode::NotFound);
        assert!(titles(&world, &bob, &acme, ("", false, "")).await.0.is_empty());
        assert_eq!(titles(&world, &admin, &acme, ("", false, "")).await.0, ["Plan"]);
        move_to(&world.auth, &admin, &acme, &id, DocumentState::Published).await.unwrap();
        assert!(show(&world.auth, &bob, &acme, &id).await.is_ok());
        assert_eq!(titles(&world, &bob, &acme, ("", false, "")).await.0, ["Plan"]);
    }

    async fn a_document_is_changed_by_its_owner_and_by_who_may_publish(world: World) {
        let acme = organization(&world, "acme").await;
        let admin = join(&world, &acme, ADMIN, BuiltInRole::Admin, None).await;
        let alice = join(&world, &acme, ALICE, BuiltInRole::Member, None).await;
        let bob = join(&world, &acme, BOB, BuiltInRole::Member, None).await;
        let viewer = join(&world, &acme, VIEWER, BuiltInRole::Viewer, None).await;
        let id = make(&world, &alice, &acme, "Plan").await.item.id;
        move_to(&world.auth, &admin, &acme, &id, DocumentState::Published).await.unwrap();
        for other in [&bob, &viewer] {
            let (auth, by) = (&world.auth, page(other));
            let refused = [
                refusal(retitle(auth, other, &acme, (&id, 2), "Mine").await),
                refusal(move_to(auth, other, &acme, &id, DocumentState::Archived).await),
                refusal(flow::delete_document(auth, &by, &acme, &id, &context()).await),
                refusal(flow::hand_over_document(auth, &by, &acme, &id, &other.user_id, &context()).await),
                refusal(flow::change_document_sensitivity(auth, &by, &acme, &id, Sensitivity::Public, &context()).await),
            ];
            assert_eq!(refused, [ErrorCode::Forbidden; 5]);
            assert!(show(auth, other, &acme, &id).await.unwrap().may.is_empty());
        }
        let own = [DocumentAct::Change, DocumentAct::ChangeSensitivity, DocumentAct::HandOver];
        assert_eq!(show(&world.auth, &alice, &acme, &id).await.unwrap().may, own);
        assert_eq!(
            refusal(move_to(&world.auth, &alice, &acme, &id, DocumentState::Archived).await),
            ErrorCode::Forbidden,
            "who writes it does not publish it"
        );
        retitle(&world.auth, &alice, &acme, (&id, 2), "Plan of Alice").await.unwrap();
        retitle(&world.auth, &admin, &acme, (&id, 3), "Plan").await.unwrap();
        assert_eq!(
            refusal(try_make(&world.auth, &viewer, &acme, wanted("Mine", "", "")).await),
            ErrorCode::Forbidden,
            "who sees makes none"
        );
    }

    async fn a_confidential_document_is_read_by_its_department(world: World) {
        let acme = organization(&world, "acme").await;
        let admin = join(&world, &acme, ADMIN, BuiltInRole::Admin, None).await;
        let alice = join(&world, &acme, ALICE, BuiltInRole::Member, Some("Finance")).await;
        let bob = join(&world, &acme, BOB, BuiltInRole::Viewer, Some("Finance")).await;
        let viewer = join(&world, &acme, VIEWER, BuiltInRole::Viewer, Some("Sales")).await;
        let nobody = join(&world, &acme, "nina@example.com", BuiltInRole::Viewer, None).await;
        let made = try_make(&world.auth, &alice, &acme, wanted("Budget", "confidential", "Finance")).await.unwrap();
        let id = made.item.id;
        move_to(&world.auth, &admin, &acme, &id, DocumentState::Published).await.unwrap();
        for (who, may) in [(&alice, true), (&bob, true), (&admin, true), (&viewer, false), (&nobody, false)] {
            let shown = show(&world.auth, who, &acme, &id).await;
            assert_eq!(shown.is_ok(), may);
            assert_eq!(titles(&world, who, &acme, ("", false, "Bud")).await.0.len(), usize::from(may));
            if !may {
                assert_eq!(refusal(shown), ErrorCode::NotFound);
            }
        }
        let by = page(&alice);
        flow::change_document_sensitivity(&world.auth, &by, &acme, &id, Sensitivity::Internal, &context())
            .await
            .unwrap();
        assert!(show(&world.auth, &viewer, &acme, &id).await.is_ok());
    }

    async fn a_secret_document_asks_for_a_factor_that_was_proved_just_now(world: World) {
        let acme = organization(&world, "acme").await;
        let owner = join(&world, &acme, OWNER, BuiltInRole::Owner, None).await;
        let made = try_make(&world.auth, &owner, &acme, wanted("Merger", "secret", "")).await;
        assert_eq!(refusal(made), ErrorCode::SecondFactorRequired, "the account has none");
        let (app, _) = enrol(&world, &owner).await;
        let id = try_make(&world.auth, &owner, &acme, wanted("Merger", "secret", "")).await.unwrap().item.id;
        assert!(show(&world.auth, &owner, &acme, &id).await.is_ok());

        world.clock.advance_seconds(STALE);
        let refused = show(&world.auth, &owner, &acme, &id).await.err().unwrap().refusal();
        assert_eq!(refused.code, ErrorCode::ReauthenticationRequired);
        assert!(refused.methods.contains(&"totp"), "{:?}", refused.methods);
        let deleted = flow::delete_document(&world.auth, &page(&owner), &acme, &id, &context()).await;
        assert_eq!(refusal(deleted), ErrorCode::ReauthenticationRequired);
        let made = try_make(&world.auth, &owner, &acme, wanted("Second", "secret", "")).await;
        assert_eq!(refusal(made), ErrorCode::ReauthenticationRequired);
        let listed = list(&world.auth, &owner, &acme, asked("", false, "", None)).await.unwrap();
        assert!(listed.items.is_empty() && listed.needs_proof, "no title is told");

        prove_by_app(&world, &owner, &app).await.unwrap();
        assert!(show(&world.auth, &owner, &acme, &id).await.is_ok());
        let listed = list(&world.auth, &owner, &acme, asked("", false, "", None)).await.unwrap();
        assert!(listed.items.len() == 1 && !listed.needs_proof);

        // To somebody whom no proof would help there is nothing.
        let alice = join(&world, &acme, ALICE, BuiltInRole::Member, None).await;
        assert_eq!(refusal(show(&world.auth, &alice, &acme, &id).await), ErrorCode::NotFound);
        assert!(!list(&world.auth, &alice, &acme, asked("", false, "", None)).await.unwrap().needs_proof);
    }

    async fn a_mailed_code_opens_nothing_that_is_secret(world: World) {
        let acme = organization(&world, "acme").await;
        let alice = join(&world, &acme, ALICE, BuiltInRole::Owner, None).await;
        add_email_codes(&world, &alice, ALICE).await;
        let pending = waiting_sign_in(&world, ALICE).await;
        send(&world.auth, &pending.ticket, FactorMethod::EmailCode).await.unwrap();
        let code = code_to(&world, ALICE).await;
        let session = go_on(&world.auth, &pending.ticket, FactorMethod::EmailCode, &code).await.unwrap();
        let alice = world.caller(&session);
        let made = try_make(&world.auth, &alice, &acme, wanted("Merger", "secret", "")).await;
        assert_eq!(refusal(made), ErrorCode::SecondFactorRequired, "whoever reads her mail is not she");
        assert!(try_make(&world.auth, &alice, &acme, wanted("Plan", "", "")).await.is_ok());
    }

    async fn nobody_makes_a_document_more_secret_than_they_may_touch(world: World) {
        let acme = organization(&world, "acme").await;
        let alice = join(&world, &acme, ALICE, BuiltInRole::Member, None).await;
        let id = make(&world, &alice, &acme, "Plan").await.item.id;
        let (by, secret) = (page(&alice), Sensitivity::Secret);
        let changed = flow::change_document_sensitivity(&world.auth, &by, &acme, &id, secret, &context()).await;
        assert_eq!(refusal(changed), ErrorCode::SecondFactorRequired);
        assert!(show(&world.auth, &alice, &acme, &id).await.is_ok(), "and is not locked out");
    }

    async fn an_archived_document_is_kept_as_it_is(world: World) {
        let acme = organization(&world, "acme").await;
        let owner = join(&world, &acme, OWNER, BuiltInRole::Owner, None).await;
        let id = make(&world, &owner, &acme, "Plan").await.item.id;
        for state in [DocumentState::Published, DocumentState::Archived] {
            move_to(&world.auth, &owner, &acme, &id, state).await.unwrap();
        }
        assert_eq!(refusal(retitle(&world.auth, &owner, &acme, (&id, 3), "Other").await), ErrorCode::Forbidden);
        let by = page(&owner);
        let changed =
            flow::change_document_sensitivity(&world.auth, &by, &acme, &id, Sensitivity::Public, &context()).await;
        assert_eq!(refusal(changed), ErrorCode::Forbidden);
        let may = show(&world.auth, &owner, &acme, &id).await.unwrap().may;
        assert_eq!(may, [DocumentAct::ChangeState, DocumentAct::Delete]);
        move_to(&world.auth, &owner, &acme, &id, DocumentState::Draft).await.unwrap();
        retitle(&world.auth, &owner, &acme, (&id, 4), "Other").await.unwrap();
    }

    async fn a_program_does_what_its_person_may_and_proves_nobody(world: World) {
        let acme = organization(&world, "acme").await;
        let alice = join(&world, &acme, ALICE, BuiltInRole::Member, None).await;
        let bob = join(&world, &acme, BOB, BuiltInRole::Member, None).await;
        enrol(&world, &alice).await;
        let secret = try_make(&world.auth, &alice, &acme, wanted("Merger", "secret", "")).await.unwrap().item.id;
        let draft = make(&world, &bob, &acme, "Plan of Bob").await.item.id;
        let scopes = [Scope::DocumentsRead, Scope::DocumentsWrite];
        let token = flow::create_token(&world.auth, &alice, wanted_token("Sync", &scopes, None), &context()).await;
        let program = call(&world.auth, &token.unwrap().secret).await.unwrap();
        let reader = DocumentCaller::over_api(program.with(Scope::DocumentsRead).ok().unwrap());
        let writer = DocumentCaller::over_api(program.with(Scope::DocumentsWrite).ok().unwrap());

        let new = wanted("Plan of Alice", "", "").parse().unwrap();
        let made = flow::create_document(&world.auth, &writer, &acme, new, &context()).await.unwrap();
        assert_eq!(made.item.owner.id, alice.user_id);
        let all = asked("", false, "", None).parse().unwrap();
        let listed = flow::list_documents(&world.auth, &reader, &acme, all, &context()).await.unwrap();
        let found: Vec<_> = listed.items.iter().map(|item| &item.id).collect();
        assert_eq!((found, listed.needs_proof), (vec![&made.item.id], false));
        for id in [&secret, &draft] {
            let shown = flow::show_document(&world.auth, &reader, &acme, id, &context()).await;
            assert_eq!(refusal(shown), ErrorCode::NotFound);
        }
        let new = wanted("Merger too", "secret", "").parse().unwrap();
        let made = flow::create_document(&world.auth, &writer, &acme, new, &context()).await;
        assert_eq!(refusal(made), ErrorCode::Forbidden);
        let other = organization(&world, "other").await;
        let all = asked("", false, "", None).parse().unwrap();
        let foreign = flow::list_documents(&world.auth, &reader, &other, all, &context()).await;
        assert_eq!(refusal(foreign), ErrorCode::NotFound);
    }
}
