//! Stories of documents: made, found, changed, moved on, handed over, deleted. Who may is in `document_rules.rs`.

use crate::account_deletion::everything;
use crate::support::documents::{
    UNKNOWN, asked, join, list, make, move_to, organization, page, retitle, show, titles, wanted,
};
use crate::support::{World, context, refusal};
use auth::document::{Body, DocumentAct, DocumentState, Sensitivity, Title};
use auth::flow::{self, TypedAt};
use auth::form::DocumentChangeForm;
use auth::id::{DocumentId, OrganizationId};
use auth::organization::BuiltInRole;
use auth::store::{NewDocumentRow, UnsavedDocument};
use auth::{Cursor, ErrorCode, EventFilter, EventKind, Field, FieldIssue, Refusal};

const OWNER: &str = "olga@example.com";
const ALICE: &str = "alice@example.com";
const BOB: &str = "bob@example.com";
const GRACE: i64 = 14 * 24 * 60 * 60;

/// What the activity of somebody says of documents, the oldest first.
async fn told(world: &World, caller: &auth::session::Caller) -> Vec<EventKind> {
    let lines = flow::list_activity(&world.auth, caller, EventFilter::All, None).await.unwrap().items;
    lines.into_iter().rev().map(|line| line.kind).filter(|kind| kind.as_str().starts_with("document.")).collect()
}

