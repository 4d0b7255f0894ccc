//! `keywright seed`, run as people run it.

use crate::support::{CHEAP, TestApp, database_url};
use axum::http::StatusCode;
use serde_json::json;
use std::path::Path;
use std::process::{Command, Output};

fn seed(folder: &Path, words: &[&str], variables: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_keywright"))
        .arg("seed")
        .args(words)
        .current_dir(folder)
        .env_clear()
        .env("KEYWRIGHT_DATABASE_URL", database_url(folder))
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_made_signs_in_and_people_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    let app = TestApp::start_in(folder, CHEAP).await;
    let done = seed(&path, &["--users", "50", "--organizations", "5", "--audit-lines", "100"], &[]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    let (_, password) = text(&done.stdout).trim_end().rsplit_once("with: ").unwrap();
    for (email, status) in [("user0@example.com", StatusCode::OK), ("user50@example.com", StatusCode::UNAUTHORIZED)] {
        let answer = app.json("/api/v1/sign-in", &json!({"email": email, "password": password})).await;
        assert_eq!(answer.status, status, "{email}: {}", answer.body);
    }
    app.create_account("alice@example.com").await;
    let refused = seed(&path, &["--users", "60"], &[]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("accounts of people"), "{}", text(&refused.stderr));
    let again = seed(&path, &["--users", "60", "--audit-lines", "0", "--yes"], &[]);
    assert_eq!(again.status.code(), Some(0), "{}", text(&again.stderr));
    let count =
        app.read("SELECT CAST(COUNT(*) AS TEXT) AS text FROM users WHERE email <> $1", "alice@example.com").await;
    assert_eq!(count, "60", "those that were there stay");
}

#[test]
fn production_and_wrong_words_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let production = [
        ("KEYWRIGHT_MODE", "production"),
        ("KEYWRIGHT_PUBLIC_URL", "https://id.example.com"),
        ("KEYWRIGHT_MASTER_KEY", "bXk0c2VjcmV0LWtleS1vZi0zMi1ieXRlcy1oZXJlISE="),
        ("KEYWRIGHT_SMTP_URL", "smtp://localhost:1?tls=required"),
        ("KEYWRIGHT_MAIL_FROM", "Keywright <id@example.com>"),
    ];
    for (words, variables, code, told) in [
        (&["--users", "1", "--yes"][..], &production[..], 1, "seed is for development"),
        (&[], &[], 2, "how many accounts"),
        (&["--users", "0"], &[], 2, "--users must be"),
        (&["--people", "5"], &[], 2, "there is no option --people"),
    ] {
        let refused = seed(folder.path(), words, variables);
        assert_eq!(refused.status.code(), Some(code), "{words:?}: {}", text(&refused.stderr));
        assert!(text(&refused.stderr).contains(told), "{}", text(&refused.stderr));
        assert_eq!(text(&refused.stdout), "", "{words:?}");
    }
}
