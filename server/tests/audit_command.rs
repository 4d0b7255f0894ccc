//! `keywright audit verify`, run as people run it.

use crate::support::{CHEAP, TestApp, database_url};
use serde_json::{Value, json};
use sqlx::{AnyConnection, Connection};
use std::path::Path;
use std::process::{Command, Output};

fn verify(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_keywright"))
        .args([&["audit", "verify"][..], words].concat())
        .current_dir(folder)
        .env_clear()
        .env("KEYWRIGHT_DATABASE_URL", database_url(folder))
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

async fn tamper(folder: &Path, statement: &'static str) {
    let mut connection = AnyConnection::connect(&database_url(folder)).await.unwrap();
    sqlx::query(statement).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_is_verified_and_what_is_wrong_with_it_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    let empty = verify(&path, &[]);
    assert_eq!(empty.status.code(), Some(0), "{}", text(&empty.stderr));
    assert!(text(&empty.stdout).contains("it has no line"), "{}", text(&empty.stdout));
    // On the same key, which lies beside the database.
    let app = TestApp::start_in(folder, CHEAP).await;
    app.create_account("alice@example.com").await;
    app.sign_in("alice@example.com").await;

    let whole = verify(&path, &["--json"]);
    assert_eq!(whole.status.code(), Some(0), "{} {}", text(&whole.stdout), text(&whole.stderr));
    let told: Value = serde_json::from_str(text(&whole.stdout)).unwrap();
    assert_eq!((&told["audit"]["is_whole"], &told["audit"]["first"]), (&json!(true), &json!(1)));
    let head = format!("{}:{}", told["audit"]["last"], told["audit"]["head"].as_str().unwrap());
    let words = verify(&path, &["--expect", &head]);
    assert!(text(&words.stdout).contains(&format!("It goes through {head}.")), "{}", text(&words.stdout));

    tamper(&path, "UPDATE audit_events SET kind = 'user.imported' WHERE sequence = 2").await;
    let altered = verify(&path, &["--expect", &head]);
    assert_eq!(altered.status.code(), Some(1));
    let said = text(&altered.stdout);
    assert!(
        said.contains("NOT whole") && said.contains("- line 2, of ") && said.contains("not as it was written"),
        "{said}"
    );

    tamper(&path, "DELETE FROM audit_events WHERE sequence >= 2").await;
    tamper(&path, "UPDATE audit_anchor SET sequence = 1").await;
    let turned_back = verify(&path, &["--expect", &head, "--json"]);
    assert_eq!(turned_back.status.code(), Some(1));
    assert!(text(&turned_back.stdout).contains("truncated_tail"), "{}", text(&turned_back.stdout));
}

#[test]
fn wrong_use_is_told() {
    let folder = tempfile::tempdir().unwrap();
    for words in [&["--csv"][..], &["--expect"][..], &["--expect", "812"][..], &["812"][..]] {
        let refused = verify(folder.path(), words);
        assert_eq!(refused.status.code(), Some(2), "{words:?}");
        assert!(text(&refused.stderr).starts_with("keywright audit: "), "{}", text(&refused.stderr));
        assert_eq!(text(&refused.stdout), "");
    }
    assert!(!folder.path().join("test.db").exists(), "and nothing was opened for it");
}
