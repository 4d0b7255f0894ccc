//! No cookie is longer than a browser keeps: 4096 bytes with its name (ASVS 5.0, 3.3.5; RFC 6265, 6.1).

use crate::support::{Answer, TestApp};
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;

const EMAIL: &str = "alice@example.com";
const TYPED: &str = "__Host-typed";
const LONGEST: usize = 4096;

/// The longest name and value that an answer sets.
fn longest(answer: &Answer) -> usize {
    let lines = answer.headers.get_all(SET_COOKIE).iter().map(|line| line.to_str().unwrap());
    lines.map(|line| line.split(';').next().unwrap().len() - "=".len()).max().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_typed_is_kept_where_a_browser_keeps_it() {
    let app = TestApp::start().await;
    // As long as is kept; then of characters that are six times as long as JSON.
    for (character, is_kept) in [("x", true), ("%01", false)] {
        let body = format!("email={}&name={}&password=short", character.repeat(299), character.repeat(300));
        let refused = app.form_of("/sign-up", "/rpc/sign_up", &body, "").await;
        assert_eq!(refused.status, StatusCode::SEE_OTHER, "{}", refused.body);
        assert_eq!(refused.cookie(TYPED).is_some(), is_kept, "{character}");
        assert!(longest(&refused) <= LONGEST, "{character}: {}", longest(&refused));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_shown_once_fits() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (cookie, token) = app.sign_in(EMAIL).await;
    assert!((1..=LONGEST).contains(&cookie.len()));
    app.add_app(EMAIL, &token).await;
    let codes = app.form_of("/account/recovery-codes", "/rpc/make_recovery_codes", "", &cookie).await;
    let made = codes.cookie("__Host-made-codes").expect("ten recovery codes, sealed");
    assert!(made.len() > 10 * 28 && longest(&codes) <= LONGEST, "{}", made.len());
}
