//! Stories of work that one node does for all: jobs that are claimed, and turns that are taken.

use crate::support::World;
use auth::job::Worker;
use auth::mail::Transport;
use std::collections::BTreeMap;

const NODES: usize = 6;

on_both_databases! {
    async fn of_many_nodes_one_keeps_house_in_an_hour(world: World) {
        world.create_account("alice@example.com").await;
        for (seconds, expected) in [(0, 1), (3599, 0), (1, 1), (3600, 1)] {
            world.clock.advance_seconds(seconds);
            let mut nodes = Vec::new();
            for _ in 0..NODES {
                nodes.push(world.another_node().await);
            }
            let looks: Vec<_> = nodes
                .into_iter()
                .map(|node| tokio::spawn(async move { node.keep_house_in_turn().await.unwrap() }))
                .collect();
            let mut turns = 0;
            for look in looks {
                turns += usize::from(look.await.unwrap());
            }
            assert_eq!(turns, expected, "{seconds} seconds later");
        }
    }

    async fn a_node_whose_clock_was_ahead_holds_up_nobody(world: World) {
        world.clock.advance_seconds(400 * 86_400);
        assert!(world.another_node().await.keep_house_in_turn().await.unwrap());
        world.clock.advance_seconds(-400 * 86_400);
        assert!(world.another_node().await.keep_house_in_turn().await.unwrap(), "its moment counts for nothing");
        assert!(!world.another_node().await.keep_house_in_turn().await.unwrap());
    }

    async fn a_mail_is_sent_by_one_node_alone(world: World) {
        const MAILS: usize = 40;
        for number in 0..MAILS {
            world.sign_up(&format!("person{number}@example.com")).await.unwrap();
        }
        let mut works = Vec::new();
        for _ in 0..NODES {
            let node = world.another_node().await;
            let worker = Worker::new(node.clone(), Transport::DevInbox(node.store().clone()));
            works.push(tokio::spawn(async move {
                let mut sent = 0;
                loop {
                    match worker.deliver_due().await.unwrap() {
                        0 => return sent,
                        some => sent += some,
                    }
                }
            }));
        }
        let mut sent = Vec::new();
        for work in works {
            sent.push(work.await.unwrap());
        }
        assert_eq!(sent.iter().sum::<usize>(), MAILS, "{sent:?}");
        let mut arrived = BTreeMap::new();
        for mail in world.inbox().await {
            *arrived.entry(mail.to).or_insert(0) += 1;
        }
        assert_eq!(arrived.len(), MAILS);
        assert!(arrived.values().all(|mails| *mails == 1), "{arrived:?}");
    }
}
