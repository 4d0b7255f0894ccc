//! The restore drill: `keywright backup` beside a server that works, `backup verify`, and `restore`, run as people run them, on
//! SQLite and on PostgreSQL with its own programs.

use crate::support::bucket::{BucketServer, KEY_ID, REGION, SECRET};
use crate::support::skipped::{NO_POSTGRES, skipped};
use crate::support::{CHEAP, TestApp, database_url};
use auth::backup::{Identity, Manifest, age};
use auth::random::SystemRandom;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use server::Settings;
use server::settings::source::from_toml;
use sqlx::{AnyConnection, Connection, Executor};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const ALICE: &str = "alice@example.com";
const BOB: &str = "bob@example.com";
const MASTER_KEY: &str = "bXk0c2VjcmV0LWtleS1vZi0zMi1ieXRlcy1oZXJlISE=";

/// A folder with a key, and how the program is run in it.
struct Desk {
    folder: tempfile::TempDir,
    recipient: String,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_keywright"));
        let made = command.args(["backup", "key", "key.txt"]).current_dir(folder.path()).env_clear().output().unwrap();
        let told = said(&made);
        let recipient = told.split('"').nth(1).unwrap().to_owned();
        let mode = std::fs::metadata(folder.path().join("key.txt")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        Self { folder, recipient }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn place(&self) -> PathBuf {
        self.path().join("backups")
    }

    fn run(&self, words: &[&str], url: &str, more: &[(&str, &str)]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_keywright"))
            .args(words)
            .current_dir(self.path())
            .env_clear()
            .env("KEYWRIGHT_DATABASE_URL", url)
            .env("KEYWRIGHT_MASTER_KEY", MASTER_KEY)
            .env("KEYWRIGHT_BACKUP_PLACE", self.place())
            .env("KEYWRIGHT_BACKUP_RECIPIENT", &self.recipient)
            .env("KEYWRIGHT_BACKUP_WORK_FOLDER", self.path().join("work"))
            .envs(more.iter().copied())
            .output()
            .unwrap()
    }

    /// A server on a database.
    async fn serve(&self, url: &str) -> TestApp {
        let toml = format!("database_url = '{url}'\n{CHEAP}limits = false\nmaster_key = '{MASTER_KEY}'\n");
        let settings = Settings::parse(&from_toml(&toml).unwrap()).unwrap();
        TestApp::start_settings(tempfile::tempdir().unwrap(), settings).await
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What a command says that succeeds.
fn said(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout)
}

/// What a command says that fails.
fn refused(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stdout));
    text(&output.stderr)
}

async fn refresh(app: &TestApp, cookie: &str) -> Result<String, StatusCode> {
    let request = Request::post("/api/v1/refresh").header("cookie", cookie).header("sec-fetch-site", "same-origin");
    let answer = app.send(request.body(Body::empty()).unwrap()).await;
    if answer.status == StatusCode::OK { Ok(answer.cookie("__Host-refresh").unwrap()) } else { Err(answer.status) }
}

