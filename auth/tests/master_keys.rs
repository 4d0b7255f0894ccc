//! Stories of the master key: everything is sealed anew under another one while people work, and nothing is lost.

use crate::support::keys::{accepts, kid, signed_by};
use crate::support::master_keys::{new_key, old_key, ring, rotate};
use crate::support::personal_tokens::{make, works};
use crate::support::totp::{code_at, enrol};
use crate::support::typed_factor::{ticket, type_code};
use crate::support::webhooks::{ADMIN, is_signed_with, listener};
use crate::support::{World, access_token, context, link};
use auth::crypto::{CodeMac, DataKey, DataKeyUse, MasterKey, MasterKeys};
use auth::flow;
use auth::master_key::{MissingMasterKey, QUIET_SECONDS};
use auth::store::SEALED_COLUMNS;
use auth::{Auth, FactorMethod};
use secrecy::ExposeSecret;
use std::collections::BTreeSet;
use tokio::sync::Notify;

const EMAIL: &str = "alice@example.com";

/// Which key a start lacks, and the words that say so.
fn missing(started: anyhow::Result<Auth>) -> (String, String) {
    let error = started.err().expect("no node starts");
    let words = format!("{error:#}");
    (error.downcast_ref::<MissingMasterKey>().map(|missing| missing.0.clone()).expect(&words), words)
}

/// Promises so many mails.
async fn promise_mails(world: &World, mails: usize) {
    for number in 0..mails {
        world.sign_up(&format!("person{number}@example.com")).await.unwrap();
    }
}

