//! Stories of people who change an organization at the same moment. However it ends, it has an owner.

use crate::support::organizations::{Team, built_in, give, make_role};
use crate::support::{World, context};
use auth::flow;
use auth::organization::{BuiltInRole, OrganizationRole};
use auth::store::Store;
use auth::{Auth, ErrorCode, Result};
use sqlx::{AnyConnection, Connection, Row};

/// Each race is run so often: one that ends well by luck is found.
const ROUNDS: usize = 8;

/// What became of two that were tried at once: how many were done, and why the others were not.
async fn at_once(
    one: impl Future<Output = Result<()>> + Send + 'static,
    other: impl Future<Output = Result<()>> + Send + 'static,
) -> (usize, Vec<ErrorCode>) {
    let tasks = [tokio::spawn(one), tokio::spawn(other)];
    let (mut done, mut refused) = (0, Vec::new());
    for task in tasks {
        match task.await.unwrap() {
            Ok(()) => done += 1,
            Err(error) => refused.push(error.refusal().code),
        }
    }
    (done, refused)
}

async fn owners(world: &World, team: &Team) -> i64 {
    let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
    let row = sqlx::query(
        "SELECT CAST(COUNT(*) AS BIGINT) AS found FROM memberships WHERE organization_id = $1 AND role = 'owner'",
    )
    .bind(team.id.as_str().to_owned())
    .fetch_one(&mut connection)
    .await
    .unwrap();
    connection.close().await.unwrap();
    row.get("found")
}

/// Two owners, and nobody else who is one.
async fn with_two_owners(world: &World, team: &Team) {
    let store: &Store = world.auth.store();
    let mut tx = store.begin().await.unwrap();
    for caller in [&team.owner, &team.admin] {
        let role = built_in(BuiltInRole::Owner);
        if !tx.set_membership(&team.id, &caller.user_id, &role, None).await.unwrap() {
            let joined_at = world.auth.now();
            let new = auth::store::NewMembership {
                organization_id: &team.id,
                user_id: &caller.user_id,
                role: &role,
                department: None,
                joined_at,
            };
            assert!(tx.add_membership(new).await.unwrap());
        }
    }
    tx.commit().await.unwrap();
}

async fn demote(auth: Auth, team: (auth::session::Caller, auth::id::OrganizationId, auth::id::UserId)) -> Result<()> {
    let (by, id, user) = team;
    give(&auth, &by, (&id, &user), &built_in(BuiltInRole::Viewer)).await
}

on_both_databases! {
    async fn of_two_owners_who_demote_each_other_one_stays(world: World) {
        let team = world.team().await;
        for _ in 0..ROUNDS {
            with_two_owners(&world, &team).await;
            let one = demote(world.auth.clone(), (team.owner.clone(), team.id.clone(), team.admin.user_id.clone()));
            let node = world.another_node().await;
            let other = demote(node, (team.admin.clone(), team.id.clone(), team.owner.user_id.clone()));
            let (done, refused) = at_once(one, other).await;
            assert_eq!((done, refused), (1, vec![ErrorCode::Forbidden]));
            assert_eq!(owners(&world, &team).await, 1);
        }
    }

    async fn of_two_owners_who_demote_themselves_one_stays(world: World) {
        let team = world.team().await;
        for _ in 0..ROUNDS {
            with_two_owners(&world, &team).await;
            let one = demote(world.auth.clone(), (team.owner.clone(), team.id.clone(), team.owner.user_id.clone()));
            let other = demote(world.auth.clone(), (team.admin.clone(), team.id.clone(), team.admin.user_id.clone()));
            let (done, refused) = at_once(one, other).await;
            assert_eq!((done, refused), (1, vec![ErrorCode::LastOwner]));
            assert_eq!(owners(&world, &team).await, 1);
        }
    }

    async fn of_two_owners_who_leave_one_stays(world: World) {
        let team = world.team().await;
        for _ in 0..ROUNDS {
            with_two_owners(&world, &team).await;
            let leave = |caller: &auth::session::Caller| {
                let (auth, caller, id) = (world.auth.clone(), caller.clone(), team.id.clone());
                async move { flow::leave_organization(&auth, &caller, &id, &context()).await }
            };
            let (done, refused) = at_once(leave(&team.owner), leave(&team.admin)).await;
            assert_eq!((done, refused), (1, vec![ErrorCode::LastOwner]));
            assert_eq!(owners(&world, &team).await, 1);
        }
    }

    async fn of_two_owners_whose_accounts_end_one_stays(world: World) {
        let team = world.team().await;
        for _ in 0..ROUNDS {
            with_two_owners(&world, &team).await;
            let end = |caller: &auth::session::Caller| {
                let (auth, caller) = (world.auth.clone(), caller.clone());
                async move { flow::request_deletion(&auth, &caller, &context()).await.map(|_| ()) }
            };
            let (done, refused) = at_once(end(&team.owner), end(&team.admin)).await;
            assert_eq!((done, refused), (1, vec![ErrorCode::LastOwner]));
            for caller in [&team.owner, &team.admin] {
                flow::keep_account(&world.auth, caller, &context()).await.unwrap();
            }
        }
    }

    async fn a_member_becomes_the_owner_or_leaves_and_never_both(world: World) {
        let team = world.team().await;
        let transfer = {
            let (auth, by, id, to) =
                (world.auth.clone(), team.owner.clone(), team.id.clone(), team.member.user_id.clone());
            async move { flow::transfer_ownership(&auth, &by, &id, &to, &context()).await }
        };
        let leave = {
            let (auth, by, id) = (world.auth.clone(), team.member.clone(), team.id.clone());
            async move { flow::leave_organization(&auth, &by, &id, &context()).await }
        };
        let (done, refused) = at_once(transfer, leave).await;
        assert_eq!(done, 1, "{refused:?}");
        assert!([ErrorCode::LastOwner, ErrorCode::NotFound].contains(&refused[0]), "{refused:?}");
        assert_eq!(owners(&world, &team).await, 1);
    }

    async fn a_role_is_given_or_removed_and_never_both(world: World) {
        let team = world.team().await;
        for round in 0..ROUNDS {
            let name = format!("Round {round}");
            let role = make_role(&world.auth, &team.owner, &team.id, &name, &["documents:read"]).await.unwrap();
            let given = {
                let (auth, by, id, user) =
                    (world.auth.clone(), team.owner.clone(), team.id.clone(), team.viewer.user_id.clone());
                let role = OrganizationRole::Custom(role.clone());
                async move { give(&auth, &by, (&id, &user), &role).await }
            };
            let removed = {
                let (auth, by, id, role) = (world.auth.clone(), team.admin.clone(), team.id.clone(), role.clone());
                async move { flow::remove_role(&auth, &by, (&id, &role), &context()).await }
            };
            let (done, refused) = at_once(given, removed).await;
            assert_eq!(done, 1, "{refused:?}");
            assert!([ErrorCode::WrongState, ErrorCode::InvalidFields].contains(&refused[0]), "{refused:?}");
            let seen = world.role_in(&team.viewer, &team.id).await;
            assert!(seen == "viewer" || seen.starts_with("Round"), "{seen}");
        }
    }
}
