//! Stories of what the audit log keeps and for how long: nothing secret, nothing of who left, nothing that is too old; and
//! it stays whole.

use crate::account_deletion::everything;
use crate::support::audit::filter;
use crate::support::totp::enrol;
use crate::support::{PASSWORD, World, code, context, context_on, email};
use auth::audit::AuditHead;
use auth::flow;
use auth::form::ConfirmedBy;
use auth::view::AuditFaultKind::{Altered, Inserted, Missing};
use secrecy::ExposeSecret;

const ADMIN: &str = "ada@example.com";
const ALICE: &str = "alice@example.com";
const BOB: &str = "bob@example.com";
const DAY: i64 = 24 * 60 * 60;

on_both_databases! {
    async fn who_left_is_gone_from_a_log_that_is_whole(world: World) {
        let admin = world.administrator(ADMIN).await;
        world.create_account(ALICE).await;
        let alice = world.caller(&world.sign_in_on(ALICE, "Tablet of Alice").await);
        let thief = world.caller(&world.sign_in(ALICE).await);
        flow::admin_end_session(&world.auth, &admin, &thief.session_id, &context()).await.unwrap();
        flow::request_deletion(&world.auth, &alice, &context_on("Tablet of Alice")).await.unwrap();
        world.seal().await;
        // One that is not sealed yet when she goes.
        world.write_lines(ALICE, 1).await;
        world.clock.advance_seconds(14 * DAY);
        flow::delete_account(&world.auth, &alice.user_id).await.unwrap();
        world.clock.advance_seconds(10 * 60);
        assert!(flow::delete_account(&world.auth, &alice.user_id).await.unwrap());
        world.seal().await;

        let traces = [alice.user_id.as_str(), alice.session_id.as_str(), thief.session_id.as_str(), "Tablet of Alice", ALICE];
        let lines = everything(&world).await.into_iter().filter(|(table, _)| table == "audit_events");
        let told: Vec<_> = lines.filter(|(_, value)| traces.iter().any(|trace| value.contains(trace))).collect();
        assert_eq!(told, []);
        let state = world.verified().await;
        assert!(state.is_whole, "{state:?}");
        assert_eq!(state.count, world.count("audit_events").await);

        // What the administrator did is still theirs.
        world.grant_grace().await;
        let admin = world.caller(&world.sign_in(ADMIN).await);
        let done = filter(|form| form.kind = "admin.session_ended".into());
        let lines = flow::search_audit(&world.auth, &admin, &done, None).await.unwrap().items;
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].actor.as_ref().map(|person| &person.id), Some(&admin.user_id));
        assert_eq!((&lines[0].target, lines[0].changes.len()), (&None, 0));
        // A line from which somebody else takes more is found.
        let more = "UPDATE audit_events SET actor_id = NULL WHERE kind = 'admin.session_ended'";
        world.tamper(&[more]).await;
        assert_eq!(world.found_since(None).await, [(Altered, lines[0].sequence)]);
    }

    async fn old_lines_go_and_the_rest_stays_verifiable(world: World) {
        world.create_account(ALICE).await;
        world.write_lines(ALICE, 5).await;
        world.seal().await;
        let old = world.verified().await;
        world.clock.advance_seconds(400 * DAY);
        world.write_lines(ALICE, 4).await;
        world.seal().await;
        let head = world.verified().await;
        assert_eq!(head.last, old.last + 4);
        world.auth.delete_what_is_over().await.unwrap();
        let state = world.verified().await;
        assert!(state.is_whole, "{state:?}");
        assert_eq!((state.cut, state.first, state.count), (old.last, Some(old.last + 1), 4));
        assert_eq!(world.count("audit_events").await, 4);
        // An end of before and one that retention took are believed; one that never was is not.
        let known = AuditHead { sequence: head.last, hash: head.head.clone() };
        assert_eq!(world.found_since(Some(&known)).await, []);
        let cut = AuditHead { sequence: old.last, hash: old.head.clone() };
        assert_eq!(world.found_since(Some(&cut)).await, []);
        assert_eq!(world.found_since(Some(&AuditHead { sequence: 1, hash: old.head })).await, []);
        let other = AuditHead { hash: head.head, ..cut };
        assert_eq!(world.found_since(Some(&other)).await, [(Altered, Some(old.last))]);

        world.write_lines(ALICE, 2).await;
        world.seal().await;
        assert!(world.verified().await.is_whole, "it goes on");
        world.tamper(&["INSERT INTO audit_events (id, at, kind, topic, address, device, request_id, sequence) \
                        VALUES ('invented', 1, 'user.created', 'profile', '', '', '', 1)"]).await;
        assert_eq!(world.found_since(None).await, [(Inserted, Some(1))], "nobody puts one where lines were taken");
        world.tamper(&["DELETE FROM audit_events WHERE sequence = 1"]).await;
        world.tamper(&["DELETE FROM audit_events WHERE sequence = (SELECT sequence + 1 FROM audit_checkpoint)"]).await;
        assert_eq!(world.found_since(None).await, [(Missing, Some(old.last + 1))], "also behind the checkpoint");
        world.tamper(&["UPDATE audit_checkpoint SET sequence = sequence + 1"]).await;
        assert!(world.found_since(None).await.contains(&(Altered, Some(old.last + 1))), "which nobody else moves");
    }

    async fn everything_may_go_and_the_chain_goes_on(world: World) {
        world.create_account(ALICE).await;
        world.seal().await;
        world.clock.advance_seconds(401 * DAY);
        world.auth.delete_what_is_over().await.unwrap();
        let state = world.verified().await;
        assert!(state.is_whole && state.first.is_none(), "{state:?}");
        assert_eq!((world.count("audit_events").await, state.cut), (0, state.last));
        world.write_lines(ALICE, 1).await;
        world.seal().await;
        let state = world.verified().await;
        assert!(state.is_whole);
        assert_eq!((state.count, state.first), (1, Some(state.cut + 1)));
    }

    async fn nobody_makes_lines_go_early(world: World) {
        world.create_account(ALICE).await;
        world.write_lines(ALICE, 5).await;
        world.seal().await;
        world.tamper(&["UPDATE audit_events SET at = 0"]).await;
        world.auth.delete_what_is_over().await.unwrap();
        let state = world.verified().await;
        assert_eq!((state.cut, state.count), (0, state.last), "their moments are not as they were written");
        assert_eq!(i64::try_from(state.faults.len()).unwrap(), state.last);
    }

    async fn who_leaves_takes_nobody_else_out_of_the_log(world: World) {
        let admin = world.administrator(ADMIN).await;
        world.create_account(BOB).await;
        let bob = world.caller(&world.sign_in(BOB).await);
        flow::admin_rotate_keys(&world.auth, &admin, &context()).await.unwrap();
        world.seal().await;
        let of_admin = "SELECT CAST(COUNT(*) AS BIGINT) AS number FROM audit_events WHERE session_id IS NOT NULL \
                        AND user_id IN (SELECT u.id FROM users u WHERE u.email = 'ada@example.com')";
        let lines = world.number(of_admin).await;
        assert!(lines > 1, "{lines}");
        // Somebody who has the database says that her sessions were his.
        world.tamper(&["UPDATE sessions SET user_id = (SELECT u.id FROM users u WHERE u.email = 'bob@example.com')"]).await;
        flow::request_deletion(&world.auth, &bob, &context()).await.unwrap();
        world.clock.advance_seconds(14 * DAY);
        flow::delete_account(&world.auth, &bob.user_id).await.unwrap();
        world.clock.advance_seconds(10 * 60);
        assert!(flow::delete_account(&world.auth, &bob.user_id).await.unwrap());
        assert_eq!(world.number(of_admin).await, lines);
        world.seal().await;
        assert!(world.verified().await.is_whole);
    }

    async fn a_line_that_was_taken_and_comes_back_takes_no_others_with_it(world: World) {
        world.create_account(ALICE).await;
        world.seal().await;
        world.tamper(&["CREATE TABLE taken AS SELECT * FROM audit_events WHERE sequence = 1"]).await;
        world.clock.advance_seconds(401 * DAY);
        world.auth.delete_what_is_over().await.unwrap();
        let cut = world.verified().await.cut;
        world.write_lines(ALICE, 5).await;
        world.seal().await;
        // The program wrote it, so it is sealed. Then everything between goes, for which it is to stand.
        world.tamper(&[
            "UPDATE taken SET sequence = NULL, sealed_at = NULL, previous_hash = NULL, hash = NULL",
            "INSERT INTO audit_events SELECT * FROM taken",
        ])
        .await;
        assert_eq!(world.seal().await, 1);
        assert!(world.verified().await.is_whole);
        world.tamper(&["DELETE FROM audit_events WHERE sequence < (SELECT sequence FROM audit_anchor)"]).await;
        world.auth.delete_what_is_over().await.unwrap();
        assert_eq!(world.found_since(None).await, [(Missing, Some(cut + 1))]);
        assert_eq!(world.verified().await.cut, cut);
    }

    async fn lines_of_before_the_chain_go_by_their_own_moment(world: World) {
        world.tamper(&["INSERT INTO audit_events (id, at, kind, topic, address, device, request_id) \
                        VALUES ('old', 1, 'user.created', 'profile', '', '', '')"]).await;
        world.create_account(ALICE).await;
        world.seal().await;
        assert_eq!(world.verified().await.adopted, 1);
        world.auth.delete_what_is_over().await.unwrap();
        let state = world.verified().await;
        assert!(state.is_whole, "{state:?}");
        assert_eq!((state.cut, state.first), (1, Some(2)));
    }

    async fn lines_are_kept_for_ever_where_that_is_set(world: World) {
        world.create_account(ALICE).await;
        world.seal().await;
        let node = world.another_node_with(&world.clock, |settings| settings.audit_retention_days = 0).await.unwrap();
        world.clock.advance_seconds(4000 * DAY);
        node.delete_what_is_over().await.unwrap();
        assert!(world.count("audit_events").await > 0);
        world.auth.delete_what_is_over().await.unwrap();
        assert_eq!(world.count("audit_events").await, 0);
    }

    async fn no_line_holds_a_secret(world: World) {
        let admin = world.administrator(ADMIN).await;
        world.create_account(ALICE).await;
        let session = world.sign_in(ALICE).await;
        let alice = world.caller(&session);
        world.create_account(BOB).await;
        let (app, codes) = enrol(&world, &world.caller(&world.sign_in(BOB).await)).await;
        let _ = world.try_sign_in(ALICE, "a password that is wrong").await;
        flow::forgot_password(&world.auth, &email(ALICE), &context()).await.unwrap();
        let new = email("alice.elsewhere@example.org");
        flow::request_email_change(&world.auth, &alice, &new, &context()).await.unwrap();
        let mails = world.inbox().await;
        let mailed: Vec<String> = mails.iter().filter_map(|mail| mail.code.clone()).collect();
        let links = mails.iter().filter_map(|mail| mail.link.as_deref()?.split_once("token=").map(|(_, token)| token.to_owned()));
        let links: Vec<String> = links.collect();
        assert!(mailed.len() > 3 && links.len() > 3);
        let confirmed = mails.iter().find(|mail| mail.to == "alice.elsewhere@example.org").unwrap().code.clone().unwrap();
        flow::confirm_email_change(&world.auth, &alice, &ConfirmedBy::Code(code(&confirmed)), &context()).await.unwrap();
        flow::admin_rotate_keys(&world.auth, &admin, &context()).await.unwrap();
        flow::admin_end_session(&world.auth, &admin, &alice.session_id, &context()).await.unwrap();
        world.seal().await;

        let mut secrets = vec![PASSWORD.to_owned(), "a password that is wrong".to_owned(), app.expose_secret().to_owned()];
        secrets.extend(mailed.into_iter().chain(links));
        secrets.extend(codes.unwrap().codes().iter().map(|code| code.expose_secret().to_owned()));
        secrets.extend([session.refresh_token.expose_secret().to_owned(), session.access.access_token.clone()]);
        let lines: Vec<_> = everything(&world).await.into_iter().filter(|(table, _)| table == "audit_events").collect();
        assert!(lines.len() > 100);
        // Ids and proofs are long enough that six digits stand in some of them by chance.
        let is_proof = |value: &str| value.len() == 22 || value.len() == 36 || value.len() == 43 || value.parse::<i64>().is_ok();
        for (_, value) in lines.iter().filter(|(_, value)| !is_proof(value)) {
            for secret in &secrets {
                assert!(!value.contains(secret.as_str()), "{value}");
            }
        }
        // Those that are compared whole are.
        for (_, value) in &lines {
            assert!(!secrets.contains(value), "{value}");
        }
    }
}
