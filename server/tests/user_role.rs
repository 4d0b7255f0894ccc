//! `keywright user role`, run as people run it.

use crate::support::{CHEAP, TestApp, database_url};
use axum::http::{Method, StatusCode};
use std::path::Path;
use std::process::{Command, Output};

const EMAIL: &str = "ada@example.com";
const NO_FACTOR: &str =
    "The account has no second factor yet. It can do nothing as an administrator without one after 7 days.\n";

fn role(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_keywright"))
        .args(["user", "role"])
        .args(words)
        .current_dir(folder)
        .env_clear()
        .env("KEYWRIGHT_DATABASE_URL", database_url(folder))
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// The role as a program that is signed in hears it, and whether the administration is there.
async fn seen(app: &TestApp) -> (String, bool) {
    let (_, token) = app.sign_in(EMAIL).await;
    let me = app.bearer(Method::GET, "/api/v1/me", &token).await.value();
    let users = app.bearer(Method::GET, "/api/v1/admin/users", &token).await;
    (me["role"].as_str().unwrap().to_owned(), users.status == StatusCode::OK)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_is_made_beside_the_running_server() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    // Both find one master key: that of the database's folder.
    let app = TestApp::start_in(folder, CHEAP).await;
    app.create_account(EMAIL).await;
    assert_eq!(seen(&app).await, ("user".to_owned(), false));
    for (words, code, told) in [
        ([EMAIL, "platform_admin"], 0, "ada@example.com has the role platform_admin now.\n"),
        ([EMAIL, "platform_admin"], 0, "ada@example.com had the role platform_admin before.\n"),
    ] {
        let done = role(&path, &words);
        assert_eq!(
            (done.status.code(), text(&done.stdout)),
            (Some(code), &*format!("{told}{NO_FACTOR}")),
            "{}",
            text(&done.stderr)
        );
    }
    assert_eq!(seen(&app).await, ("platform_admin".to_owned(), true));
    let (_, token) = app.sign_in(EMAIL).await;
    assert_eq!(role(&path, &["ADA@example.com", "user"]).status.code(), Some(0));
    let refused = app.bearer(Method::GET, "/api/v1/admin/users", &token).await;
    assert_ne!(refused.status, StatusCode::OK, "at once, with a token from before");
    assert_eq!(seen(&app).await, ("user".to_owned(), false));
}

#[test]
fn wrong_use_and_unknown_addresses_are_told() {
    let folder = tempfile::tempdir().unwrap();
    for (words, code, told) in [
        (vec![], 2, "name one address and one role"),
        (vec![EMAIL], 2, "name one address and one role"),
        (vec![EMAIL, "platform_admin", "now"], 2, "name one address and one role"),
        (vec!["ada", "platform_admin"], 2, "is not an address"),
        (vec![EMAIL, "root"], 2, "a role is user, support, auditor or platform_admin"),
        (vec![EMAIL, "platform_admin"], 1, "ada@example.com has no account."),
    ] {
        let refused = role(folder.path(), &words);
        assert_eq!(refused.status.code(), Some(code), "{words:?}");
        assert!(text(&refused.stderr).contains(told), "{}", text(&refused.stderr));
        assert_eq!(text(&refused.stdout), "", "{words:?}");
    }
}