on_both_databases! {
    async fn after_a_rotation_all_still_works_without_the_old_key(world: World) {
        let (world, service) = (world.telling().await, listener().await);
        let admin = world.administrator(ADMIN).await;
        let webhook = world.platform_webhook(&admin, &service, &["user.created"]).await;
        world.clock.advance_seconds(1);
        world.create_account(EMAIL).await;
        let session = world.sign_in(EMAIL).await;
        let caller = world.caller(&session);
        let token = make(&world.auth, &caller, "Backup").await.unwrap().secret;
        let (app, codes) = enrol(&world, &caller).await;
        world.sign_up("late@example.com").await.unwrap();
        world.seal().await;

        let both = world.node_of(ring()).await.unwrap();
        world.clock.advance_seconds(QUIET_SECONDS + 2);
        let done = rotate(&both).await;
        assert_eq!((done.current, done.retired), (new_key().fingerprint(), vec![old_key().fingerprint()]));
        assert!(done.needed.is_empty() && done.tables.iter().all(|table| table.unreadable == 0));
        for table in ["signing_keys", "jobs", "totp_secrets", "webhooks", "data_keys"] {
            assert!(done.tables.iter().any(|told| told.table == table && told.resealed > 0), "{table}: {:?}", done.tables);
        }
        assert_eq!(world.sealed_under(&old_key()).await, Vec::<String>::new());

        let world = World { auth: world.node_of(new_key()).await.unwrap(), ..world };
        assert!(world.auth.caller_of_access_token(&access_token(&session)).is_ok(), "who is signed in stays so");
        flow::refresh(&world.auth, &session.refresh_token, &context()).await.unwrap();
        assert!(works(&world.auth, &token).await);
        let half = ticket(&world, EMAIL).await;
        type_code(&world.auth, &half, FactorMethod::Totp, &code_at(&app, world.auth.now())).await.unwrap();
        let half = ticket(&world, EMAIL).await;
        let code = codes.unwrap().codes()[0].expose_secret().to_owned();
        type_code(&world.auth, &half, FactorMethod::RecoveryCode, &code).await.unwrap();
        let mailed = world.mailed_token("late@example.com").await;
        flow::verify_email(&world.auth, link(mailed), &context()).await.unwrap();
        world.tell_webhooks().await;
        let heard = service.heard();
        assert!(heard.len() >= 2 && heard.iter().all(|heard| is_signed_with(heard, &webhook.secret)), "{heard:?}");
        world.seal().await;
        let verified = world.verified().await;
        assert!(verified.is_whole, "{:?}", verified.faults);
        for (kind, lines) in [
            ("SELECT CAST(COUNT(*) AS BIGINT) AS number FROM audit_events WHERE kind = 'admin.master_key_rotated'", 1),
            ("SELECT CAST(COUNT(*) AS BIGINT) AS number FROM audit_events WHERE kind = 'admin.master_key_rotation_begun'", 1),
        ] {
            assert_eq!(world.number(kind).await, lines, "{kind}");
        }
        let again = rotate(&world.auth).await;
        assert!(again.tables.is_empty() && again.retired.is_empty(), "there is nothing to do: {again:?}");
    }

    async fn what_was_broken_off_goes_on(world: World) {
        promise_mails(&world, 120).await;
        let both = world.node_of(ring()).await.unwrap();
        world.clock.advance_seconds(QUIET_SECONDS + 1);
        let begun = world.sealed_under(&old_key()).await.len();
        let mut left = begun;
        // After the signing key, after a hundred mails, and after the others.
        for _ in 0..3 {
            let (enough, here) = (Notify::new(), context());
            let told = |_: &'static str, _: i64, _: i64| enough.notify_one();
            tokio::select! {
                biased;
                () = enough.notified() => {}
                done = flow::rotate_master_key(&both, &here, told) => panic!("it came to its end: {done:?}"),
            }
            let old = world.sealed_under(&old_key()).await.len();
            assert!(old < left && old > 0, "{old} of {left} are left");
            left = old;
            assert_eq!(missing(world.node_of(new_key()).await).0, old_key().fingerprint());
            world.node_of(ring()).await.unwrap();
        }
        let done = rotate(&both).await;
        let resealed: i64 = done.tables.iter().map(|table| table.resealed).sum();
        assert_eq!(usize::try_from(resealed).unwrap(), left, "what was done is not done again");
        assert_eq!(world.sealed_under(&old_key()).await.len(), 0);
        assert_eq!(world.sealed_under(&new_key()).await.len(), begun);
        let world = World { auth: world.node_of(new_key()).await.unwrap(), ..world };
        assert_eq!(world.inbox().await.len(), 120, "no mail was lost");
    }

    async fn nodes_with_both_keys_work_while_it_runs_and_the_old_one_stays_while_one_seals_with_it(world: World) {
        // The first step: every node knows the new key, and seals with the old one.
        let before = world.node_of(MasterKeys::new(old_key(), vec![new_key()])).await.unwrap();
        let world = World { auth: before, ..world };
        promise_mails(&world, 30).await;
        world.create_account(EMAIL).await;
        let app = enrol(&world, &world.caller(&world.sign_in(EMAIL).await)).await.0;
        let after = world.node_of(ring()).await.unwrap();
        let work = async {
            for number in 0..10 {
                world.create_account(&format!("newcomer{number}@example.com")).await;
            }
            let half = ticket(&world, EMAIL).await;
            type_code(&world.auth, &half, FactorMethod::Totp, &code_at(&app, world.auth.now())).await.unwrap();
        };
        let (done, ()) = tokio::join!(rotate(&after), work);
        assert_eq!(done.retired, Vec::<String>::new());
        assert_eq!(done.needed.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(), [old_key().fingerprint()]);
        assert_eq!(missing(world.node_of(new_key()).await).0, old_key().fingerprint());

        // The last node of before tells of its key once more, and then is gone.
        world.clock.advance_seconds(QUIET_SECONDS);
        assert_eq!(world.auth.note_master_key().await.unwrap(), Vec::<String>::new());
        world.clock.advance_seconds(QUIET_SECONDS);
        assert_eq!(rotate(&after).await.retired, Vec::<String>::new(), "it may be there still");
        world.clock.advance_seconds(1);
        assert_eq!(rotate(&after).await.retired, [old_key().fingerprint()]);
        let world = World { auth: world.node_of(new_key()).await.unwrap(), ..world };
        for number in 0..10 {
            world.sign_in(&format!("newcomer{number}@example.com")).await;
        }
        let half = ticket(&world, EMAIL).await;
        type_code(&world.auth, &half, FactorMethod::Totp, &code_at(&app, world.auth.now())).await.unwrap();
    }

    async fn what_is_sealed_while_the_last_look_takes_long_keeps_its_key(world: World) {
        promise_mails(&world, 1).await;
        let both = world.node_of(ring()).await.unwrap();
        rotate(&both).await;
        // What the look stops at: before that a node may have told of its key, sealed something and ended.
        world.tamper(&["UPDATE jobs SET payload_sealed = 'v1.another_.broken.value'"]).await;
        let slow = |_: &'static str, _: i64, _: i64| world.clock.advance_seconds(QUIET_SECONDS + 1);
        let done = flow::rotate_master_key(&both, &context(), slow).await.unwrap();
        assert_eq!(done.retired, Vec::<String>::new(), "it was not quiet when the look began");
        assert_eq!(missing(world.node_of(new_key()).await).0, old_key().fingerprint());
        assert_eq!(rotate(&both).await.retired, [old_key().fingerprint()], "the control: now it was");
    }

    async fn a_key_that_the_rotation_lacks_is_not_retired(world: World) {
        let both = world.node_of(ring()).await.unwrap();
        // While it runs, a node with yet another key comes and goes.
        let third = MasterKey::from_bytes(*b"abcdefghijklmnopqrstuvwxyz012345");
        let name = third.fingerprint();
        let other = world.node_of(MasterKeys::new(third, vec![new_key(), old_key()])).await.unwrap();
        let world = World { auth: other, ..world };
        promise_mails(&world, 1).await;
        world.clock.advance_seconds(QUIET_SECONDS + 1);
        let done = rotate(&both).await;
        assert_eq!(done.retired, [old_key().fingerprint()], "the control: one that it has is");
        assert_eq!(done.needed.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(), [name.as_str()]);
        assert_eq!(missing(world.node_of(ring()).await).0, name, "a mail is still sealed under it");
    }

    async fn a_value_that_was_changed_meanwhile_is_left_as_it_is(world: World) {
        promise_mails(&world, 2).await;
        let (store, jobs) = (world.auth.store(), SEALED_COLUMNS.iter().find(|column| column.table == "jobs").unwrap());
        let values = store.sealed_otherwise(jobs, "v1.another_.", "", 10).await.unwrap();
        assert_eq!(values.len(), 2);
        let mut tx = store.begin().await.unwrap();
        assert!(tx.reseal(jobs, &values[0], &values[0].sealed).await.unwrap(), "one that nobody changed is replaced");
        tx.commit().await.unwrap();
        // The mails are delivered, and what remains of them takes their place.
        world.inbox().await;
        let mut tx = store.begin().await.unwrap();
        for value in &values {
            assert!(!tx.reseal(jobs, value, "v1.lost").await.unwrap());
        }
        tx.commit().await.unwrap();
        let kept = store.sealed_otherwise(jobs, "v1.another_.", "", 10).await.unwrap();
        assert!(kept.iter().all(|value| value.sealed != "v1.lost"));
    }

    async fn no_node_starts_without_a_key_that_is_needed(world: World) {
        let (name, words) = missing(world.node_of(new_key()).await);
        assert_eq!(name, old_key().fingerprint());
        for part in ["master_key_missing", "set MASTER_KEY", "OTHER_MASTER_KEYS", "docs/keys.md", name.as_str()] {
            assert!(words.contains(part), "{part} in {words}");
        }
        // A start that was refused asks for nothing later.
        world.another_node().await;
        // From here on values may be sealed under the new key: a node that lacks it is told, and does not start again.
        world.node_of(ring()).await.unwrap();
        assert_eq!(world.auth.note_master_key().await.unwrap(), [new_key().fingerprint()]);
        assert_eq!(missing(world.node_of(old_key()).await).0, new_key().fingerprint());
        world.node_of(MasterKeys::new(old_key(), vec![new_key()])).await.unwrap();
    }

    async fn a_node_that_lacks_the_key_hears_of_a_leaked_one_all_the_same(world: World) {
        world.create_account(EMAIL).await;
        let leaked = signed_by(&world.auth).await;
        let after = world.node_of(ring()).await.unwrap();
        flow::revoke_key(&after, &kid(&leaked)).await.unwrap();
        let learned_at = world.auth.keys_learned_at();
        world.clock.advance_seconds(1);
        assert!(accepts(&world.auth, &leaked), "it has not looked yet");
        for _ in 0..2 {
            assert!(world.auth.learn_keys().await.is_err(), "what signs now is sealed under a key that it lacks");
            assert!(!accepts(&world.auth, &leaked));
        }
        assert_eq!(world.auth.keys_learned_at(), learned_at, "and it is not ready");
    }

    async fn a_database_of_before_keeps_the_digests_it_has(world: World) {
        // Nobody did anything yet, so the keys of this new database may go.
        world.forget_data_keys().await;
        let world = World { auth: world.another_node().await, ..world };
        world.create_account(EMAIL).await;
        let session = world.sign_in(EMAIL).await;
        let codes = enrol(&world, &world.caller(&session)).await.1.unwrap();
        world.seal().await;
        let derived = || CodeMac::new(DataKey::derived(&old_key(), DataKeyUse::Codes)).of_text("a code");
        assert_eq!(world.code_mac().await.of_text("a code"), derived());

        world.forget_data_keys().await;
        assert_eq!(missing(world.node_of(new_key()).await).0, old_key().fingerprint(), "its signing key names it");
        let world = World { auth: world.node_of(ring()).await.unwrap(), ..world };
        assert_eq!(world.code_mac().await.of_text("a code"), derived(), "also when the ring is new");
        flow::refresh(&world.auth, &session.refresh_token, &context()).await.unwrap();
        let half = ticket(&world, EMAIL).await;
        let code = codes.codes()[0].expose_secret();
        type_code(&world.auth, &half, FactorMethod::RecoveryCode, code).await.unwrap();
        world.seal().await;
        assert!(world.verified().await.is_whole);
        assert_eq!(missing(world.node_of(new_key()).await).0, old_key().fingerprint());
    }

    async fn a_new_database_has_keys_that_no_master_key_tells(world: World) {
        let derived = CodeMac::new(DataKey::derived(&old_key(), DataKeyUse::Codes)).of_text("a code");
        let own = world.code_mac().await.of_text("a code");
        assert_ne!(own, derived);
        world.another_node().await;
        assert_eq!(world.code_mac().await.of_text("a code"), own, "every node has the same");
    }

    async fn every_column_that_rests_sealed_is_sealed_anew(world: World) {
        let known: BTreeSet<String> =
            SEALED_COLUMNS.iter().map(|known| format!("{}.{}", known.table, known.column)).collect();
        assert_eq!(world.sealed_columns().await, known, "a new column is named in store/sealed_values.rs");
    }
}
