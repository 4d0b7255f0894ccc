//! `keywright keys`, run as people run it.

use crate::support::{CHEAP, TestApp, database_url};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

/// A secret of HS256, made by `openssl rand -base64 48`.
const SECRET: &str = "6fsWsNoXUQnqP2XzYkVQ4z0mJm3H0Qy0c9cXv8o5kWJxqf1rS7uTgB2dLhEaRi4N";

fn run(folder: &Path, words: &[&str], settings: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_keywright"))
        .args(words)
        .current_dir(folder)
        .env_clear()
        .env("KEYWRIGHT_DATABASE_URL", database_url(folder))
        .envs(settings.iter().copied())
        .output()
        .unwrap()
}

fn keys(folder: &Path, words: &[&str]) -> Output {
    run(folder, &[&["keys"][..], words].concat(), &[])
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// What a command says that succeeds.
fn said(output: &Output) -> String {
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), ""));
    text(&output.stdout).to_owned()
}

/// Name and state of every key, the newest first.
fn states(folder: &Path) -> Vec<(String, String)> {
    let told: Value = serde_json::from_str(&said(&keys(folder, &["list", "--json"]))).unwrap();
    let word = |key: &Value, name: &str| key[name].as_str().unwrap().to_owned();
    told["keys"].as_array().unwrap().iter().map(|key| (word(key, "id"), word(key, "state"))).collect()
}

#[test]
fn keys_are_listed_rotated_and_revoked() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let first = states(folder).remove(0);
    assert_eq!(first.1, "signing");
    let table = said(&keys(folder, &["list"]));
    assert!(table.starts_with("KID") && table.contains(&format!("{}  EdDSA      signing  ", first.0)), "{table}");

    let planned = said(&keys(folder, &["rotate"]));
    let next = states(folder).remove(0);
    assert_eq!(next.1, "next");
    assert!(planned.contains(&next.0) && planned.contains("is published and signs from 20"), "{planned}");
    let hastened = said(&keys(folder, &["rotate", "--now"]));
    assert!(hastened.contains(&next.0) && hastened.contains("two seconds"), "{hastened}");
    std::thread::sleep(Duration::from_millis(2100));
    let turned = [(next.0.clone(), "signing".to_owned()), (first.0.clone(), "verifying".to_owned())];
    assert_eq!(states(folder), turned);

    let revoked = said(&keys(folder, &["revoke", &next.0]));
    let now = states(folder);
    assert_eq!(now.iter().map(|(_, state)| state.as_str()).collect::<Vec<_>>(), ["signing", "revoked", "revoked"]);
    assert!(revoked.contains(&format!("{} is revoked", next.0)) && revoked.contains(&now[0].0), "{revoked}");
    said(&keys(folder, &["revoke", &next.0]));
    assert_eq!(states(folder), now, "revoking again changes nothing");

    let unknown = keys(folder, &["revoke", "nothing"]);
    let sentence = "keywright: there is no key nothing; `keywright keys list` shows them\n";
    assert_eq!((unknown.status.code(), text(&unknown.stderr)), (Some(1), sentence));
}

#[test]
fn wrong_use_is_told() {
    let folder = tempfile::tempdir().unwrap();
    for (words, told) in [
        (vec![], "list, rotate or revoke"),
        (vec!["revoke"], "name the key that leaked"),
        (vec!["rotate", "--soon"], "no option --soon"),
        (vec!["forget"], "not forget"),
    ] {
        let refused = keys(folder.path(), &words);
        assert_eq!(refused.status.code(), Some(2), "{words:?}");
        assert!(text(&refused.stderr).contains(told), "{}", text(&refused.stderr));
        assert_eq!(text(&refused.stdout), "");
    }
    assert!(!folder.path().join("test.db").exists(), "and nothing was opened for it");
}

#[test]
fn a_shared_secret_is_a_setting_and_a_weak_one_stops_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hs256");
    std::fs::write(&file, format!("{SECRET}\n")).unwrap();
    let shared = [("KEYWRIGHT_SIGNING_ALGORITHM", "HS256"), ("KEYWRIGHT_HS256_SECRET_FILE", file.to_str().unwrap())];
    let listed = said(&run(folder.path(), &["keys", "list"], &shared));
    assert!(listed.contains("HS256      signing"), "{listed}");
    let rotated = run(folder.path(), &["keys", "rotate"], &shared);
    assert_eq!(rotated.status.code(), Some(1));
    assert!(text(&rotated.stderr).contains("set another hs256_secret"), "{}", text(&rotated.stderr));

    for (secret, told) in [
        ("", "needs hs256_secret"),
        ("secret", "at least 32 bytes"),
        ("changemechangemechangemechangeme", "is a pattern"),
        ("a-string-secret-at-least-256-bits-long", "manuals"),
    ] {
        let weak = [("KEYWRIGHT_SIGNING_ALGORITHM", "HS256"), ("KEYWRIGHT_HS256_SECRET", secret)];
        let refused = run(folder.path(), &["serve"], &weak);
        assert_eq!(refused.status.code(), Some(1));
        let words = text(&refused.stderr);
        assert!(words.contains(told) && words.contains("openssl rand -base64 48"), "{words}");
    }
}

/// Asks until it is so.
async fn within_seconds<F: Future<Output = bool>>(what: &str, is_so: impl Fn() -> F) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !is_so().await {
        assert!(Instant::now() < deadline, "{what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_server_learns_what_the_command_did() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    let app = TestApp::start_in(folder, CHEAP).await;
    let task = tokio::spawn(app.application.auth.clone().watch_keys());
    app.create_account("alice@example.com").await;
    let (_, token) = app.sign_in("alice@example.com").await;

    said(&keys(&path, &["rotate"]));
    within_seconds("the next key is published", || async {
        let published = app.get("/.well-known/jwks.json", "").await.value();
        published["keys"].as_array().is_some_and(|keys| keys.len() == 2)
    })
    .await;
    let leaked = states(&path).into_iter().find(|(_, state)| state == "signing").unwrap().0;
    assert_eq!(app.bearer(Method::GET, "/api/v1/me", &token).await.status, StatusCode::OK);
    said(&keys(&path, &["revoke", &leaked]));
    within_seconds("the leaked key is refused", || async {
        let refused = app.bearer(Method::GET, "/api/v1/me", &token).await;
        refused.status == StatusCode::UNAUTHORIZED && refused.value()["code"] == json!("invalid_token")
    })
    .await;
    let (_, fresh) = app.sign_in("alice@example.com").await;
    assert_eq!(app.bearer(Method::GET, "/api/v1/me", &fresh).await.status, StatusCode::OK);
    task.abort();
}
