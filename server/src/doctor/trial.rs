//! An installation with which nothing is wrong, and what a check says when something is: for the tests of checks.

use auth::Timestamp;
use auth::store::{BackupMoments, KeyRow, PlatformStaff};
use auth::token::Algorithm;
use auth::view::{CheckFinding, Verdict};

use super::facts::{
    AskedProvider, DataFile, Disk, DiskKind, KeysOpened, Machine, MailRecords, Outside, Plain, Reached, Rows, Seen,
    Times,
};
use super::{Check, Facts, checks, words};
use crate::settings::source::from_toml;
use crate::settings::{KeyPlace, SecretFile, Settings};

const SETTINGS: &str = "mode = 'production'
public_url = 'https://id.example.com'
database_url = 'sqlite://data/keywright.db'
master_key = 'q3Vw0mZ5sT8yLk2XbN7cRjH4fGdE9aPuOi6KvQzWtYs='
smtp_url = 'smtps://keywright:hunter2@mail.example.com'
mail_from = 'Example <no-reply@example.com>'
dkim_selector = 's1'
trusted_proxies = '127.0.0.1/32'
hash_threads = 2
webhook_hosts = 'hooks.example.com'
backup_place = '/backup'
backup_recipient = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p'

[[provider]]
kind = 'openid'
id = 'staff'
client_id = 'ours'
issuer = 'https://login.example.com'
";

/// Nothing is wrong.
pub(super) fn sound() -> Facts {
    let now = Timestamp(1_800_000_000_000);
    let gib = 1024 * 1024 * 1024;
    let disk = Disk { free: 40 * gib, size: 100 * gib, kind: DiskKind::Local };
    Facts {
        now,
        settings: Settings::parse(&from_toml(SETTINGS).unwrap()).unwrap(),
        machine: Machine {
            memory: Some(4 * gib),
            open_files: Some(65_536),
            dumps_core: false,
            is_root: false,
            disk: Some(disk),
            work_disk: Some(Ok(disk)),
            backup_disk: Some(Ok(disk)),
        },
        secret_files: vec![SecretFile {
            name: "KEYWRIGHT_MASTER_KEY_FILE".to_owned(),
            path: "/run/keywright/master.key".into(),
            mode: 0o600,
        }],
        master_key_place: KeyPlace::Apart,
        data_file: Some(DataFile { path: "data/keywright.db".into(), mode: 0o600, folder_mode: 0o750 }),
        tls: None,
        vault: None,
        places_built_at: Some(now.minus_seconds(20 * 86_400)),
        leaked_passwords: 1_500_000,
        reached: Reached::Answers(0),
        rows: Some(rows(now)),
        outside: Some(outside()),
    }
}

fn rows(now: Timestamp) -> Rows {
    let durability = [("journal_mode", "wal"), ("synchronous", "2")];
    Rows {
        times: Some(Times { before: now, there: now, after: now }),
        size: 1024 * 1024 * 1024,
        server_version: None,
        migrations: (40, 40),
        keys: KeysOpened::Opened,
        signing: Some(KeyRow {
            id: "first".to_owned(),
            sequence: 1,
            algorithm: Algorithm::EdDsa,
            created_at: now.minus_seconds(31 * 86_400),
            signs_from: now.minus_seconds(30 * 86_400),
            revoked_at: None,
        }),
        master_keys: 1,
        durability: durability.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
        account: None,
        proxies: Vec::new(),
        staff: PlatformStaff { administrators: 2, without_factor: 0 },
        due_since: None,
        dead_jobs: 0,
        backups: BackupMoments {
            backup: Some(now.minus_seconds(12 * 3600)),
            restore_test: Some(now.minus_seconds(30 * 86_400)),
            restored: None,
        },
    }
}

fn outside() -> Outside {
    let text = |text: &str| Ok(vec![text.to_owned()]);
    Outside {
        mail: Some(Ok(())),
        records: Some(MailRecords {
            domain: "example.com".to_owned(),
            spf: text("v=spf1 mx -all"),
            dkim: Some(text("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")),
            dmarc: text("v=DMARC1; p=reject"),
        }),
        providers: Ok(vec![AskedProvider { id: "staff".to_owned(), findings: Some(Vec::new()) }]),
        seen: Some(Ok(Seen {
            status: 200,
            hsts: Some("max-age=31536000; includeSubDomains".to_owned()),
            is_guarded: true,
            cookie: Some("__Host-locale=en; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=60".to_owned()),
            plain: Some(Plain::Leads),
        })),
        programs: Vec::new(),
    }
}

/// What the database says, to be changed.
pub(super) fn told(facts: &mut Facts) -> &mut Rows {
    facts.rows.as_mut().unwrap()
}

/// What was seen at the public address, to be changed.
pub(super) fn seen(facts: &mut Facts) -> &mut Seen {
    facts.outside.as_mut().unwrap().seen.as_mut().unwrap().as_mut().unwrap()
}

fn check(id: &str) -> &'static Check {
    checks().find(|check| check.id == id).unwrap_or_else(|| panic!("there is no check {id}"))
}

/// What a check finds of an installation that was sound before this.
fn found(id: &str, change: impl FnOnce(&mut Facts)) -> Vec<CheckFinding> {
    let mut facts = sound();
    change(&mut facts);
    let found = check(id).judge(&facts);
    for finding in &found {
        let words = words(id, finding);
        assert!(!words.contains(".doctor.") && !words.contains("%{"), "{id} says {words}");
        assert!(check(id).is_deadly || finding.verdict != Verdict::Deadly, "{id} is deadly, and not said to be");
    }
    found
}

/// The check finds nothing wrong with an installation with which nothing is, and finds this.
pub(super) fn passes(id: &str, case: &str) {
    finds(id, case, |_| {});
}

/// The check finds nothing wrong with this installation, and finds this.
pub(super) fn finds(id: &str, case: &str, change: impl FnOnce(&mut Facts)) {
    let found = found(id, change);
    assert!(found.iter().all(|finding| finding.verdict == Verdict::Good), "{id}: {found:?}");
    assert!(found.iter().any(|finding| finding.case == case), "{id} lacks {case}: {found:?}");
}

/// The check finds this once it is so, and not before.
pub(super) fn fails(id: &str, case: &str, spoil: impl FnOnce(&mut Facts)) {
    let is_this = |finding: &CheckFinding| finding.case == case && finding.verdict > Verdict::Good;
    let before = found(id, |_| {});
    assert!(!before.iter().any(is_this), "{id} finds {case} where nothing is wrong: {before:?}");
    let after = found(id, spoil);
    assert!(after.iter().any(is_this), "{id} does not find {case}: {after:?}");
}
