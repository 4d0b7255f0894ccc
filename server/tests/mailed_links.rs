//! The pages behind mailed links: opening one changes nothing, its button works once, and a link that is
//! not the mailed one does nothing and says so.

use crate::support::{TestApp, token_of};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

const FIRST: &str = "alice@example.com";
const SECOND: &str = "alice@example.org";
const THIRD: &str = "alice@example.net";

/// A page behind a link, the form on it, what it says of a dead link, and what it shows behind a live one.
const PAGES: [(&str, &str, &str, &str); 4] = [
    ("/not-me", "/rpc/secure_account", "page.not_me.dead", FIRST),
    ("/undo-email-change", "/rpc/undo_email_change", "page.undo_email.dead", FIRST),
    ("/keep-account", "/rpc/keep_account_by_link", "page.keep_account.dead", SECOND),
    ("/account/email", "/rpc/confirm_email_change", "page.email.dead_link", THIRD),
];

/// An account that has a live link to each page, in their order.
struct Mailed {
    app: TestApp,
    cookie: String,
    access: String,
    tokens: [String; 4],
}

impl Mailed {
    async fn start() -> Self {
        let app = TestApp::start().await;
        app.create_account(FIRST).await;
        let (cookie, access) = app.sign_in(FIRST).await;
        app.sign_in_on_new_device(FIRST).await;
        let not_me = token_of(&app.mail(FIRST, "new_device").await);
        ask(&app, "/api/v1/me/email", &access, &json!({"email": SECOND})).await;
        let code = app.mail(SECOND, "confirm_email").await["code"].clone();
        ask(&app, "/api/v1/me/email/confirm", &access, &json!({"code": code})).await;
        let undo = token_of(&app.mail(FIRST, "email_changed").await);
        ask(&app, "/api/v1/me/email", &access, &json!({"email": THIRD})).await;
        let confirm = token_of(&app.mail(THIRD, "confirm_email").await);
        ask(&app, "/api/v1/me/deletion", &access, &json!({})).await;
        let keep = token_of(&app.mail(SECOND, "deletion_scheduled").await);
        Self { app, cookie, access, tokens: [not_me, undo, keep, confirm] }
    }

    /// Opens every link; each shows its button.
    async fn assert_all_live(&self) {
        for ((page, form, _, shown), token) in PAGES.into_iter().zip(&self.tokens) {
            let opened = self.app.get(&format!("{page}?token={token}"), &self.cookie).await;
            assert_eq!(opened.status, StatusCode::OK, "{page}");
            assert!(opened.body.contains(&format!("action=\"{form}\"")), "{page}: {}", opened.body);
            assert!(opened.body.contains(&format!("value=\"{token}\"")), "{page}: {}", opened.body);
            assert!(opened.body.contains(shown), "{page}: {}", opened.body);
            assert_eq!((opened.header("cache-control"), opened.header("referrer-policy")), ("no-store", "same-origin"));
        }
    }

    /// Presses the button of a page; gives where it leads.
    async fn press(&self, page: usize, cookie: &str) -> (String, Option<String>) {
        let (path, form, ..) = PAGES[page];
        let body = format!("token={}", self.tokens[page]);
        let posted = self.app.form_of(&format!("{path}?{body}"), form, &body, cookie).await;
        assert_eq!(posted.status, StatusCode::SEE_OTHER, "{path}: {}", posted.body);
        (posted.location().to_owned(), posted.set_cookie("__Host-refresh"))
    }

    async fn me(&self) -> Value {
        self.app.bearer(Method::GET, "/api/v1/me", &self.access).await.value()
    }
}