on_both_databases! {
    async fn a_document_goes_its_way_and_each_step_leaves_a_line(world: World) {
        let acme = organization(&world, "acme").await;
        let owner = join(&world, &acme, OWNER, BuiltInRole::Owner, None).await;
        let made = make(&world, &owner, &acme, "Plan of the mole").await;
        let id = made.item.id.clone();
        assert_eq!((made.item.state, made.item.sensitivity), (DocumentState::Draft, Sensitivity::Internal));
        assert_eq!((made.item.version, made.body.as_str()), (1, "What Plan of the mole says."));
        assert_eq!(made.may, DocumentAct::ALL, "an owner of the organization may everything");
        assert_eq!(show(&world.auth, &owner, &acme, &id).await.unwrap(), made);

        world.clock.advance_seconds(1);
        let form = DocumentChangeForm {
            title: None,
            body: Some("one\r\ntwo".into()),
            department: Some("Finance".into()),
            version: Some(1),
        };
        let change = form.parse().unwrap();
        let changed = flow::change_document(&world.auth, &page(&owner), &acme, &id, change, &context()).await.unwrap();
        assert_eq!((changed.item.title.as_str(), changed.body.as_str()), ("Plan of the mole", "one\ntwo"));
        assert_eq!((changed.item.department.as_deref(), changed.item.version), (Some("Finance"), 2));
        assert_eq!(changed.item.changed_at, world.auth.now());
        assert_eq!(show(&world.auth, &owner, &acme, &id).await.unwrap(), changed);
        let same = retitle(&world.auth, &owner, &acme, (&id, 2), "Plan of the mole").await.unwrap();
        assert_eq!(same, changed, "what stays the same is no change");

        let mut seen = Vec::new();
        for state in [DocumentState::Published, DocumentState::Archived, DocumentState::Draft] {
            world.clock.advance_seconds(1);
            for _ in 0..2 {
                move_to(&world.auth, &owner, &acme, &id, state).await.unwrap();
            }
            let item = show(&world.auth, &owner, &acme, &id).await.unwrap().item;
            seen.push((item.state, item.published_at.is_some(), item.archived_at.is_some(), item.version));
        }
        let expected = [
            (DocumentState::Published, true, false, 3),
            (DocumentState::Archived, true, true, 4),
            (DocumentState::Draft, true, false, 5),
        ];
        assert_eq!(seen, expected);
        world.clock.advance_seconds(1);
        let (by, most) = (page(&owner), Sensitivity::Confidential);
        let hidden = flow::change_document_sensitivity(&world.auth, &by, &acme, &id, most, &context()).await.unwrap();
        assert_eq!(hidden.item.sensitivity, most);
        world.clock.advance_seconds(1);
        flow::delete_document(&world.auth, &page(&owner), &acme, &id, &context()).await.unwrap();
        assert_eq!(refusal(show(&world.auth, &owner, &acme, &id).await), ErrorCode::NotFound);
        let expected = [
            EventKind::DocumentCreated,
            EventKind::DocumentChanged,
            EventKind::DocumentPublished,
            EventKind::DocumentArchived,
            EventKind::DocumentRestored,
            EventKind::DocumentSensitivityChanged,
            EventKind::DocumentDeleted,
        ];
        assert_eq!(told(&world, &owner).await, expected);
        let words = ["mole", "What Plan", "one\ntwo"];
        let said = everything(&world).await.into_iter().filter(|(table, _)| table == "audit_events");
        let leaked: Vec<_> = said.filter(|(_, value)| words.iter().any(|word| value.contains(word))).collect();
        assert_eq!(leaked, [], "others read the log");
    }

    async fn there_is_one_way_on(world: World) {
        let acme = organization(&world, "acme").await;
        let owner = join(&world, &acme, OWNER, BuiltInRole::Owner, None).await;
        let id = make(&world, &owner, &acme, "Plan").await.item.id;
        for (from, wrong) in [
            (DocumentState::Draft, DocumentState::Archived),
            (DocumentState::Published, DocumentState::Draft),
            (DocumentState::Archived, DocumentState::Published),
        ] {
            assert_eq!(refusal(move_to(&world.auth, &owner, &acme, &id, wrong).await), ErrorCode::WrongState);
            assert_eq!(show(&world.auth, &owner, &acme, &id).await.unwrap().item.state, from);
            move_to(&world.auth, &owner, &acme, &id, from.next()).await.unwrap();
        }
    }

    async fn the_list_is_filtered_and_comes_in_pages_without_gaps(world: World) {
        let acme = organization(&world, "acme").await;
        let owner = join(&world, &acme, OWNER, BuiltInRole::Owner, None).await;
        let alice = join(&world, &acme, ALICE, BuiltInRole::Member, None).await;
        // Every second one is the owner's draft, which Alice may not read.
        for number in 0..110 {
            world.clock.advance_seconds(1);
            let id = make(&world, &owner, &acme, &format!("Report {number:03}")).await.item.id;
            if number % 2 == 0 {
                move_to(&world.auth, &owner, &acme, &id, DocumentState::Published).await.unwrap();
            }
        }
        world.clock.advance_seconds(1);
        make(&world, &alice, &acme, "100% of ÉLAN_1").await;
        let (all, sizes) = titles(&world, &owner, &acme, ("", false, "")).await;
        assert_eq!((all.len(), sizes), (111, vec![50, 50, 11]));
        assert_eq!(all[1], "Report 109", "the newest first");
        let (readable, sizes) = titles(&world, &alice, &acme, ("", false, "")).await;
        assert_eq!(sizes, [50, 6], "pages are filled up");
        let even = (0..110).rev().filter(|number| number % 2 == 0);
        let expected: Vec<_> = even.map(|number| format!("Report {number:03}")).collect();
        assert_eq!(readable[1..], expected);
        for (filter, found) in [
            (("draft", false, ""), 1),
            (("published", false, ""), 55),
            (("archived", false, ""), 0),
            (("", true, ""), 1),
            (("published", true, ""), 0),
            (("draft", true, "100"), 1),
            (("", false, "rePORT 10"), 5),
            (("", false, "100% of élan_"), 1),
            (("", false, "100_"), 0),
            (("", false, "%"), 0),
            (("", false, "eport"), 0),
            (("", false, "a\0"), 0),
            (("", false, "' OR 1=1 --"), 0),
        ] {
            assert_eq!(titles(&world, &alice, &acme, filter).await.0.len(), found, "{filter:?}");
        }
        for broken in ["", "x", "\0", "MTIz"] {
            let page = list(&world.auth, &alice, &acme, asked("", false, "", Some(Cursor(broken.into())))).await;
            assert_eq!(refusal(page), ErrorCode::MalformedRequest, "{broken:?}");
        }
    }

    async fn a_page_of_others_drafts_ends_and_goes_on(world: World) {
        let acme = organization(&world, "acme").await;
        let owner = join(&world, &acme, OWNER, BuiltInRole::Owner, None).await;
        let alice = join(&world, &acme, ALICE, BuiltInRole::Member, None).await;
        let oldest = make(&world, &alice, &acme, "Mine").await.item;
        let mut tx = world.auth.store().begin().await.unwrap();
        let (title, body) = (Title::parse("Theirs").unwrap(), Body::default());
        for number in 0..600_u32 {
            let id = DocumentId(format!("01890a5d-ac96-774b-bcce-b302{number:08x}"));
            let new = NewDocumentRow {
                id: &id,
                organization_id: &acme,
                owner_id: &owner.user_id,
                title: &title,
                body: &body,
                department: None,
                sensitivity: Sensitivity::Internal,
                created_at: oldest.created_at.plus_seconds(1),
            };
            assert!(tx.insert_document(new, 1000).await.unwrap());
        }
        tx.commit().await.unwrap();
        let first = list(&world.auth, &alice, &acme, asked("", false, "", None)).await.unwrap();
        assert!(first.items.is_empty() && first.next.is_some() && !first.needs_proof);
        let (found, sizes) = titles(&world, &alice, &acme, ("", false, "")).await;
        assert_eq!((found, sizes), (vec!["Mine".to_owned()], vec![0, 1]));
    }

    async fn whoever_is_not_in_the_organization_learns_nothing_of_it(world: World) {
        let (acme, other) = (organization(&world, "acme").await, organization(&world, "other").await);
        let owner = join(&world, &acme, OWNER, BuiltInRole::Owner, None).await;
        let bob = join(&world, &other, BOB, BuiltInRole::Owner, None).await;
        let id = make(&world, &owner, &acme, "Plan").await.item.id;
        move_to(&world.auth, &owner, &acme, &id, DocumentState::Published).await.unwrap();
        let unknown = OrganizationId(UNKNOWN.into());
        // Of an organization of others, of one that is not, and through one's own.
        for organization in [&acme, &unknown, &other] {
            let (auth, by) = (&world.auth, page(&bob));
            let (to, secret) = (&bob.user_id, Sensitivity::Secret);
            let asked = [
                refusal(show(auth, &bob, organization, &id).await),
                refusal(retitle(auth, &bob, organization, (&id, 2), "Mine").await),
                refusal(move_to(auth, &bob, organization, &id, DocumentState::Archived).await),
                refusal(flow::change_document_sensitivity(auth, &by, organization, &id, secret, &context()).await),
                refusal(flow::hand_over_document(auth, &by, organization, &id, to, &context()).await),
                refusal(flow::delete_document(auth, &by, organization, &id, &context()).await),
            ];
            assert_eq!(asked, [ErrorCode::NotFound; 6], "{}", organization.as_str());
        }
        for organization in [&acme, &unknown] {
            let listed = list(&world.auth, &bob, organization, asked("", false, "", None)).await;
            assert_eq!(refusal(listed), ErrorCode::NotFound);
            let new = wanted("Mine", "", "").parse().unwrap();
            let made = flow::create_document(&world.auth, &page(&bob), organization, new, &context()).await;
            assert_eq!(refusal(made), ErrorCode::NotFound);
        }
        assert_eq!(show(&world.auth, &owner, &acme, &id).await.unwrap().item.version, 2, "nothing was done");
        for broken in ["", "\0", "x", UNKNOWN] {
            let shown = show(&world.auth, &owner, &acme, &DocumentId(broken.into())).await;
            assert_eq!(refusal(shown), ErrorCode::NotFound, "{broken:?}");
        }
    }

    async fn a_document_is_handed_over_to_another_member_and_to_nobody_else(world: World) {
        let acme = organization(&world, "acme").await;
        let alice = join(&world, &acme, ALICE, BuiltInRole::Member, None).await;
        let bob = join(&world, &acme, BOB, BuiltInRole::Member, None).await;
        world.create_account("stranger@example.com").await;
        let stranger = world.caller(&world.sign_in("stranger@example.com").await);
        let id = make(&world, &alice, &acme, "Plan").await.item.id;
        let (by, to) = (page(&alice), &stranger.user_id);
        let refused = flow::hand_over_document(&world.auth, &by, &acme, &id, to, &context()).await.err().unwrap();
        assert_eq!(refused.refusal(), Refusal::invalid(vec![(Field::Owner, FieldIssue::Unknown)]));
        flow::hand_over_document(&world.auth, &by, &acme, &id, &bob.user_id, &context()).await.unwrap();
        let theirs = show(&world.auth, &bob, &acme, &id).await.unwrap().item;
        assert_eq!((theirs.owner.id, theirs.version), (bob.user_id.clone(), 2));
        assert_eq!(refusal(show(&world.auth, &alice, &acme, &id).await), ErrorCode::NotFound, "a draft of somebody else");
        assert_eq!(told(&world, &bob).await, [EventKind::DocumentHandedOver]);
    }

    async fn the_documents_of_who_leaves_stay_with_an_owner(world: World) {
        let acme = organization(&world, "acme").await;
        let owner = join(&world, &acme, OWNER, BuiltInRole::Owner, None).await;
        world.clock.advance_seconds(1);
        join(&world, &acme, "second@example.com", BuiltInRole::Owner, None).await;
        let alice = join(&world, &acme, ALICE, BuiltInRole::Member, None).await;
        let bob = join(&world, &acme, BOB, BuiltInRole::Member, None).await;
        for title in ["One", "Two"] {
            make(&world, &alice, &acme, title).await;
        }
        make(&world, &bob, &acme, "Three").await;
        flow::leave_organization(&world.auth, &alice, &acme, &context()).await.unwrap();
        let whom = (&acme, &bob.user_id);
        flow::remove_member(&world.auth, &owner, whom, &context()).await.unwrap();
        let (mut mine, _) = titles(&world, &owner, &acme, ("", true, "")).await;
        mine.sort();
        assert_eq!(mine, ["One", "Three", "Two"], "with who owns it the longest");
    }

    async fn the_documents_of_an_account_that_goes_stay_with_an_owner(world: World) {
        let acme = organization(&world, "acme").await;
        let owner = join(&world, &acme, OWNER, BuiltInRole::Owner, None).await;
        let alice = join(&world, &acme, ALICE, BuiltInRole::Member, None).await;
        let id = make(&world, &alice, &acme, "Plan").await.item.id;
        let typed = UnsavedDocument {
            title: "half a title".into(),
            body: "a\0b".into(),
            department: String::new(),
            sensitivity: String::new(),
        };
        let place = || TypedAt::Document(&id);
        flow::keep_unsaved_document(&world.auth, &alice, place(), &typed).await.unwrap();
        let kept = flow::unsaved_document(&world.auth, &alice, place()).await.unwrap().unwrap();
        assert_eq!((&*kept.title, &*kept.body), ("half a title", "ab"));
        assert!(flow::unsaved_document(&world.auth, &owner, place()).await.unwrap().is_none());

        flow::request_deletion(&world.auth, &alice, &context()).await.unwrap();
        world.clock.advance_seconds(GRACE);
        for _ in 0..2 {
            world.auth.delete_what_is_over().await.unwrap();
            world.clock.advance_seconds(10 * 60);
        }
        let item = show(&world.auth, &owner, &acme, &id).await.unwrap().item;
        assert_eq!((item.owner.id, item.version), (owner.user_id.clone(), 2));
        let left = everything(&world).await;
        let traces: Vec<_> = left.iter().filter(|(_, value)| value.contains(alice.user_id.as_str())).collect();
        assert!(traces.is_empty() && !left.iter().any(|(_, value)| value.contains("half a title")), "{traces:?}");
    }

    async fn there_are_as_many_as_there_may_be(world: World) {
        let acme = organization(&world, "acme").await;
        let owner = join(&world, &acme, OWNER, BuiltInRole::Owner, None).await;
        let (title, body) = (Title::parse("Plan").unwrap(), Body::default());
        let mut tx = world.auth.store().begin().await.unwrap();
        let mut stored = Vec::new();
        for number in 0..3_u32 {
            let id = DocumentId(format!("01890a5d-ac96-774b-bcce-b302{number:08x}"));
            let new = NewDocumentRow {
                id: &id,
                organization_id: &acme,
                owner_id: &owner.user_id,
                title: &title,
                body: &body,
                department: None,
                sensitivity: Sensitivity::Internal,
                created_at: world.auth.now(),
            };
            stored.push(tx.insert_document(new, 2).await.unwrap());
        }
        assert_eq!(stored, [true, true, false]);
    }
}
