//! `keywright move`, run as people run it.

use crate::support::postgres::{on_server, postgres};
use crate::support::skipped::{NO_POSTGRES, skipped};
use crate::support::{CHEAP, TestApp, database_url};
use auth::store::Store;
use server::Settings;
use server::settings::source::from_toml;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

const MASTER_KEY: &str = "bXk0c2VjcmV0LWtleS1vZi0zMi1ieXRlcy1oZXJlISE=";

fn run(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_keywright")).arg("move").args(words).env_clear().output().unwrap()
}

fn moving(from: &Path, to: &Path, more: &[&str]) -> Output {
    let (from, to) = (database_url(from).replace("?mode=rwc", ""), database_url(to));
    let mut words = vec!["--from", from.as_str(), "--to", to.as_str()];
    words.extend_from_slice(more);
    run(&words)
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_is_moved_to_another_file_and_people_go_on_there() {
    let [old, new, other] = std::array::from_fn(|_| tempfile::tempdir().unwrap());
    let old_path = old.path().to_owned();
    let settings = format!("{CHEAP}master_key = '{MASTER_KEY}'\n");
    let app = TestApp::start_in(old, &settings).await;
    app.create_account("alice@example.com").await;

    let refused = moving(&old_path, new.path(), &[]);
    assert_eq!(refused.status.code(), Some(1), "a node works on it");
    assert!(text(&refused.stderr).contains("stop every node, wait"), "{}", text(&refused.stderr));
    let rehearsed = moving(&old_path, other.path(), &["--rehearse"]);
    let told = text(&rehearsed.stdout);
    assert_eq!(rehearsed.status.code(), Some(0), "{}", text(&rehearsed.stderr));
    assert!(told.contains("counts and checksums agree") && told.contains("This was a rehearsal"), "{told}");
    let started = Store::connect(&database_url(other.path())).await.err().expect("no node starts on a rehearsal");
    assert!(format!("{started:#}").contains("`keywright move`"), "{started:#}");

    // No clock can be advanced here: the server told of itself long ago.
    app.execute("UPDATE master_keys SET last_used_at = 0").await;
    let done = moving(&old_path, new.path(), &[]);
    let (told, warned) = (text(&done.stdout), text(&done.stderr));
    assert_eq!(done.status.code(), Some(0), "{warned}");
    assert!(told.contains("users") && told.contains("counts and checksums agree"), "{told}");
    assert!(told.contains("set database_url to the target"), "{told}");
    let file = new.path().join("test.db");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o077, 0, "its owner alone may read it");

    let again = moving(&old_path, new.path(), &[]);
    assert_eq!(again.status.code(), Some(1));
    assert!(text(&again.stderr).contains("the target is not empty"), "{}", text(&again.stderr));

    let arrived = TestApp::start_in(new, &settings).await;
    arrived.sign_in("alice@example.com").await;
    app.sign_in("alice@example.com").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_is_moved_to_postgresql_and_back_and_people_go_on_at_each() {
    let Some((server, name, url)) = postgres("moved").await else { return skipped(NO_POSTGRES) };
    let [old, new, home] = std::array::from_fn(|_| tempfile::tempdir().unwrap());
    let old_url = database_url(old.path()).replace("?mode=rwc", "");
    let settings = format!("{CHEAP}master_key = '{MASTER_KEY}'\n");
    let app = TestApp::start_in(old, &settings).await;
    app.create_account("alice@example.com").await;
    app.execute("UPDATE master_keys SET last_used_at = 0").await;

    let there = run(&["--from", &old_url, "--to", &url]);
    assert_eq!(there.status.code(), Some(0), "{}", text(&there.stderr));
    let told = text(&there.stdout);
    let row = told.lines().find(|line| line.starts_with("users ")).expect(told);
    let row: Vec<&str> = row.split_whitespace().collect();
    assert!(row.len() == 3 && row[1] == "1" && !row[2].is_empty(), "rows and checksum: {row:?}");
    assert!(told.contains("counts and checksums agree"), "{told}");

    // Nobody worked there yet, so each table has the rows and the checksum that it came with.
    let back = run(&["--from", &url, "--to", &database_url(home.path())]);
    assert_eq!(back.status.code(), Some(0), "{}", text(&back.stderr));
    assert_eq!(text(&back.stdout), told);

    let toml = format!("database_url = '{url}'\nlimits = false\n{settings}");
    let moved = TestApp::start_settings(new, Settings::parse(&from_toml(&toml).unwrap()).unwrap()).await;
    moved.sign_in("alice@example.com").await;
    let refused = run(&["--from", &old_url, "--to", &url]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("the target is not empty"), "{}", text(&refused.stderr));
    moved.application.auth.store().close().await;
    TestApp::start_in(home, &settings).await.sign_in("alice@example.com").await;
    on_server(&server, format!("DROP DATABASE {name} WITH (FORCE)")).await;
}

#[test]
fn wrong_use_and_what_cannot_be_opened_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let missing = format!("sqlite://{}", folder.path().join("missing.db").display());
    for words in [&["--from", "x"][..], &["--from", missing.as_str()], &["--into", "x"]] {
        let refused = run(words);
        assert_eq!(refused.status.code(), Some(2), "{words:?}");
        assert!(text(&refused.stderr).contains("keywright move"), "{words:?}");
    }
    let target = format!("sqlite://{}", folder.path().join("target.db").display());
    let refused = run(&["--from", &missing, "--to", &target]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("the source cannot be opened"), "{}", text(&refused.stderr));
    let elsewhere = run(&["--from", &missing, "--to", "postgres://db.example.com/keywright"]);
    assert!(text(&elsewhere.stderr).contains("sslmode=verify-full"), "{}", text(&elsewhere.stderr));
}
