//! `keywright keys rotate-master`, run as people run it: beside a server that works, and killed in the middle.

use crate::support::{CHEAP, TestApp, database_url};
use auth::crypto::{MasterKey, Sealer};
use auth::random::SystemRandom;
use secrecy::SecretString;
use sqlx::{AnyConnection, Connection};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

const OLD: &str = "bXk0c2VjcmV0LWtleS1vZi0zMi1ieXRlcy1oZXJlISE=";
const NEW: &str = "q3Vw0mZ5sT8yLk2XbN7cRjH4fGdE9aPuOi6KvQzWtYs=";
/// Values that are in the way of a rotation.
const FILLERS: usize = 3000;

fn keywright(folder: &Path, words: &[&str], keys: (&str, &str)) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keywright"));
    command
        .args(words)
        .current_dir(folder)
        .env_clear()
        .env("KEYWRIGHT_DATABASE_URL", database_url(folder))
        .env("KEYWRIGHT_MASTER_KEY", keys.0)
        .env("KEYWRIGHT_OTHER_MASTER_KEYS", keys.1);
    command
}

fn rotate(folder: &Path) -> Output {
    keywright(folder, &["keys", "rotate-master"], (NEW, OLD)).output().unwrap()
}

fn begin(folder: &Path) -> Child {
    let mut command = keywright(folder, &["keys", "rotate-master"], (NEW, OLD));
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// What a start with these keys says when it is refused; nothing when it is not.
fn refusal(folder: &Path, keys: (&str, &str)) -> Option<String> {
    let output = keywright(folder, &["keys", "list"], keys).output().unwrap();
    (!output.status.success()).then(|| text(&output.stderr).to_owned())
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn key(text: &str) -> MasterKey {
    MasterKey::parse(&SecretString::from(text)).unwrap()
}

/// Fills the queue of mails with what was sent.
async fn fill(folder: &Path) {
    let sealer = Sealer::new(&key(OLD).into());
    let mut connection = AnyConnection::connect(&database_url(folder)).await.unwrap();
    let mut tx = connection.begin().await.unwrap();
    for number in 0..FILLERS {
        let id = format!("filler-{number:05}");
        let sealed = sealer.seal(&SystemRandom, &format!("jobs.payload_sealed.{id}"), b"what remains of a mail");
        let statement = sqlx::query(
            "INSERT INTO jobs (id, kind, payload_sealed, attempts, created_at, run_at, claimed_until, done_at) \
             VALUES ($1, 'mail', $2, 0, 0, 0, 0, 1)",
        );
        statement.bind(id).bind(sealed).execute(&mut *tx).await.unwrap();
    }
    tx.commit().await.unwrap();
    connection.close().await.unwrap();
}

/// Values of the queue that are still sealed under the old key.
async fn left(app: &TestApp) -> usize {
    let beginning = format!("v1.{}.%", key(OLD).fingerprint());
    let count = "SELECT CAST(COUNT(*) AS TEXT) AS text FROM jobs WHERE payload_sealed LIKE $1";
    app.read(count, &beginning).await.parse().unwrap()
}

/// How many values the bar counted when it was full. Where there is no terminal it is one line, at the end: the keys of digests
/// are sealed anew after everything else.
fn counted(told: &str) -> usize {
    let bars: Vec<&str> = told.lines().filter(|line| line.contains(" % ")).collect();
    let [bar] = bars.as_slice() else { panic!("one bar in {told}") };
    let (table, full) = ("data_keys", "█".repeat(30));
    let counts = bar.strip_prefix(&format!("{table:<14} {full} 100 % ")).expect(told);
    let (counts, took) = counts.split_once(" after ").expect(told);
    assert!(took.strip_suffix(" s").is_some_and(|seconds| seconds.parse::<u64>().is_ok()), "{told}");
    let (done, all) = counts.split_once('/').expect(told);
    assert_eq!(done, all, "{told}");
    done.parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rotation_that_is_killed_goes_on_and_says_when_the_old_key_may_be_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    // A server of the first step: it knows the new key, and seals with the old one.
    let settings = format!("{CHEAP}master_key = '{OLD}'\nother_master_keys = '{NEW}'\n");
    let app = TestApp::start_in(folder, &settings).await;
    app.create_account("alice@example.com").await;
    fill(&path).await;

    let mut before = left(&app).await;
    assert!(before >= FILLERS);
    for _ in 0..3 {
        let (mut child, deadline) = (begin(&path), Instant::now() + Duration::from_secs(60));
        while left(&app).await == before {
            assert!(Instant::now() < deadline, "nothing is sealed anew");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let now = left(&app).await;
        assert!(now > 0 && now < before, "it was killed in the middle: {now} of {before}");
        // It may promise a mail, sealed under the old key.
        app.sign_in("alice@example.com").await;
        before = left(&app).await;
    }
    let (old, new) = (key(OLD).fingerprint(), key(NEW).fingerprint());
    let told = refusal(&path, (NEW, "")).expect("no start without the old key");
    for part in ["master_key_missing", old.as_str(), "OTHER_MASTER_KEYS"] {
        assert!(told.contains(part), "{part} in {told}");
    }

    let done = rotate(&path);
    let told = text(&done.stderr);
    assert_eq!(done.status.code(), Some(1), "the server may seal with the old key any moment: {told}");
    assert!(told.contains(&format!("jobs: {before} sealed anew")), "{told}");
    assert!(counted(told) > before, "mails and keys are counted together: {told}");
    assert!(told.contains(&format!("{old} is still needed")) && told.contains("120 seconds"), "{told}");
    assert_eq!(left(&app).await, 0);

    // No clock can be advanced here: the server told of the old key long ago.
    app.execute("UPDATE master_keys SET last_used_at = 0").await;
    let done = rotate(&path);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    assert!(!text(&done.stderr).contains(" % "), "the control: nothing was left to count");
    let told = text(&done.stdout);
    assert!(told.contains(&format!("under the master key {old} any more")), "{told}");
    assert!(told.contains(&format!("Everything is sealed under the master key {new}")), "{told}");
    assert_eq!(refusal(&path, (NEW, "")), None);
    assert!(refusal(&path, (OLD, "")).is_some_and(|told| told.contains(&new)));
    app.sign_in("alice@example.com").await;
}

#[test]
fn a_key_that_is_none_is_named_without_itself() {
    let folder = tempfile::tempdir().unwrap();
    let told = refusal(folder.path(), (NEW, "hunter2")).unwrap();
    assert!(told.contains("one of other_master_keys must be 32 random bytes") && !told.contains("hunter2"), "{told}");
}