async fn drill(url: &str, empty: &str, another: &str) {
    let desk = Desk::new();
    let app = desk.serve(url).await;
    app.create_account(ALICE).await;
    let (cookie, _) = app.sign_in(ALICE).await;

    let told = said(&desk.run(&["backup"], url, &[]));
    assert!(told.contains("is in the folder"), "{told}");
    let name = said(&desk.run(&["backup", "list"], url, &[])).trim().to_owned();
    assert!(name.starts_with("keywright-20") && name.ends_with(".backup"), "{name}");

    // What happens after it is not in it.
    let rotated = refresh(&app, &cookie).await.unwrap();
    app.create_account(BOB).await;

    let verified = said(&desk.run(&["backup", "verify", &name, "--identity", "key.txt"], url, &[]));
    assert!(verified.contains("is whole: taken at") && verified.contains("are as they should be"), "{verified}");
    let moments = app.application.auth.store().backup_moments().await.unwrap();
    assert!(
        moments.backup.is_some() && moments.restore_test >= moments.backup && moments.restored.is_none(),
        "{moments:?}"
    );

    let onto = refused(&desk.run(&["restore", &name, "--identity", "key.txt"], url, &[]));
    assert!(onto.contains("not empty"), "{onto}");
    let other_key = [("KEYWRIGHT_MASTER_KEY", "q3Vw0mZ5sT8yLk2XbN7cRjH4fGdE9aPuOi6KvQzWtYs=")];
    let strange = refused(&desk.run(&["restore", &name, "--identity", "key.txt"], another, &other_key));
    assert!(strange.contains("master keys"), "{strange}");

    let file = desk.place().join(&name);
    let newer = desk.path().join(format!("keywright-20990101T000000Z-{}", name.rsplit_once('-').unwrap().1));
    std::fs::copy(&file, &newer).unwrap();
    let renamed = refused(&desk.run(&["restore", newer.to_str().unwrap(), "--identity", "key.txt"], empty, &[]));
    assert!(renamed.contains("it was renamed") && renamed.contains(&name), "{renamed}");
    // One byte of the last rows. Below, what would have been written stood in the way.
    let (mut changed, path) = (std::fs::read(&file).unwrap(), desk.path().join("changed.backup"));
    let last = changed.len() - 40;
    changed[last] ^= 1;
    std::fs::write(&path, changed).unwrap();
    let broken = refused(&desk.run(&["restore", "changed.backup", "--identity", "key.txt"], empty, &[]));
    assert!(broken.contains("changed.backup cannot be restored"), "{broken}");
    let told = said(&desk.run(&["restore", file.to_str().unwrap(), "--identity", "key.txt"], empty, &[]));
    assert!(told.contains("Restored:") && told.contains("Everybody signs in again"), "{told}");
    let restored = desk.serve(empty).await;
    for old in [&cookie, &rotated] {
        assert_eq!(refresh(&restored, old).await, Err(StatusCode::UNAUTHORIZED));
    }
    // The control: where nothing was restored, the newest token goes on.
    assert!(refresh(&app, &rotated).await.is_ok());
    let (fresh, _) = restored.sign_in(ALICE).await;
    assert!(refresh(&restored, &fresh).await.is_ok());
    let stranger = serde_json::json!({"email": BOB, "password": crate::support::PASSWORD});
    assert_eq!(restored.json("/api/v1/sign-in", &stranger).await.status, StatusCode::UNAUTHORIZED);
    assert!(restored.application.auth.store().backup_moments().await.unwrap().restored.is_some());
    assert_eq!(std::fs::read_dir(desk.path().join("work")).unwrap().count(), 0, "nothing lies open");
    for app in [app, restored] {
        app.application.auth.store().close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_sqlite_is_taken_tried_and_restored() {
    let folders = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let [url, empty, another] = [0, 1, 2].map(|place: usize| database_url(folders[place].path()));
    drill(&url, &empty, &another).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::disallowed_methods, reason = "tests have no settings")]
async fn a_backup_of_postgresql_is_taken_tried_and_restored() {
    let Ok(server) = std::env::var("KEYWRIGHT_TEST_POSTGRES_URL") else {
        return skipped(NO_POSTGRES);
    };
    let names = ["drill", "drill_empty", "drill_another"].map(|name| format!("{name}_{}", std::process::id()));
    on_server(&server, names.each_ref().map(|name| format!("CREATE DATABASE {name}"))).await;
    let (address, query) = server.split_once('?').unwrap_or((&server, ""));
    let (address, _) = address.rsplit_once('/').unwrap();
    let [url, empty, another] = names.each_ref().map(|name| format!("{address}/{name}?{query}"));
    drill(&url, &empty, &another).await;
    on_server(&another, ["CREATE TABLE restore_unfinished (id TEXT NOT NULL PRIMARY KEY)".to_owned()]).await;
    let half = Desk::new().run(&["keys", "list"], &another, &[]);
    assert!(refused(&half).contains("broken off"), "nobody starts on a half restored database");
    on_server(&server, names.each_ref().map(|name| format!("DROP DATABASE {name} WITH (FORCE)"))).await;
}

async fn on_server(server: &str, statements: impl IntoIterator<Item = String>) {
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(server).await.unwrap();
    for statement in statements {
        connection.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(statement))).await.unwrap();
    }
    connection.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_bucket_takes_what_is_signed_and_gives_it_back() {
    let (desk, bucket, folder) = (Desk::new(), BucketServer::start().await, tempfile::tempdir().unwrap());
    let url = database_url(folder.path());
    let mut settings = vec![
        ("KEYWRIGHT_BACKUP_PLACE", "s3://backups/id"),
        ("KEYWRIGHT_BACKUP_S3_ENDPOINT", bucket.address.as_str()),
        ("KEYWRIGHT_BACKUP_S3_REGION", REGION),
        ("KEYWRIGHT_BACKUP_S3_KEY_ID", KEY_ID),
        ("KEYWRIGHT_BACKUP_S3_SECRET", SECRET),
    ];
    let told = said(&desk.run(&["backup"], &url, &settings));
    assert!(told.contains("is in the bucket backups at 127.0.0.1:"), "{told}");
    let name = said(&desk.run(&["backup", "list"], &url, &settings)).trim().to_owned();
    let path = format!("/backups/id/{name}");
    assert_eq!(bucket.paths(), [path.clone()]);
    // A list of several pages, and what is none of our business.
    for other in ["a.txt", "b.txt", "keywright-notes", "z.txt"] {
        bucket.put(&format!("/backups/id/{other}"), "somebody's");
    }
    let verify = ["backup", "verify", name.as_str(), "--identity", "key.txt"];
    said(&desk.run(&verify, &url, &settings));
    // Retention of one day: the newest stays.
    settings.push(("KEYWRIGHT_BACKUP_KEEP_DAILY", "1"));
    for keep in ["KEYWRIGHT_BACKUP_KEEP_WEEKLY", "KEYWRIGHT_BACKUP_KEEP_MONTHLY"] {
        settings.push((keep, "0"));
    }
    for _ in 0..3 {
        // Names are to the second.
        tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
        said(&desk.run(&["backup"], &url, &settings));
        assert_eq!(bucket.paths().len(), 1 + 4);
    }
    let newest = bucket.paths().into_iter().find(|path| path.ends_with(".backup")).unwrap();
    assert!(newest > path);
    let name = newest.rsplit_once('/').unwrap().1;
    bucket.damage(&newest);
    let broken = refused(&desk.run(&["backup", "verify", name, "--identity", "key.txt"], &url, &settings));
    assert!(broken.contains("cannot be restored"), "{broken}");
    settings.retain(|(name, _)| *name != "KEYWRIGHT_BACKUP_S3_SECRET");
    settings.push(("KEYWRIGHT_BACKUP_S3_SECRET", "hunter2"));
    let strange = refused(&desk.run(&["backup"], &url, &settings));
    assert!(strange.contains("403, SignatureDoesNotMatch") && !strange.contains("hunter2"), "{strange}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_that_somebody_else_encrypted_for_us_is_not_used() {
    let (desk, folder) = (Desk::new(), tempfile::tempdir().unwrap());
    let url = database_url(folder.path());
    said(&desk.run(&["backup"], &url, &[]));
    let name = said(&desk.run(&["backup", "list"], &url, &[])).trim().to_owned();
    let path = desk.place().join(&name);
    let whole = std::fs::read(&path).unwrap();
    let identities = Identity::read(&desk.path().join("key.txt")).unwrap();
    let line = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let mut plain = Vec::new();
    age::open(&whole[line..], &identities).unwrap().read_to_end(&mut plain).unwrap();
    // For this nobody needs more than the recipient.
    let put = |plain: &[u8]| {
        let mut sealing = age::seal(whole[..line].to_vec(), &identities[0].recipient(), &SystemRandom).unwrap();
        sealing.write_all(plain).unwrap();
        std::fs::write(&path, sealing.finish().unwrap()).unwrap();
    };
    let verify = ["backup", "verify", name.as_str(), "--identity", "key.txt"];
    put(&plain);
    said(&desk.run(&verify, &url, &[]));

    let length: usize = std::str::from_utf8(&plain[..10]).unwrap().parse().unwrap();
    let manifest: Manifest = serde_json::from_slice(&plain[11..11 + length]).unwrap();
    let without_users = manifest.counts.iter().filter(|(table, _)| *table != "users");
    let without_users = without_users.map(|(table, rows)| (table.clone(), *rows)).collect();
    for forged in
        [Manifest { proof: String::new(), ..manifest.clone() }, Manifest { counts: without_users, ..manifest.clone() }]
    {
        let text = serde_json::to_string(&forged).unwrap();
        put(&[format!("{:010}\n{text}", text.len()).as_bytes(), &plain[11 + length..]].concat());
        let refused = refused(&desk.run(&verify, &url, &[]));
        assert!(refused.contains("not made under one of the master keys"), "{refused}");
    }
}

#[test]
fn a_key_is_never_written_over() {
    let desk = Desk::new();
    let again = desk.run(&["backup", "key", "key.txt"], "sqlite://unused.db", &[]);
    assert!(refused(&again).contains("key.txt cannot be made"));
    let wrong = desk.run(&["restore", "one.backup"], "sqlite://unused.db", &[]);
    assert_eq!(wrong.status.code(), Some(2));
}
