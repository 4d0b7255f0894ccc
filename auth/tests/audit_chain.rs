//! Stories of the chain: whoever has the database and not the key is found, whatever they do to it.

use crate::support::World;
use crate::support::audit::Found;
use auth::Auth;
use auth::audit::AuditHead;
use auth::flow;
use auth::view::AuditFaultKind::{Altered, Inserted, Missing, OutOfOrder, TruncatedTail, UnsealedTooLong};
use std::collections::HashSet;

const ALICE: &str = "alice@example.com";

/// A log of at least ten sealed lines, of which a copy lies beside it.
async fn sealed(world: &World) -> AuditHead {
    world.create_account(ALICE).await;
    world.write_lines(ALICE, 10).await;
    assert!(world.seal().await >= 10);
    world
        .tamper(&[
            "CREATE TABLE kept AS SELECT * FROM audit_events",
            "CREATE TABLE kept_anchor AS SELECT * FROM audit_anchor",
        ])
        .await;
    let state = world.verified().await;
    assert!(state.is_whole, "{state:?}");
    assert_eq!((state.first, state.count, state.cut, state.adopted), (Some(1), state.last, 0, 0));
    AuditHead { sequence: state.last, hash: state.head }
}

/// What is found after these statements; then everything is as it was.
async fn found_after(world: &World, statements: &[&'static str]) -> Found {
    world.tamper(statements).await;
    let found = world.found_since(None).await;
    world
        .tamper(&[
            "DELETE FROM audit_events",
            "INSERT INTO audit_events SELECT * FROM kept",
            "DELETE FROM audit_anchor",
            "INSERT INTO audit_anchor SELECT * FROM kept_anchor",
        ])
        .await;
    assert_eq!(world.found_since(None).await, []);
    found
}

on_both_databases! {
    async fn an_altered_line_is_found_whatever_of_it_was_altered(world: World) {
        sealed(&world).await;
        for statement in [
            "UPDATE audit_events SET at = at + 1 WHERE sequence = 3",
            "UPDATE audit_events SET kind = 'session.started' WHERE sequence = 4",
            "UPDATE audit_events SET outcome = 'done' WHERE sequence = 4",
            "UPDATE audit_events SET user_id = 'somebody else' WHERE sequence = 4",
            "UPDATE audit_events SET session_id = 'another' WHERE sequence = 4",
            "UPDATE audit_events SET address = '198.51.100.7' WHERE sequence = 4",
            "UPDATE audit_events SET device = 'Netscape' WHERE sequence = 4",
            "UPDATE audit_events SET request_id = 'another' WHERE sequence = 4",
            "UPDATE audit_events SET actor_id = 'somebody else' WHERE sequence = 4",
            "UPDATE audit_events SET impersonator_id = 'somebody else' WHERE sequence = 4",
            "UPDATE audit_events SET organization_id = 'another' WHERE sequence = 4",
            "UPDATE audit_events SET target = 'another' WHERE sequence = 4",
            "UPDATE audit_events SET changes = '[]' WHERE sequence = 4",
            "UPDATE audit_events SET mac = 'invented' WHERE sequence = 4",
            "UPDATE audit_events SET mac = NULL WHERE sequence = 4",
            "UPDATE audit_events SET hash = 'invented' WHERE sequence = 4",
            "UPDATE audit_events SET sealed_at = 1 WHERE sequence = 4",
            "UPDATE audit_events SET subject_salt = 'invented' WHERE sequence = 4",
        ] {
            let found = found_after(&world, &[statement]).await;
            let sequence = if statement.ends_with('3') { 3 } else { 4 };
            assert_eq!(found, [(Altered, Some(sequence))], "{statement}");
        }
        let moved = found_after(&world, &["UPDATE audit_events SET previous_hash = 'invented' WHERE sequence = 4"]).await;
        assert_eq!(moved, [(OutOfOrder, Some(4))]);
    }

    async fn nobody_else_erases_a_person_from_a_line(world: World) {
        sealed(&world).await;
        let erased = "UPDATE audit_events SET user_id = NULL, subject_salt = NULL WHERE sequence = 4";
        assert_eq!(found_after(&world, &[erased]).await, [(Altered, Some(4))]);
        let copied = "UPDATE audit_events SET user_id = NULL, \
                      subject_salt = 'erased.' || mac || '.' || mac WHERE sequence = 4";
        assert_eq!(found_after(&world, &[copied]).await, [(Altered, Some(4))]);
    }

    async fn a_line_that_is_gone_or_stands_elsewhere_is_found(world: World) {
        let head = sealed(&world).await;
        let gone = found_after(&world, &["DELETE FROM audit_events WHERE sequence IN (4, 5, 8)"]).await;
        assert_eq!(gone, [(Missing, Some(4)), (Missing, Some(8))]);
        assert_eq!(found_after(&world, &["DELETE FROM audit_events WHERE sequence = 1"]).await, [(Missing, Some(1))]);
        let swapped = found_after(&world, &[
            "UPDATE audit_events SET sequence = 1000 WHERE sequence = 4",
            "UPDATE audit_events SET sequence = 4 WHERE sequence = 5",
            "UPDATE audit_events SET sequence = 5 WHERE sequence = 1000",
        ])
        .await;
        assert_eq!(swapped, [(OutOfOrder, Some(4)), (OutOfOrder, Some(5))]);
        let closed_up = found_after(&world, &[
            "DELETE FROM audit_events WHERE sequence = 4",
            "UPDATE audit_events SET sequence = 4 WHERE sequence = 5",
        ])
        .await;
        assert_eq!(closed_up, [(OutOfOrder, Some(4)), (Missing, Some(5))]);
        assert!(head.sequence > 8);
    }

    async fn a_line_that_nobody_wrote_is_found(world: World) {
        let head = sealed(&world).await;
        let behind = found_after(&world, &["INSERT INTO audit_events (id, at, kind, topic, user_id, address, device, \
            request_id, subject_salt, origin_salt, mac, sequence, previous_hash, hash) SELECT 'invented', at, kind, topic, \
            user_id, address, device, request_id, subject_salt, origin_salt, mac, 1000, previous_hash, hash \
            FROM audit_events WHERE sequence = 4"])
        .await;
        assert_eq!(behind, [(Inserted, Some(head.sequence + 1))]);
        // Before the beginning, where nobody walks.
        for (number, forged) in [
            (0, "INSERT INTO audit_events (id, at, kind, topic, address, device, request_id, mac, sequence, previous_hash, \
                 hash) VALUES ('invented', 1800000000000, 'user.created', 'profile', '', '', '', '', 0, '', '')"),
            (-7, "INSERT INTO audit_events (id, at, kind, topic, address, device, request_id, sequence) \
                  VALUES ('invented', 1800000000000, 'user.created', 'profile', '', '', '', -7)"),
        ] {
            assert_eq!(found_after(&world, &[forged]).await, [(Inserted, Some(number))]);
        }
        // One that waits for its place gets none, with a proof that is none and without one.
        world.tamper(&[
            "INSERT INTO audit_events (id, at, kind, topic, user_id, address, device, request_id, subject_salt, origin_salt, \
             mac) SELECT 'copied', at, kind, topic, user_id, address, device, request_id, subject_salt, origin_salt, mac \
             FROM audit_events WHERE sequence = 4",
            "INSERT INTO audit_events (id, at, kind, topic, address, device, request_id) \
             VALUES ('bare', 1800000000000, 'user.created', 'profile', '', '', '')",
        ])
        .await;
        world.write_lines(ALICE, 1).await;
        assert_eq!(world.seal().await, 1, "the true one alone");
        assert_eq!(world.found_since(None).await, [(Inserted, None)]);
        assert_eq!(world.seal().await, 0);
    }

    async fn an_end_that_is_gone_is_found(world: World) {
        let head = sealed(&world).await;
        assert_eq!(head.sequence, world.number("SELECT CAST(MAX(sequence) AS BIGINT) AS number FROM audit_events").await);
        let last = "DELETE FROM audit_events WHERE sequence = (SELECT sequence FROM audit_anchor)";
        assert_eq!(found_after(&world, &[last]).await, [(TruncatedTail, Some(head.sequence))]);
        for statement in [
            "UPDATE audit_anchor SET sequence = sequence - 1",
            "UPDATE audit_anchor SET adopts_until = 9000000000000000000",
            "UPDATE audit_anchor SET mac = 'invented'",
            "UPDATE audit_anchor SET mac = ''",
            "DELETE FROM audit_anchor",
        ] {
            assert_eq!(found_after(&world, &[statement]).await, [(TruncatedTail, Some(head.sequence + 1))], "{statement}");
        }
        // Nor does the chain begin anew, which would make lines true that nobody wrote.
        for lost in ["UPDATE audit_anchor SET mac = ''", "UPDATE audit_anchor SET mac = '', sequence = 0, hash = '', began_at = 0"] {
            world.tamper(&[lost, "INSERT INTO audit_events (id, at, kind, topic, address, device, request_id) \
                VALUES ('forged', 1800000000000, 'user.created', 'profile', '', '', '')"]).await;
            let restarted = world.another_node().await;
            assert!(restarted.seal_audit_log().await.is_err(), "{lost}");
            let found = found_after(&world, &[]).await;
            assert_eq!(found, [(TruncatedTail, Some(head.sequence + 1))], "{lost}");
        }
        // Nothing is sealed behind an end that is not ours.
        world.tamper(&["UPDATE audit_anchor SET hash = 'invented'"]).await;
        world.write_lines(ALICE, 1).await;
        assert!(world.auth.seal_audit_log().await.is_err());
    }

    async fn an_end_that_was_turned_back_is_found_by_who_kept_it_elsewhere(world: World) {
        let early = sealed(&world).await;
        world.write_lines(ALICE, 3).await;
        world.seal().await;
        let state = world.verified().await;
        let late = AuditHead { sequence: state.last, hash: state.head };
        assert_eq!(late.sequence, early.sequence + 3);
        assert_eq!(world.found_since(Some(&early)).await, []);
        assert_eq!(world.found_since(Some(&late)).await, []);
        let other = AuditHead { hash: "a".repeat(43), ..early.clone() };
        assert_eq!(world.found_since(Some(&other)).await, [(Altered, Some(early.sequence))]);
        // Lines and what the program remembers of the end, both of an earlier hour.
        world.tamper(&[
            "DELETE FROM audit_events WHERE sequence > (SELECT sequence FROM kept_anchor)",
            "DELETE FROM audit_anchor",
            "INSERT INTO audit_anchor SELECT * FROM kept_anchor",
        ])
        .await;
        assert_eq!(world.found_since(None).await, [], "the database alone does not tell it");
        assert_eq!(world.found_since(Some(&early)).await, []);
        assert_eq!(world.found_since(Some(&late)).await, [(TruncatedTail, Some(early.sequence + 1))]);
    }

    async fn a_node_that_runs_notices_at_once_that_the_end_was_turned_back(world: World) {
        let admin = world.administrator("ada@example.com").await;
        let early = sealed(&world).await;
        let node = world.another_node().await;
        world.write_lines(ALICE, 3).await;
        world.seal().await;
        // It seals nothing and only looks, as each node does all the time.
        assert_eq!(node.seal_audit_lines().await.unwrap(), 0);
        world.tamper(&[
            "DELETE FROM audit_events WHERE sequence > (SELECT sequence FROM kept_anchor)",
            "DELETE FROM audit_anchor",
            "INSERT INTO audit_anchor SELECT * FROM kept_anchor",
        ])
        .await;
        for auth in [&world.auth, &node] {
            assert!(auth.seal_audit_log().await.is_err(), "nothing is sealed behind it");
            let state = flow::audit_state(auth, &admin).await.unwrap();
            let found: Vec<_> = state.faults.iter().map(|fault| (fault.kind, fault.sequence)).collect();
            assert_eq!(found, [(TruncatedTail, Some(early.sequence + 1))]);
        }
        let restarted = world.another_node().await;
        assert!(restarted.seal_audit_log().await.is_ok(), "it knows nothing, and --expect is for that");
    }

    async fn a_line_that_waits_for_too_long_is_told(world: World) {
        sealed(&world).await;
        world.write_lines(ALICE, 1).await;
        world.clock.advance_seconds(60);
        assert_eq!(world.found_since(None).await, []);
        world.clock.advance_seconds(1);
        assert_eq!(world.found_since(None).await, [(UnsealedTooLong, None)]);
        world.seal().await;
        assert_eq!(world.found_since(None).await, []);
    }

    async fn nodes_that_seal_at_once_make_one_chain(world: World) {
        world.create_account(ALICE).await;
        let nodes = [world.auth.clone(), world.another_node().await, world.another_node().await];
        world.write_lines(ALICE, 120).await;
        let tasks: Vec<_> = nodes.iter().cycle().take(12).cloned().map(|node: Auth| {
            tokio::spawn(async move {
                let mut sealed = 0;
                for _ in 0..10 {
                    // Whoever waited for too long tries again, as the loop of each node does.
                    sealed += node.seal_audit_lines().await.unwrap_or(0);
                }
                sealed
            })
        })
        .collect();
        // Others write meanwhile.
        world.write_lines(ALICE, 30).await;
        let mut sealed = 0;
        for task in tasks {
            sealed += task.await.unwrap();
        }
        sealed += world.seal().await;
        let state = world.verified().await;
        assert!(state.is_whole, "{state:?}");
        assert_eq!(u64::try_from(state.last).unwrap(), sealed, "no number twice, and none left out");
        assert_eq!(state.count, state.last);
        assert_eq!(state.count, world.number("SELECT CAST(COUNT(*) AS BIGINT) AS number FROM audit_events").await);
        let counted = "SELECT CAST(SUM(lines) AS BIGINT) AS number FROM audit_days WHERE organization_id = ''";
        assert_eq!(world.number(counted).await, state.count);
    }

    async fn lines_of_before_the_chain_come_first_and_no_others_are_taken_later(world: World) {
        // As a version wrote them that knew no chain.
        for statement in [
            "INSERT INTO audit_events (id, at, kind, topic, address, device, request_id) \
             VALUES ('second', 1700000000002, 'user.created', 'profile', '192.0.2.1', '', '')",
            "INSERT INTO audit_events (id, at, kind, topic, address, device, request_id) \
             VALUES ('first', 1700000000001, 'user.created', 'profile', '', '', '')",
        ] {
            world.tamper(&[statement]).await;
        }
        world.create_account(ALICE).await;
        world.seal().await;
        let state = world.verified().await;
        assert!(state.is_whole, "{state:?}");
        assert_eq!((state.adopted, state.first), (2, Some(1)));
        assert_eq!(world.number("SELECT sequence AS number FROM audit_events WHERE id = 'first'").await, 1);
        assert_eq!(world.number("SELECT sequence AS number FROM audit_events WHERE id = 'second'").await, 2);
        let altered = "UPDATE audit_events SET address = '' WHERE id = 'second'";
        world.tamper(&[altered]).await;
        assert_eq!(world.found_since(None).await, [(Altered, Some(2))], "they are proved from now on");
        world.tamper(&["UPDATE audit_events SET address = '192.0.2.1' WHERE id = 'second'"]).await;

        // A node of the older version is still there for a while; an hour later nobody is.
        let late = "INSERT INTO audit_events (id, at, kind, topic, address, device, request_id) \
                    VALUES ('late', 1800000000000, 'user.created', 'profile', '', '', '')";
        world.tamper(&[late]).await;
        assert_eq!(world.seal().await, 1);
        world.clock.advance_seconds(60 * 60 + 1);
        world.tamper(&["INSERT INTO audit_events (id, at, kind, topic, address, device, request_id) \
                        VALUES ('forged', 1800000000000, 'user.created', 'profile', '', '', '')"])
        .await;
        assert_eq!(world.seal().await, 0);
        assert_eq!(world.found_since(None).await, [(Inserted, None)]);
    }
}

/// The kinds are told apart by their names.
#[test]
fn each_fault_has_a_name_of_its_own() {
    let kinds = auth::view::AuditFaultKind::ALL;
    let names: HashSet<_> = kinds.iter().map(|kind| kind.as_str()).collect();
    assert_eq!(names.len(), kinds.len());
    for kind in kinds {
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
    }
}