async fn ask(app: &TestApp, path: &str, access: &str, body: &Value) {
    let answer = app.bearer_body(Method::POST, path, access, body.to_string().into()).await;
    assert!(answer.status.is_success(), "{path}: {} {}", answer.status, answer.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_that_is_not_the_mailed_one_does_nothing_and_says_so() {
    let mailed = Mailed::start().await;
    let app = &mailed.app;
    for (index, (page, form, words, _)) in PAGES.into_iter().enumerate() {
        let own = &mailed.tokens[index];
        let others = mailed.tokens.iter().filter(|token| *token != own).cloned();
        let wrong = [
            "invented".to_owned(),
            "A".repeat(43),
            own[..own.len() - 1].to_owned(),
            own[1..].to_owned(),
            format!("{own}A"),
            format!("{own}%00"),
            own.to_lowercase(),
            "%F0%9F%98%80".to_owned(),
            "x".repeat(500),
        ];
        for token in wrong.into_iter().chain(others) {
            let link = format!("{page}?token={token}");
            let opened = app.get(&link, &mailed.cookie).await;
            assert_eq!(opened.status, StatusCode::GONE, "{link}");
            assert!(opened.says(words) && !opened.body.contains("name=\"token\""), "{link}: {}", opened.body);
            let posted = app.form_of(&link, form, &format!("token={token}"), &mailed.cookie).await;
            assert!(posted.location().starts_with(page), "{link}: {}", posted.location());
            assert!(posted.set_cookie("__Host-refresh").is_none(), "{link}");
            let back = app.get(posted.location(), &mailed.cookie).await;
            assert_eq!(back.status, StatusCode::GONE, "{link}");
            assert!(back.says(words), "{link}: {}", back.body);
        }
    }
    mailed.assert_all_live().await;
    let me = mailed.me().await;
    assert_eq!(me["email"], SECOND);
    assert!(me["delete_at"].is_i64(), "{me}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_of_the_signed_in_works_in_its_own_account_only() {
    let mailed = Mailed::start().await;
    let app = &mailed.app;
    app.create_account("bob@example.com").await;
    let (stranger, _) = app.sign_in("bob@example.com").await;
    let link = format!("/account/email?token={}", mailed.tokens[3]);
    assert_eq!(app.get(&link, &stranger).await.status, StatusCode::GONE);
    let (back, _) = mailed.press(3, &stranger).await;
    assert_eq!(app.get(&back, &stranger).await.status, StatusCode::GONE);
    let signed_out = app.get(&link, "").await;
    assert_eq!(signed_out.status, StatusCode::SEE_OTHER);
    assert!(signed_out.location().starts_with("/sign-in?next=/account/email%3Ftoken%3D"), "{}", signed_out.location());
    mailed.assert_all_live().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn opening_a_link_changes_nothing_and_its_button_works_once() {
    let mailed = Mailed::start().await;
    let app = &mailed.app;
    for _ in 0..3 {
        mailed.assert_all_live().await;
    }
    for (index, (page, ..)) in PAGES.into_iter().enumerate().take(3) {
        let opened = app.get(&format!("{page}?token={}", mailed.tokens[index]), "").await;
        assert_eq!(opened.status, StatusCode::OK, "{page} works signed out");
    }
    let me = mailed.me().await;
    assert_eq!(me["email"], SECOND);
    assert!(me["delete_at"].is_i64(), "{me}");

    let (led, _) = mailed.press(2, "").await;
    assert_eq!(led, "/sign-in?note=account_kept");
    assert!(app.get(&led, "").await.says("page.sign_in.note_account_kept"));
    assert_eq!(mailed.me().await["delete_at"], Value::Null);
    let (led, _) = mailed.press(3, &mailed.cookie).await;
    assert_eq!(led, "/account/email?note=changed");
    assert_eq!(mailed.me().await["email"], THIRD);
    for used in [2, 3] {
        let (back, _) = mailed.press(used, &mailed.cookie).await;
        let dead = app.get(&back, &mailed.cookie).await;
        assert_eq!(dead.status, StatusCode::GONE, "{back}");
        assert!(dead.says(PAGES[used].2), "{}", dead.body);
    }

    let (led, cookie) = mailed.press(1, &mailed.cookie).await;
    assert_eq!(led, "/sign-in?note=email_restored");
    assert!(cookie.unwrap().contains("Max-Age=0"));
    assert!(app.get(&led, "").await.says("page.sign_in.note_email_restored"));
    assert_eq!(app.get("/account", &mailed.cookie).await.status, StatusCode::SEE_OTHER, "every session ended");
    let (back, _) = mailed.press(1, "").await;
    let dead = app.get(&back, "").await;
    assert_eq!(dead.status, StatusCode::GONE);
    assert!(dead.says("page.undo_email.dead"), "{}", dead.body);

    let (led, _) = mailed.press(0, "").await;
    assert_eq!(led, format!("/not-me?token={}", mailed.tokens[0]));
    let secured = app.get(&led, "").await;
    assert_eq!(secured.status, StatusCode::OK);
    assert!(secured.says("page.not_me.done_title") && !secured.body.contains("name=\"token\""), "{}", secured.body);
}
