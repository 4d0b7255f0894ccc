//! Stories of mails that do not get through at once.

use crate::support::World;
use auth::job::Worker;
use auth::mail::{SmtpSettings, Transport};

/// A mail server that does not answer.
fn dead_server(world: &World) -> Worker {
    let settings = SmtpSettings {
        url: "smtp://127.0.0.1:1".into(),
        from: "Keywright <no-reply@example.com>".into(),
        ca_pem: None,
    };
    Worker::new(world.auth.clone(), Transport::new(Some(&settings), world.auth.store()).unwrap())
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
        assert_eq!(world.auth.store().claim_jobs(now, until, 16).await.unwrap().len(), 1, "it took the job and died");
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
                tokio::spawn(async move { store.claim_jobs(now, until, 4).await.unwrap() })
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
}
