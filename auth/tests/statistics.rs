//! Stories of the numbers and the health that operators see.

use crate::support::totp::enrol;
use crate::support::{World, refusal};
use auth::clock::{Clock as _, SystemClock};
use auth::flow;
use auth::session::Caller;
use auth::view::{Statistics, StatisticsDay};
use auth::{ErrorCode, Permission};

const ADMIN: &str = "ada@example.com";
const ALICE: &str = "alice@example.com";
const DAY: i64 = 24 * 60 * 60;

/// Counts now, and gives what administrators see.
async fn counted(world: &World, admin: &Caller) -> Statistics {
    world.auth.count_statistics(0).await.unwrap();
    flow::show_statistics(&world.auth, admin).await.unwrap()
}

fn today(statistics: &Statistics) -> &StatisticsDay {
    statistics.days.last().unwrap()
}

on_both_databases! {
    async fn the_database_tells_its_time(world: World) {
        let before = SystemClock.now();
        let there = world.auth.store().time().await.unwrap();
        // Both run on this machine; the milliseconds of one of them may be rounded.
        assert!((before.0 - 1..=SystemClock.now().0 + 1).contains(&there.0), "{before:?} {there:?}");
    }

    async fn sign_ins_refusals_and_accounts_are_counted_by_day(world: World) {
        let admin = world.administrator(ADMIN).await;
        world.create_account(ALICE).await;
        world.sign_in(ALICE).await;
        let alice = world.caller(&world.sign_in(ALICE).await);
        assert_eq!(refusal(world.try_sign_in(ALICE, "not the password").await), ErrorCode::InvalidCredentials);
        enrol(&world, &alice).await;
        let first = counted(&world, &admin).await;
        assert_eq!((first.days.len(), first.counted_at), (30, Some(world.auth.now())));
        let day = today(&first);
        assert_eq!((day.sign_ins.password, day.sign_ins.total(), day.refused), (3, 3, 1));
        assert_eq!((day.active, day.accounts, day.with_factor), (Some(2), Some(2), Some(1)));
        assert!(first.days[..29].iter().all(|day| day.sign_ins.total() == 0 && day.active.is_none()));
        assert_eq!(first.days[1].start.seconds_since(first.days[0].start), DAY);

        world.clock.advance_seconds(DAY);
        world.sign_in(ADMIN).await;
        let second = counted(&world, &admin).await;
        assert_eq!(second.days[28], *day, "yesterday stays");
        let day = today(&second);
        assert_eq!((day.sign_ins.password, day.refused, day.active), (1, 0, Some(1)));
    }

    async fn one_node_counts_for_all(world: World) {
        let node = world.another_node().await;
        assert!(world.auth.count_statistics(60).await.unwrap());
        assert!(!node.count_statistics(60).await.unwrap(), "it was counted just now");
        world.clock.advance_seconds(60);
        let both = tokio::join!(world.auth.count_statistics(60), node.count_statistics(60));
        assert_ne!(both.0.unwrap(), both.1.unwrap(), "one of both takes the turn");
    }

    async fn a_number_does_not_go_back_when_sessions_are_forgotten(world: World) {
        let admin = world.administrator(ADMIN).await;
        let before = today(&counted(&world, &admin).await).clone();
        world.create_account(ALICE).await;
        let session = world.sign_in(ALICE).await;
        world.clock.advance_seconds(60);
        assert_eq!(today(&counted(&world, &admin).await).sign_ins.password, before.sign_ins.password + 1);
        let id = world.caller(&session).session_id;
        let mut tx = world.auth.store().begin().await.unwrap();
        tx.delete_session(&id).await.unwrap();
        tx.commit().await.unwrap();
        world.clock.advance_seconds(60);
        assert_eq!(today(&counted(&world, &admin).await).sign_ins.password, before.sign_ins.password + 1);
    }

    async fn the_health_of_the_engine_is_told(world: World) {
        let admin = world.administrator(ADMIN).await;
        world.inbox().await;
        world.sign_up(ALICE).await.unwrap();
        let health = flow::show_health(&world.auth, &admin).await.unwrap();
        let kind = if world.database.url.starts_with("sqlite:") { "SQLite" } else { "PostgreSQL" };
        assert_eq!(health.database.kind, kind);
        assert!(health.database.size_bytes > 10_000 && health.database.ping_us >= 0, "{health:?}");
        assert_eq!(health.database.migrations, health.database.migrations_known);
        let jobs: Vec<_> = health.jobs.iter().map(|queue| (queue.kind.as_str(), queue.waiting, queue.due)).collect();
        assert_eq!(jobs, [("mail", 1, 1)]);
        assert_eq!((health.dead_jobs, health.hash_queue.waiting, health.hash_queue.limit), (0, 0, 512));
        assert!(health.keys.signing.is_some() && health.keys.accepted == 1);
    }

    async fn to_everybody_else_there_is_nothing(world: World) {
        world.create_account(ALICE).await;
        let alice = world.caller(&world.sign_in(ALICE).await);
        let asked = [
            refusal(flow::show_statistics(&world.auth, &alice).await),
            refusal(flow::show_health(&world.auth, &alice).await),
            refusal(flow::require_permission(&world.auth, &alice, Permission::ReadSettings).await),
        ];
        assert_eq!(asked, [ErrorCode::NotFound; 3]);
    }
}
