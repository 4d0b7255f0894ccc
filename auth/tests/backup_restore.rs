//! Stories of a backup that is restored: people sign in again with what they know and have, and nothing comes back that was used,
//! rotated or revoked since it was taken.

use crate::support::backups::{Vault, bytes_below};
use crate::support::keys::{OTHER_SECRET, SECRET, accepts, header, keys, kid, shared, signed_by};
use crate::support::password_reset::{ask, mailed, reset};
use crate::support::personal_tokens::{make, signed_in, works};
use crate::support::totp::{STEP, code_at, enrol};
use crate::support::typed_factor::{ticket, type_code};
use crate::support::{World, access_token, context, refusal};
use auth::backup::{Identity, Scratch, differences};
use auth::crypto::{MasterKey, Sealer};
use auth::flow::{self, ResetProof};
use auth::random::SystemRandom;
use auth::store::{BackupMoments, DatabaseSettings, Store, TABLES};
use auth::view::KeyState;
use auth::{ErrorCode, EventKind, FactorMethod};
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::{AnyConnection, Connection, Row};
use std::collections::BTreeSet;

const ALICE: &str = "alice@example.com";
const BOB: &str = "bob@example.com";
const RULE: &str = include_str!("../../docs/operations/backup.md");

async fn signs_in_with(world: &World, method: FactorMethod, code: &str) -> auth::Result<()> {
    let ticket: SecretString = ticket(world, ALICE).await;
    type_code(&world.auth, &ticket, method, code).await
}

async fn refreshes(world: &World, token: &SecretString) -> auth::Result<SecretString> {
    Ok(flow::refresh(&world.auth, token, &context()).await?.refresh_token)
}

async fn count(world: &World, statement: &'static str) -> i64 {
    let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
    let row = sqlx::query(statement).fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    row.get("number")
}

