//! Stories of documents that several people change at the same moment.

use crate::support::documents::{join, make, organization, page, retitle, show};
use crate::support::{World, context};
use auth::document::{DocumentState, Sensitivity};
use auth::flow;
use auth::organization::BuiltInRole;
use auth::{ErrorCode, EventFilter, EventKind};

const OWNER: &str = "olga@example.com";
const ADMIN: &str = "ada@example.com";
const CROWD: usize = 20;

on_both_databases! {
    async fn of_twenty_changes_of_one_version_one_is_made(world: World) {
        let acme = organization(&world, "acme").await;
        let owner = join(&world, &acme, OWNER, BuiltInRole::Owner, None).await;
        let id = make(&world, &owner, &acme, "Plan").await.item.id;
        let tasks: Vec<_> = (0..CROWD)
            .map(|number| {
                let (auth, owner, acme, id) = (world.auth.clone(), owner.clone(), acme.clone(), id.clone());
                let title = format!("Plan {number}");
                tokio::spawn(async move { retitle(&auth, &owner, &acme, (&id, 1), &title).await })
            })
            .collect();
        let mut made = Vec::new();
        for task in tasks {
            match task.await.unwrap() {
                Ok(document) => made.push(document.item),
                Err(error) => assert_eq!(error.refusal().code, ErrorCode::ChangedMeanwhile),
            }
        }
        assert_eq!(made.len(), 1);
        assert_eq!(show(&world.auth, &owner, &acme, &id).await.unwrap().item, made[0]);
        let lines = flow::list_activity(&world.auth, &owner, EventFilter::All, None).await.unwrap().items;
        assert_eq!(lines.iter().filter(|line| line.kind == EventKind::DocumentChanged).count(), 1);
    }

    async fn a_change_and_a_deletion_never_both_happen(world: World) {
        let acme = organization(&world, "acme").await;
        let owner = join(&world, &acme, OWNER, BuiltInRole::Owner, None).await;
        let admin = join(&world, &acme, ADMIN, BuiltInRole::Admin, None).await;
        for number in 0..10 {
            let id = make(&world, &owner, &acme, &format!("Plan {number}")).await.item.id;
            let changing = {
                let (auth, owner, acme, id) = (world.auth.clone(), owner.clone(), acme.clone(), id.clone());
                tokio::spawn(async move { retitle(&auth, &owner, &acme, (&id, 1), "Other").await.map(|_| ()) })
            };
            let deleting = {
                let (auth, admin, acme, id) = (world.auth.clone(), admin.clone(), acme.clone(), id.clone());
                tokio::spawn(async move { flow::delete_document(&auth, &page(&admin), &acme, &id, &context()).await })
            };
            let (changed, deleted) = (changing.await.unwrap(), deleting.await.unwrap());
            let is_there = show(&world.auth, &owner, &acme, &id).await.is_ok();
            assert_eq!(is_there, deleted.is_err(), "what is said is so");
            // One after the other is well, but none is lost in silence.
            assert!(changed.is_ok() || deleted.is_ok());
            for error in [changed.err(), deleted.err()].into_iter().flatten() {
                let code = error.refusal().code;
                assert!([ErrorCode::ChangedMeanwhile, ErrorCode::NotFound].contains(&code), "{code:?}");
            }
        }
    }

    async fn what_was_decided_about_is_what_changes(world: World) {
        let acme = organization(&world, "acme").await;
        let owner = join(&world, &acme, OWNER, BuiltInRole::Owner, None).await;
        let admin = join(&world, &acme, ADMIN, BuiltInRole::Admin, None).await;
        for number in 0..10 {
            let id = make(&world, &owner, &acme, &format!("Plan {number}")).await.item.id;
            let publishing = {
                let (auth, admin, acme, id) = (world.auth.clone(), admin.clone(), acme.clone(), id.clone());
                tokio::spawn(async move {
                    let state = DocumentState::Published;
                    flow::change_document_state(&auth, &page(&admin), &acme, &id, state, &context()).await
                })
            };
            let hiding = {
                let (auth, owner, acme, id) = (world.auth.clone(), owner.clone(), acme.clone(), id.clone());
                tokio::spawn(async move {
                    let most = Sensitivity::Confidential;
                    flow::change_document_sensitivity(&auth, &page(&owner), &acme, &id, most, &context()).await
                })
            };
            let (published, hidden) = (publishing.await.unwrap(), hiding.await.unwrap());
            let done = i64::from(published.is_ok()) + i64::from(hidden.is_ok());
            let item = show(&world.auth, &owner, &acme, &id).await.unwrap().item;
            assert_eq!(item.version, 1 + done, "each that was done counted, and no other");
            assert_eq!(item.state == DocumentState::Published, published.is_ok());
            assert_eq!(item.sensitivity == Sensitivity::Confidential, hidden.is_ok());
        }
    }
}
