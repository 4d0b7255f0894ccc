//! Stories of mails that do not get through at once.

use crate::support::World;
use crate::support::database::postgres;
use crate::support::password_reset::ask;
use crate::support::skipped::{NO_POSTGRES, skipped};
use auth::job::Worker;
use auth::mail::{SmtpSettings, Transport};
use auth::store::Priority;
use sqlx::{AnyConnection, Connection, Executor, Row};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};

/// A worker whose mail server listens on a port of this machine.
fn worker_for(world: &World, port: u16) -> Worker {
    let settings = SmtpSettings {
        url: format!("smtp://127.0.0.1:{port}").into(),
        password_file: None,
        from: "Keywright <no-reply@example.com>".into(),
        ca_pem: None,
    };
    Worker::new(world.auth.clone(), Transport::new(Some(&settings), world.auth.store()).unwrap())
}

/// A mail server that does not answer.
pub fn dead_server(world: &World) -> Worker {
    worker_for(world, 1)
}

/// Whether somebody waits for a lock in this database of PostgreSQL.
async fn somebody_waits(connection: &mut AnyConnection) -> bool {
    let statement = "SELECT CAST(COUNT(*) AS BIGINT) AS waiting FROM pg_stat_activity \
         WHERE datname = current_database() AND wait_event_type = 'Lock'";
    sqlx::query(statement).fetch_one(connection).await.unwrap().get::<i64, _>("waiting") > 0
}

/// Whether somebody else has changed this job and not ended it.
async fn is_held(connection: &mut AnyConnection, job: &str) -> bool {
    sqlx::query("SELECT id FROM jobs WHERE id = $1 FOR UPDATE NOWAIT").bind(job).fetch_one(connection).await.is_err()
}

