//! Stories of what nodes find wrong with the proxies before them.

use crate::support::World;
use auth::Timestamp;
use auth::view::{ProxyFault, ProxyFinding};

async fn known(world: &World, since: Timestamp) -> Vec<ProxyFinding> {
    world.auth.store().proxy_findings_since(since).await.unwrap()
}

fn unlisted(count: i64) -> ProxyFinding {
    ProxyFinding { fault: ProxyFault::UnlistedProxy, address: Some("10.0.0.1".to_owned()), count }
}

on_both_databases! {
    async fn a_finding_is_one_row_however_many_nodes_have_it(world: World) {
        let start = world.auth.now();
        let many = ProxyFinding { fault: ProxyFault::ManyTrusted, address: None, count: 60 };
        world.auth.note_proxy_finding(&unlisted(20)).await.unwrap();
        world.auth.note_proxy_finding(&many).await.unwrap();
        world.clock.advance_seconds(60);
        world.another_node().await.note_proxy_finding(&unlisted(50)).await.unwrap();
        assert_eq!(known(&world, start).await, [many, unlisted(50)]);
        assert_eq!(known(&world, world.auth.now()).await, [unlisted(50)], "the other one was not seen again");
    }

    async fn what_no_node_finds_any_more_is_forgotten_after_a_day(world: World) {
        let start = world.auth.now();
        world.auth.note_proxy_finding(&unlisted(20)).await.unwrap();
        world.clock.advance_seconds(24 * 60 * 60 + 1);
        let wide = ProxyFinding { fault: ProxyFault::WideNetwork, address: Some("8.0.0.0/8".to_owned()), count: 1 };
        world.auth.note_proxy_finding(&wide).await.unwrap();
        assert_eq!(known(&world, start).await, [wide]);
    }
}
