//! Stories of data that is made for load tests.

use crate::support::administration::ADMIN;
use crate::support::{World, refusal};
use auth::ErrorCode;
use auth::flow::{self, SEED_PASSWORD, SeedPlan, SeedStep, SignIn};
use auth::form::UserFilter;
use auth::id::OrganizationId;
use sqlx::{AnyConnection, Connection, Row};
use std::sync::Mutex;

const PLAN: SeedPlan = SeedPlan { users: 200, organizations: 8, audit_lines: 1000, seed: 7 };

async fn seed(world: &World, plan: SeedPlan) {
    flow::seed(&world.auth, plan, |_, _, _| {}).await.unwrap();
}

/// The texts that a statement calls `told`.
async fn texts(world: &World, statement: &'static str) -> Vec<String> {
    let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
    let rows = sqlx::query(statement).fetch_all(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    rows.iter().map(|row| row.try_get("told").unwrap()).collect()
}

const PEOPLE: &str = "SELECT email || ' ' || name || ' ' || locale AS told FROM users ORDER BY id";

on_both_databases! {
    async fn so_many_rows_are_made_and_whoever_is_made_signs_in(world: World) {
        assert!(!flow::has_real_accounts(&world.auth).await.unwrap());
        let steps = Mutex::new(Vec::new());
        flow::seed(&world.auth, PLAN, |step, done, all| steps.lock().unwrap().push((step, done, all))).await.unwrap();
        let told = steps.into_inner().unwrap();
        assert_eq!(told.first(), Some(&(SeedStep::Users, 200, 200)));
        assert_eq!(told.last(), Some(&(SeedStep::Chain, 1000, 1000)));
        for (table, rows) in [("users", 200), ("organizations", 8), ("audit_events", 1000), ("sessions", 20)] {
            assert_eq!(world.count(table).await, rows, "{table}");
        }
        assert!(!flow::has_real_accounts(&world.auth).await.unwrap(), "they are nobody's");
        for address in ["user0@example.com", "user199@example.com"] {
            let entered = world.try_sign_in(address, SEED_PASSWORD).await.unwrap();
            assert!(matches!(entered, SignIn::SignedIn(_)), "{address}");
        }
        let nobody = world.try_sign_in("user200@example.com", SEED_PASSWORD).await;
        assert_eq!(refusal(nobody), ErrorCode::InvalidCredentials);
        world.create_account("alice@example.com").await;
        assert!(flow::has_real_accounts(&world.auth).await.unwrap());
    }

    // The index is walked some hundred rows at a time: those who stand behind the first of them are found as well.
    async fn who_stands_far_down_the_index_is_found_once_on_page_after_page(world: World) {
        let admin = world.administrator(ADMIN).await;
        seed(&world, SeedPlan { users: 2000, organizations: 20, audit_lines: 0, seed: 7 }).await;
        let last = "SELECT MAX(organization_id) AS told FROM memberships";
        let organization = OrganizationId(texts(&world, last).await.remove(0));
        let members = "SELECT user_id AS told FROM memberships \
                       WHERE organization_id = (SELECT MAX(organization_id) FROM memberships) ORDER BY user_id";
        let members = texts(&world, members).await;
        assert!(members.len() > 60, "more than two pages: {}", members.len());
        let filter = UserFilter { q: "user".to_owned(), organization: Some(organization), ..UserFilter::default() };
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let page = flow::admin_list_users(&world.auth, &admin, filter.clone(), after).await.unwrap();
            found.extend(page.items.into_iter().map(|user| user.id.0));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        found.sort_unstable();
        assert_eq!(found, members);
    }

    async fn accounts_are_found_and_the_log_is_whole_also_where_it_was_a_chain_before(world: World) {
        world.create_account("alice@example.com").await;
        world.auth.seal_audit_log().await.unwrap();
        let before = flow::verify_audit(&world.auth, None).await.unwrap();
        assert!(before.is_whole && before.last > 0, "{before:?}");
        seed(&world, PLAN).await;
        let state = flow::verify_audit(&world.auth, None).await.unwrap();
        assert!(state.is_whole, "{:?}", state.faults);
        assert_eq!((state.last, state.adopted), (before.last + 1000, 0), "written by this program, and sealed");
        assert!(world.auth.store().unsearched_users(1).await.unwrap().is_empty(), "each is in the index");
        let refused = "SELECT outcome AS told FROM audit_events WHERE kind = 'session.refused' AND outcome <> 'refused'";
        assert!(texts(&world, refused).await.is_empty());
    }

    async fn the_same_seed_makes_the_same_people_and_another_one_others(world: World) {
        seed(&world, PLAN).await;
        let first = texts(&world, PEOPLE).await;
        assert!(first.iter().all(|person| person.contains("@example.com ")), "{first:?}");
        assert!(first.windows(2).filter(|pair| pair[0].split(' ').nth(1) != pair[1].split(' ').nth(1)).count() > 150);
        seed(&world, PLAN).await;
        assert_eq!(texts(&world, PEOPLE).await, first, "what is there stays");
        assert_eq!(world.count("audit_events").await, 1000);
        let other = World::on(crate::support::database::sqlite()).await;
        seed(&other, PLAN).await;
        assert_eq!(texts(&other, PEOPLE).await, first, "on any database");
        let another = World::on(crate::support::database::sqlite()).await;
        seed(&another, SeedPlan { seed: 8, ..PLAN }).await;
        assert_ne!(texts(&another, PEOPLE).await, first);
    }

    async fn every_organization_has_one_owner_and_everybody_one_organization(world: World) {
        seed(&world, PLAN).await;
        let owners = "SELECT organization_id AS told FROM memberships WHERE role = 'owner' ORDER BY organization_id";
        let organizations = "SELECT id AS told FROM organizations ORDER BY id";
        assert_eq!(texts(&world, owners).await, texts(&world, organizations).await);
        let members = world.count("memberships").await;
        assert!((150..200).contains(&members), "{members}");
        seed(&world, SeedPlan { users: 3, organizations: 0, audit_lines: 0, seed: 1 }).await;
    }
}