on_both_databases! {
    async fn a_backup_says_what_is_in_it_and_tells_nobody_else(world: World) {
        let vault = Vault::new();
        world.create_account(ALICE).await;
        world.auth.seal_audit_log().await.unwrap();
        let taken = world.back_up(&vault).await;
        assert_eq!(vault.names(), std::slice::from_ref(&taken.name));
        let all = bytes_below(&vault.place());
        assert!(all.starts_with(b"keywright-backup 1 2027-01-15T08:"));
        let holds = |words: &str| all.windows(words.len()).any(|part| part == words.as_bytes());
        assert!(!holds(ALICE) && !holds("CREATE TABLE") && holds("age-encryption.org/v1"));
        // What was not encrypted is gone.
        assert_eq!(std::fs::read_dir(vault.folder.path().join("work")).unwrap().count(), 0);
        assert_eq!(taken.manifest.counts["users"], 1);
        assert_eq!(taken.manifest.counts.len(), TABLES.len());
        assert!(taken.manifest.audit_head.is_some());
        let moments = world.auth.store().backup_moments().await.unwrap();
        assert_eq!(moments, BackupMoments { backup: Some(world.auth.now()), ..BackupMoments::default() });

        world.create_account(BOB).await;
        let (database, manifest, poured) = world.pour(&vault, &taken.name).await;
        assert_eq!(differences(&manifest, &poured), Vec::<String>::new());
        assert_eq!((manifest, poured.state.counts["users"]), (taken.manifest, 1));
        if database.file().is_none() {
            let refused = Store::connect(&database.url).await.err().unwrap().to_string();
            assert!(refused.contains("broken off"), "nobody starts on a half restored database: {refused}");
        }
        // And it is restored nowhere else.
        let full = Store::begin_restore(&DatabaseSettings::at(&world.database.url)).await.unwrap_err().to_string();
        assert!(full.contains("not empty"), "{full}");
    }

    async fn what_was_used_or_rotated_after_a_backup_is_refused_by_the_restored_one(world: World) {
        let vault = Vault::new();
        let caller = signed_in(&world, ALICE).await;
        let program = make(&world.auth, &caller, "nightly").await.unwrap();
        let (secret, codes) = enrol(&world, &caller).await;
        let codes = codes.unwrap();
        world.create_account(BOB).await;
        let stolen = world.sign_in(BOB).await;
        let idle = world.sign_in(BOB).await.refresh_token;
        ask(&world, BOB).await;
        let (link, _) = mailed(&world, BOB).await;
        let taken = world.back_up(&vault).await;

        // After the backup all of it is used, once, as it may be.
        world.clock.advance_seconds(STEP);
        let step = code_at(&secret, world.auth.now());
        signs_in_with(&world, FactorMethod::Totp, &step).await.unwrap();
        let recovery = codes.codes()[0].expose_secret().to_owned();
        signs_in_with(&world, FactorMethod::RecoveryCode, &recovery).await.unwrap();
        let rotated = refreshes(&world, &stolen.refresh_token).await.unwrap();
        let proof = || ResetProof::Link(link.clone());
        let bearer = access_token(&stolen);
        assert!(world.auth.caller_of_access_token(&bearer).is_ok());

        let restored = world.restore(&vault, &taken.name).await;
        let waiting = "SELECT CAST(COUNT(*) AS BIGINT) AS number FROM jobs WHERE done_at IS NULL AND dead_at IS NULL";
        assert_eq!(count(&restored, waiting).await, 0);
        // The control: the database that went on takes what was not used.
        assert!(refreshes(&world, &idle).await.is_ok());
        for token in [&stolen.refresh_token, &rotated, &idle] {
            assert_eq!(refusal(refreshes(&restored, token).await), ErrorCode::SignedOut);
        }
        assert!(restored.auth.caller_of_access_token(&bearer).is_err(), "the keys are others");
        assert_eq!(refusal(signs_in_with(&restored, FactorMethod::Totp, &step).await), ErrorCode::WrongCode);
        let used = refusal(signs_in_with(&restored, FactorMethod::RecoveryCode, &recovery).await);
        assert!(matches!(used, ErrorCode::FactorUnavailable | ErrorCode::WrongCode), "{used:?}");
        assert_eq!(refusal(reset(&restored, proof()).await), ErrorCode::ResetExpired);
        assert!(!works(&restored.auth, &program.secret).await);
        assert!(works(&world.auth, &program.secret).await, "the control");

        // People sign in again: with their password, and with their app as soon as it shows a code that nobody can have used.
        restored.sign_in(BOB).await;
        restored.clock.advance_seconds(2 * STEP);
        let fresh = code_at(&secret, restored.auth.now());
        signs_in_with(&restored, FactorMethod::Totp, &fresh).await.unwrap();
        reset(&world, proof()).await.unwrap();
        let again = restored.sign_in(BOB).await.refresh_token;
        refreshes(&restored, &again).await.unwrap();
        let said = "SELECT CAST(COUNT(*) AS BIGINT) AS number FROM audit_events WHERE kind = 'admin.backup_restored'";
        assert_eq!(count(&restored, said).await, 1);
        assert_eq!(EventKind::AdminBackupRestored.as_str(), "admin.backup_restored");
        restored.auth.seal_audit_log().await.unwrap();
        let head = taken.manifest.audit_head.as_deref().and_then(|head| head.parse().ok());
        assert!(flow::verify_audit(&restored.auth, head.as_ref()).await.unwrap().is_whole);
        let found = flow::check_sealed_values(&restored.auth).await.unwrap();
        assert!(found.open > 0 && found.closed.is_empty(), "{found:?}");
        assert!(Store::connect(&restored.database.url).await.is_ok(), "it is finished");
    }

    async fn what_a_shared_secret_signed_that_the_backup_does_not_know_is_refused(world: World) {
        let vault = Vault::new();
        world.create_account(ALICE).await;
        let taken = world.back_up(&vault).await;
        let node = world.started_with(shared(SECRET)).await.unwrap();
        world.clock.advance_seconds(600);
        let before = signed_by(&node).await;
        assert_eq!(header(&before)["alg"], "HS256");

        let restored = world.restore_with(shared(SECRET), &vault, &taken.name).await;
        assert!(accepts(&node, &before), "the control");
        assert!(!accepts(&restored.auth, &before));
        // The secret has the number there that it had: it would have signed under the same name.
        let named = keys(&restored.auth).await.into_iter().find(|key| key.id == kid(&before)).unwrap();
        assert_eq!(named.state, KeyState::Revoked);
        let after = signed_by(&restored.auth).await;
        assert_eq!(header(&after)["alg"], "EdDSA", "a key pair signs until there is another secret");
        let refused = format!("{:#}", restored.started_with(shared(SECRET)).await.err().unwrap());
        assert!(refused.contains("hs256_secret is that of the revoked key"), "{refused}");

        let mended = restored.started_with(shared(OTHER_SECRET)).await.unwrap();
        restored.clock.advance_seconds(600);
        let fresh = signed_by(&mended).await;
        assert_eq!(header(&fresh)["alg"], "HS256");
        assert!(accepts(&mended, &fresh) && !accepts(&mended, &before));
    }

    async fn a_backup_that_was_changed_or_is_for_another_key_is_not_restored(world: World) {
        let vault = Vault::new();
        world.create_account(ALICE).await;
        let name = world.back_up(&vault).await.name;
        let scratch = || Scratch::make(&vault.folder.path().join("work"), &SystemRandom, world.auth.now()).unwrap();
        let others = Vault { folder: tempfile::tempdir().unwrap(), identity: Identity::make(&SystemRandom).unwrap() };
        std::fs::create_dir_all(others.place()).unwrap();
        std::fs::copy(vault.place().join(&name), others.place().join(&name)).unwrap();
        let error = format!("{:#}", others.open(&name, &scratch()).err().unwrap());
        assert!(error.contains("another key"), "{error}");

        let path = vault.place().join(&name);
        let whole = std::fs::read(&path).unwrap();
        let line = whole.iter().position(|byte| *byte == b'\n').unwrap();
        for (at, why) in [(20, "its first line"), (line + 40, "the header"), (whole.len() - 40, "the last rows")] {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            std::fs::write(&path, &changed).unwrap();
            assert!(vault.open(&name, &scratch()).is_err(), "{why}");
        }
        std::fs::write(&path, &whole[..whole.len() - 1]).unwrap();
        assert!(vault.open(&name, &scratch()).is_err(), "cut short");
        std::fs::write(&path, &whole).unwrap();
        let folder = scratch();
        assert!(vault.open(&name, &folder).is_ok() && folder.file("rows").exists(), "the control");

        // Anybody can encrypt for our key: of what our master key does not prove, no row is taken out.
        let (folder, stranger) = (scratch(), Sealer::new(&MasterKey::from_bytes([9; 32]).into()));
        let error = format!("{:#}", vault.open_as(&stranger, &name, &folder).err().unwrap());
        assert!(error.contains("not made under one of the master keys") && !folder.file("rows").exists(), "{error}");
    }

    async fn every_table_is_counted_and_the_book_says_what_becomes_of_it(world: World) {
        let statement = if world.database.file().is_some() {
            "SELECT name AS name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> '_sqlx_migrations'"
        } else {
            "SELECT CAST(tablename AS TEXT) AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_sqlx_migrations'"
        };
        let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
        let rows = sqlx::query(statement).fetch_all(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        let there: BTreeSet<String> = rows.iter().map(|row| row.get("name")).collect();
        let listed: BTreeSet<String> = TABLES.iter().map(|table| table.name.to_owned()).collect();
        assert_eq!(there, listed, "name new tables in auth/src/store/table_counts.rs");
        for table in TABLES {
            assert!(RULE.contains(&format!("`{}`", table.name)), "docs/operations/backup.md does not say what a restore does to {}", table.name);
        }
    }
}
