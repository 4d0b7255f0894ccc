//! The first administrator: over REST, on the command line, and what the program prints at its start.

use crate::support::{CHEAP, TestApp, database_url};
use axum::http::{Method, StatusCode};
use serde_json::json;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};

const EMAIL: &str = "ada@example.com";

fn keywright(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keywright"));
    command.args(words).current_dir(folder).env_clear().env("KEYWRIGHT_DATABASE_URL", database_url(folder));
    command
}

fn setup_link(folder: &Path) -> Output {
    keywright(folder, &["setup", "link"]).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// The token of the link in a text.
fn token_in(text: &str) -> String {
    let (_, rest) = text.split_once("http://localhost:3000/setup?token=").unwrap_or_else(|| panic!("{text}"));
    rest.chars().take_while(|letter| !letter.is_whitespace()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_uses_the_link_once() {
    let app = TestApp::start().await;
    let token = app.setup_token().await;
    app.create_account(EMAIL).await;
    app.create_account("bob@example.com").await;
    let (_, ada) = app.sign_in(EMAIL).await;
    let (_, bob) = app.sign_in("bob@example.com").await;
    let setup = |access: String, token: String| {
        let app = &app;
        async move {
            let body = json!({ "token": token }).to_string();
            app.bearer_body(Method::POST, "/api/v1/setup", &access, body.into()).await
        }
    };
    let wrong = setup(ada.clone(), "invented".to_owned()).await;
    assert_eq!((wrong.status, wrong.code().as_str()), (StatusCode::GONE, "link_expired"));
    assert_eq!(setup(ada.clone(), token.clone()).await.status, StatusCode::NO_CONTENT);
    let late = setup(bob, token).await;
    assert_eq!((late.status, late.code().as_str()), (StatusCode::GONE, "link_expired"));
    let (_, ada) = app.sign_in(EMAIL).await;
    let me = app.bearer(Method::GET, "/api/v1/me", &ada).await.value();
    assert_eq!(me["role"], "platform_admin");
    let refused = app.bearer(Method::GET, "/api/v1/admin/users", &ada).await;
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::FORBIDDEN, "second_factor_required"));
    app.add_app(EMAIL, &ada).await;
    assert_eq!(app.bearer(Method::GET, "/api/v1/admin/users", &ada).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_line_prints_a_link_while_there_is_no_administrator() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    let app = TestApp::start_in(folder, CHEAP).await;
    let (first, second) = (setup_link(&path), setup_link(&path));
    assert_eq!((first.status.code(), second.status.code()), (Some(0), Some(0)), "{}", text(&first.stderr));
    let (first, second) = (token_in(text(&first.stdout)), token_in(text(&second.stdout)));
    assert!(first != second && first.len() == 43, "{first}");
    app.create_account(EMAIL).await;
    let (_, access) = app.sign_in(EMAIL).await;
    for (token, status) in [(first, StatusCode::GONE), (second, StatusCode::NO_CONTENT)] {
        let body = json!({ "token": token }).to_string();
        assert_eq!(app.bearer_body(Method::POST, "/api/v1/setup", &access, body.into()).await.status, status);
    }
    let refused = setup_link(&path);
    assert_eq!((refused.status.code(), text(&refused.stdout)), (Some(1), ""));
    assert!(text(&refused.stderr).contains("there is an administrator"), "{}", text(&refused.stderr));
    assert_eq!(keywright(&path, &["setup"]).output().unwrap().status.code(), Some(2));
}

/// What a server prints on standard error until it is ready, or for as long as it runs.
fn printed_at_start(folder: &Path) -> String {
    let mut child = keywright(folder, &["serve"])
        .env("KEYWRIGHT_LISTEN", "127.0.0.1:0")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The log is on standard output; the line comes after the link.
    let mut log = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("Keywright is ready") {
        line.clear();
        assert!(log.read_line(&mut line).unwrap() > 0, "the server ended");
    }
    child.kill().unwrap();
    text(&child.wait_with_output().unwrap().stderr).to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_prints_the_link_only_while_nobody_administers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    let app = TestApp::start_in(folder, CHEAP).await;
    let first = token_in(&printed_at_start(&path));
    let second = token_in(&printed_at_start(&path));
    assert_ne!(first, second, "each start replaces it");
    app.create_account(EMAIL).await;
    app.make_admin(EMAIL).await;
    let printed = printed_at_start(&path);
    assert!(!printed.contains("/setup?token="), "{printed}");
}