async fn touch(connection: &mut AnyConnection, job: &str) {
    let statement = sqlx::query("UPDATE jobs SET request_id = request_id WHERE id = $1");
    statement.bind(job).execute(connection).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_changes_jobs_in_another_order_breaks_off_no_round() {
    let Some(database) = postgres().await else { return skipped(NO_POSTGRES) };
    let world = World::on(database).await;
    world.sign_up("alice@example.com").await.unwrap();
    world.sign_up("bob@example.com").await.unwrap();
    let mut other = AnyConnection::connect(&world.database.url).await.unwrap();
    // It gives way to nobody: whoever waits for it does.
    other.execute("SET deadlock_timeout = '60s'").await.unwrap();
    let mut watcher = AnyConnection::connect(&world.database.url).await.unwrap();
    // In one of the two orders each has what the other waits for. Which one that is changes with each try.
    let (mut met, mut rounds) = (false, 0);
    while !met && rounds < 10 {
        let rows = sqlx::query("SELECT id FROM jobs ORDER BY ctid").fetch_all(&mut watcher).await.unwrap();
        let mut ids: Vec<String> = rows.iter().map(|row| row.get("id")).collect();
        if rounds % 2 == 0 {
            ids.reverse();
        }
        let [first, second] = &ids[..] else { panic!("{ids:?}") };
        rounds += 1;
        other.execute("BEGIN").await.unwrap();
        touch(&mut other, first).await;
        let worker = dead_server(&world);
        let round = tokio::spawn(async move { worker.deliver_due().await });
        while !somebody_waits(&mut watcher).await {
            assert!(!round.is_finished(), "the round waits for nobody");
            sleep(Duration::from_millis(10)).await;
        }
        met = is_held(&mut watcher, second).await;
        touch(&mut other, second).await;
        other.execute("COMMIT").await.unwrap();
        assert_eq!(round.await.unwrap().unwrap(), 2, "both are claimed in the end");
        world.clock.advance_seconds(3600);
    }
    assert!(met, "the control: each had what the other waited for");
    other.close().await.unwrap();
    watcher.close().await.unwrap();
}

on_both_databases! {
    async fn a_mail_waits_until_the_server_is_back(world: World) {
        world.sign_up("alice@example.com").await.unwrap();
        assert_eq!(dead_server(&world).deliver_due().await.unwrap(), 1);
        assert!(world.inbox().await.is_empty(), "it waits five seconds");
        world.clock.advance_seconds(5);
        assert_eq!(world.inbox_of("alice@example.com").await.len(), 1);
        world.clock.advance_seconds(3600);
        assert_eq!(world.inbox_of("alice@example.com").await.len(), 1, "and comes once");
    }

    async fn after_twelve_tries_a_mail_is_put_aside(world: World) {
        world.sign_up("bob@example.com").await.unwrap();
        for _ in 0..12 {
            assert_eq!(dead_server(&world).deliver_due().await.unwrap(), 1);
            world.clock.advance_seconds(3600);
        }
        assert_eq!(dead_server(&world).deliver_due().await.unwrap(), 0);
        assert!(world.inbox().await.is_empty());
    }

    async fn a_worker_that_dies_loses_no_mail(world: World) {
        world.sign_up("carol@example.com").await.unwrap();
        let (now, until) = (crate::support::START, crate::support::START.plus_seconds(40));
        let claimed = world.auth.store().claim_jobs(Priority::Last, now, until, 16).await.unwrap();
        assert_eq!(claimed.len(), 1, "it took the job and died");
        assert!(world.inbox().await.is_empty());
        world.clock.advance_seconds(40);
        assert_eq!(world.inbox_of("carol@example.com").await.len(), 1);
    }

    async fn a_job_is_claimed_by_one_worker_only(world: World) {
        for number in 0..24 {
            world.sign_up(&format!("person{number}@example.com")).await.unwrap();
        }
        let (now, until) = (crate::support::START, crate::support::START.plus_seconds(40));
        let workers: Vec<_> = (0..12)
            .map(|_| {
                let store = world.auth.store().clone();
                tokio::spawn(async move { store.claim_jobs(Priority::Last, now, until, 4).await.unwrap() })
            })
            .collect();
        let mut claimed = Vec::new();
        for worker in workers {
            claimed.extend(worker.await.unwrap().into_iter().map(|job| job.id.0));
        }
        let all = claimed.len();
        claimed.sort();
        claimed.dedup();
        assert_eq!(claimed.len(), all, "no job was claimed twice");
    }

    async fn two_workers_leave_no_mail_behind(world: World) {
        for number in 0..40 {
            world.sign_up(&format!("person{number}@example.com")).await.unwrap();
        }
        let node = world.another_node().await;
        let other = Worker::new(node, Transport::DevInbox(world.auth.store().clone()));
        let task = tokio::spawn(async move { while other.deliver_due().await.unwrap() > 0 {} });
        world.inbox().await;
        task.await.unwrap();
        assert_eq!(world.inbox().await.len(), 40);
    }

    async fn mails_about_unknown_addresses_have_the_last_place(world: World) {
        world.create_account("alice@example.com").await;
        world.inbox().await;
        for number in 0..40 {
            ask(&world, &format!("nobody{number}@example.com")).await;
        }
        ask(&world, "alice@example.com").await;
        let worker = Worker::new(world.auth.clone(), Transport::DevInbox(world.auth.store().clone()));
        assert_eq!(worker.deliver_due().await.unwrap(), 8);
        let first = world.auth.store().dev_mails(Some("alice@example.com"), 100).await.unwrap();
        assert_eq!(first[0].kind, "password_reset", "it came last and goes first");
        let told = world.inbox().await.iter().filter(|mail| mail.kind == "no_account").count();
        assert_eq!(told, 40, "none is lost");
    }

    async fn slow_mails_about_unknown_addresses_hold_up_nobody(world: World) {
        // A mail server that takes every connection and says nothing.
        let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
        for number in 0..20 {
            ask(&world, &format!("nobody{number}@example.com")).await;
        }
        let work = tokio::spawn(worker_for(&world, server.local_addr().unwrap().port()).run());
        let mut held = Vec::new();
        while let Ok(connection) = timeout(Duration::from_secs(2), server.accept()).await {
            held.push(connection.unwrap());
        }
        assert_eq!(held.len(), 2, "two of them are on their way at most");
        world.sign_up("alice@example.com").await.unwrap();
        let next = timeout(Duration::from_secs(10), server.accept()).await;
        assert!(next.is_ok(), "another mail leaves while they hang");
        work.abort();
    }
}
