//! `keywright user import`, run as people run it.

use crate::support::{CHEAP, PASSWORD, TestApp, database_url};
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// Of the password of all tests, made with bcrypt 4.3.
const BCRYPT: &str = "$2b$04$RSj4iLKbeDjrv./gsEEyI.Ss5DZwE9yfieaDXjDCG4WyugZ5.qiOa";

fn import(folder: &Path, words: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_keywright"))
        .args(["user", "import"])
        .args(words)
        .current_dir(folder)
        .env_clear()
        .env("KEYWRIGHT_DATABASE_URL", database_url(folder))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// Good rows, and one of each kind of bad ones.
fn people() -> Vec<u8> {
    let mut file = b"email,name,password_hash,locale,created_at\n".to_vec();
    file.extend_from_slice(format!("alice@example.com,Alice,{BCRYPT},fr,2020-01-31T09:30:00Z\n").as_bytes());
    file.extend_from_slice(b"bob,Bob,,,\n");
    file.extend_from_slice(b"b\xffb@example.com,Bob,,,\n");
    file.extend_from_slice(format!("bob@example.com,{},,,\n", "x".repeat(20_000)).as_bytes());
    file.extend_from_slice(b"carol@example.com,,,,\n");
    file.extend_from_slice(b"ALICE@example.com,Alice,,,\n");
    file.extend_from_slice(b"dave@example.com,Dave,$1$salt$hash,,\n");
    file.extend_from_slice(
        b"erin@example.com,Erin,\"$argon2id$v=19$m=4194304,t=1,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA\",,\n",
    );
    file.extend_from_slice(b"frank@example.com,\"Frank\n");
    file
}

const REFUSED: &str = "\
line 3: email: is not an address such as name@example.com
line 4: is not text in UTF-8
line 5: is longer than 16 KiB
line 7: email: stands in line 2 already
line 8: password_hash: no form of hash that is known
line 9: password_hash: verifying this hash would cost more than a sign-in may
line 10: has 2 columns, the first line has 5
";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn good_rows_are_accounts_and_bad_ones_are_named_by_their_line() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("people.csv"), people()).unwrap();

    let dry = import(folder.path(), &["people.csv", "--dry-run"], "");
    let sum = "2 would be imported, 0 already there, 7 refused. Nothing was written.\n";
    assert_eq!(text(&dry.stdout), format!("{REFUSED}{sum}"), "{}", text(&dry.stderr));
    assert_eq!(dry.status.code(), Some(1));

    let real = import(folder.path(), &["people.csv"], "");
    assert_eq!(text(&real.stdout), format!("{REFUSED}2 imported, 0 already there, 7 refused.\n"));
    assert_eq!((real.status.code(), text(&real.stderr)), (Some(1), ""));

    let again = import(folder.path(), &["people.csv", "--json"], "");
    let told: Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!((&told["imported"], &told["already_there"], &told["refused"]), (&json!(0), &json!(2), &json!(7)));
    assert_eq!(told["lines"].as_array().unwrap().len(), 9);
    assert_eq!((&told["lines"][0]["line"], &told["lines"][0]["outcome"]), (&json!(2), &json!("already_there")));

    let app = TestApp::start_in(folder, CHEAP).await;
    let (_, token) = app.sign_in("alice@example.com").await;
    let me = app.bearer(axum::http::Method::GET, "/api/v1/me", &token).await.value();
    assert_eq!((&me["name"], &me["locale"]), (&json!("Alice"), &json!("fr")));
    let credentials = json!({"email": "carol@example.com", "password": PASSWORD});
    let refused = app.json("/api/v1/sign-in", &credentials).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "an account without a password");
}

#[test]
fn json_lines_come_from_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    let rows = format!(
        "{}\n{}\n",
        json!({"email": "alice@example.com", "name": "Alice", "password_hash": BCRYPT, "created_at": 1_580_463_000}),
        json!({"email": "bob@example.com"}),
    );
    let done = import(folder.path(), &["-", "--format", "jsonl", "--json"], &rows);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    let told: Value = serde_json::from_slice(&done.stdout).unwrap();
    let expected = json!({
        "dry_run": false, "imported": 2, "already_there": 0, "refused": 0, "lines": [], "lines_left_out": 0,
    });
    assert_eq!(told, expected);

    let more = format!("{rows}{}\n", json!({"email": "carol@example.com", "phone": "1"}));
    let again = import(folder.path(), &["-", "--format", "jsonl"], &more);
    let words = text(&again.stdout);
    assert!(words.starts_with("line 1: email: has an account already, which was left alone\nline 2:"), "{words}");
    assert!(words.contains("line 3: unknown field `phone`"), "{words}");
    assert!(words.ends_with("0 imported, 2 already there, 1 refused.\n"), "{words}");
    assert_eq!(again.status.code(), Some(1));
}

#[test]
fn wrong_use_and_what_cannot_be_read_are_told() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("people.csv"), "email,phone\nalice@example.com,1\n").unwrap();
    for (words, code, told) in [
        (vec![], 2, "name a file"),
        (vec!["people.txt"], 2, "--format csv"),
        (vec!["people.csv", "--dry"], 2, "no option --dry"),
        (vec!["nobody.csv"], 1, "nobody.csv cannot be read"),
        (vec!["people.csv"], 1, "people.csv: line 1: there is no column \"phone\"; the columns are email, name"),
    ] {
        let refused = import(folder.path(), &words, "");
        assert_eq!(refused.status.code(), Some(code), "{words:?}");
        assert!(text(&refused.stderr).contains(told), "{}", text(&refused.stderr));
        assert_eq!(text(&refused.stdout), "");
    }
}

#[test]
fn ten_thousand_rows_take_seconds() {
    let folder = tempfile::tempdir().unwrap();
    let mut file = "email,name,password_hash\n".to_owned();
    for number in 0..10_000 {
        writeln!(file, "person{number}@example.com,Sam Doe,{BCRYPT}").unwrap();
    }
    std::fs::write(folder.path().join("people.csv"), file).unwrap();
    let start = Instant::now();
    let done = import(folder.path(), &["people.csv"], "");
    let taken = start.elapsed();
    assert_eq!(text(&done.stdout), "10000 imported, 0 already there, 0 refused.\n", "{}", text(&done.stderr));
    assert_eq!(done.status.code(), Some(0));
    assert!(taken < Duration::from_secs(30), "{taken:?}");
}
