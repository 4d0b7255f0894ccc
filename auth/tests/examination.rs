//! Stories of what the checklist asks a database about itself and about its accounts.

use crate::support::administration::{ADMIN, ALICE, BOB};
use crate::support::database::run_statements;
use crate::support::database_roles::{LeastRights, least_rights};
use crate::support::skipped::{NO_POSTGRES, skipped};
use crate::support::totp::enrol;
use crate::support::{World, context, email};
use auth::backup::PostgresTools;
use auth::store::{AccountRights, DatabaseSettings, PlatformStaff, Store};
use auth::{Role, flow};

async fn staff(world: &World) -> PlatformStaff {
    world.auth.store().platform_staff(world.auth.now()).await.unwrap()
}

on_both_databases! {
    async fn whether_commits_last_is_told_by_the_settings_of_the_database(world: World) {
        let store = world.auth.store();
        let told = store.durability().await.unwrap();
        if store.is_sqlite() {
            let expected = [("journal_mode", "wal"), ("synchronous", "2")];
            assert_eq!(told, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
            assert_eq!(store.account_rights().await.unwrap(), None);
        } else {
            let names: Vec<&str> = told.iter().map(|(name, _)| name.as_str()).collect();
            assert_eq!(names, ["fsync", "full_page_writes", "synchronous_commit"]);
            assert!(told.iter().all(|(_, value)| !value.is_empty()), "{told:?}");
        }
    }

    async fn the_programs_of_postgresql_are_not_older_than_its_server(world: World) {
        let store = world.auth.store();
        let server = store.server_version().await.unwrap();
        assert_eq!(server.is_none(), store.is_sqlite());
        let Some(server) = server else { return };
        assert!((10..100).contains(&server), "{server}");
        let database = DatabaseSettings::at(&world.database.url);
        for program in ["pg_dump", "pg_restore"] {
            let version = PostgresTools::default().version(program, &database).await.unwrap();
            assert!(version >= server, "{program} is of {version}, and the server of {server}");
        }
    }

    async fn who_looks_after_the_platform_is_counted_with_their_factors(world: World) {
        assert_eq!(staff(&world).await, PlatformStaff { administrators: 0, without_factor: 0 });
        world.create_account(ALICE).await;
        let admin = world.colleague(ADMIN, Role::PlatformAdmin).await;
        world.colleague(BOB, Role::Support).await;
        assert_eq!(staff(&world).await, PlatformStaff { administrators: 1, without_factor: 2 });
        enrol(&world, &admin).await;
        assert_eq!(staff(&world).await, PlatformStaff { administrators: 1, without_factor: 1 });
        flow::set_role(&world.auth, &email(BOB), Role::User, &context()).await.unwrap();
        assert_eq!(staff(&world).await, PlatformStaff { administrators: 1, without_factor: 0 });
    }

    async fn work_that_nobody_does_is_seen(world: World) {
        let store = world.auth.store();
        world.create_account(ALICE).await;
        world.inbox_of(ALICE).await;
        assert_eq!(store.jobs_due_since().await.unwrap(), None, "all mails have left");
        world.sign_up(BOB).await.unwrap();
        let promised = store.jobs_due_since().await.unwrap();
        assert_eq!(promised, Some(world.auth.now()));
        world.clock.advance_seconds(3600);
        assert_eq!(store.jobs_due_since().await.unwrap(), promised, "nobody sends it");
        world.inbox_of(BOB).await;
        assert_eq!(store.jobs_due_since().await.unwrap(), None);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_account_with_the_least_rights_is_told_from_one_with_more() {
    let Some(LeastRights { roles, database, owner, app, afterwards }) = least_rights().await else {
        return skipped(NO_POSTGRES);
    };
    Store::connect(&owner).await.unwrap().close().await;
    run_statements(&owner, afterwards).await;
    let rights = async |url: &str| {
        let store = Store::open(&DatabaseSettings { migrates: false, ..DatabaseSettings::at(url) }).await.unwrap();
        let told = (store.account_rights().await.unwrap(), store.durability().await.unwrap().len());
        store.close().await;
        told
    };
    let least = AccountRights { is_superuser: false, may_more: false };
    assert_eq!(rights(&app).await, (Some(least), 3), "it may ask for all of it");
    let (of_server, _) = rights(&database.url).await;
    assert!(of_server.is_some_and(|account| account.is_superuser), "bin/test comes as a superuser: {of_server:?}");
    drop(database);
    drop(roles);
}
