//! Recovery by mail over REST and on pages without a script, and the factors at a glance.

use crate::support::{Answer, PASSWORD, TestApp, token_of};
use axum::http::{Method, StatusCode};
use serde_json::json;

const EMAIL: &str = "alice@example.com";
const PATH: &str = "/api/v1/account-recovery";

/// An account with a session somewhere, whose factor nobody has any more.
struct LockedOut {
    app: TestApp,
    cookie: String,
    access: String,
}

impl LockedOut {
    async fn start() -> Self {
        let app = TestApp::start().await;
        app.create_account(EMAIL).await;
        let (cookie, access) = app.sign_in(EMAIL).await;
        app.execute("UPDATE users SET factors = 'totp'").await;
        Self { app, cookie, access }
    }

    /// The ticket of a sign-in that waits for the factor.
    async fn ticket(&self) -> String {
        let answer = self.app.json("/api/v1/sign-in", &json!({"email": EMAIL, "password": PASSWORD})).await;
        answer.value()["second_factor"]["ticket"].as_str().unwrap_or_else(|| panic!("{}", answer.body)).to_owned()
    }

    async fn ask(&self) -> Answer {
        self.app.json(PATH, &json!({ "ticket": self.ticket().await })).await
    }

    /// Lets three days pass: no clock can be advanced here.
    async fn wait(&self) -> String {
        self.app.execute("UPDATE account_recoveries SET ready_at = 1, next_mail_at = 1").await;
        self.app.application.auth.delete_what_is_over().await.unwrap();
        token_of(&self.app.mail(EMAIL, "recovery_ready").await)
    }

    async fn factors(&self) -> serde_json::Value {
        self.app.bearer(Method::GET, "/api/v1/factors", &self.access).await.value()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_asks_waits_and_opens_the_account() {
    let story = LockedOut::start().await;
    let asked = story.ask().await;
    assert_eq!(asked.status, StatusCode::ACCEPTED, "{}", asked.body);
    let ready_in = asked.value()["ready_at"].as_i64().unwrap() - asked.value()["asked_at"].as_i64().unwrap();
    assert_eq!(ready_in, 72 * 60 * 60 * 1000);
    assert_eq!(story.ask().await.value(), asked.value(), "asking again changes nothing");
    assert_eq!(story.factors().await["recovery"], asked.value());

    let token = story.wait().await;
    let path = format!("{PATH}/complete");
    for (password, code) in [("", "required"), ("not the password", "password_wrong")] {
        let refused = story.app.json(&path, &json!({"token": token, "password": password})).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
        assert_eq!(refused.value()["errors"][0]["code"], code);
    }
    let done = story.app.json(&path, &json!({"token": token, "password": PASSWORD})).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.body);
    let out = story.app.bearer(Method::GET, "/api/v1/me", &story.access).await;
    assert_eq!(out.status, StatusCode::UNAUTHORIZED);
    story.app.sign_in(EMAIL).await;
    let again = story.app.json(&path, &json!({"token": token, "password": PASSWORD})).await;
    assert_eq!((again.status, again.code().as_str()), (StatusCode::GONE, "link_expired"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_that_is_signed_in_calls_it_off_and_so_does_the_mailed_token() {
    let story = LockedOut::start().await;
    story.ask().await;
    story.app.mail(EMAIL, "recovery_requested").await;
    for _ in ["once", "twice"] {
        let done = story.app.bearer(Method::DELETE, PATH, &story.access).await;
        assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.body);
    }
    assert!(story.factors().await["recovery"].is_null());
    let soon = story.ask().await;
    assert_eq!((soon.status, soon.code().as_str()), (StatusCode::TOO_MANY_REQUESTS, "too_soon"));
    assert!(!soon.header("retry-after").is_empty());

    story.app.execute("UPDATE account_recoveries SET ended_at = 1").await;
    story.app.execute("DELETE FROM dev_inbox").await;
    story.ask().await;
    let token = token_of(&story.app.mail(EMAIL, "recovery_requested").await);
    let path = format!("{PATH}/cancel");
    let done = story.app.json(&path, &json!({ "token": token })).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.body);
    let again = story.app.json(&path, &json!({ "token": token })).await;
    assert_eq!((again.status, again.code().as_str()), (StatusCode::GONE, "link_expired"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_script_it_is_started_waited_for_and_completed() {
    let story = LockedOut::start().await;
    let app = &story.app;
    let nobody = app.get("/recover-account", "").await;
    assert_eq!(nobody.status, StatusCode::OK);
    assert!(nobody.says("page.recovery.begin_sign_in") && !nobody.says("page.recovery.start"), "{}", nobody.body);

    let waiting = format!("__Host-second-factor={}", story.ticket().await);
    let page = app.get("/recover-account", &waiting).await;
    assert!(page.says("page.recovery.start") && page.says("page.recovery.waits"), "{}", page.body);
    assert!(page.body.contains("action=\"/rpc/start_account_recovery\"") && page.body.contains(EMAIL));
    let started = app.form_of("/recover-account", "/rpc/start_account_recovery", "", &waiting).await;
    assert_eq!(started.location(), "/recover-account?note=started");
    let running = app.get(started.location(), &waiting).await;
    assert!(running.says("page.recovery.started") && running.says("page.recovery.running_title"), "{}", running.body);

    let token = story.wait().await;
    let link = format!("/recover-account?token={token}");
    let page = app.get(&link, "").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.says("page.recovery.complete_lead") && page.body.contains("name=\"password\""), "{}", page.body);
    let body = |password: &str| format!("token={token}&password={}", password.replace(' ', "+"));
    let wrong = app.form_of(&link, "/rpc/complete_account_recovery", &body("not the password"), "").await;
    let back = app.get(wrong.location(), "").await;
    assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(back.says("issue.password_wrong"), "{}", back.body);
    let done = app.form_of(&link, "/rpc/complete_account_recovery", &body(PASSWORD), "").await;
    assert_eq!(done.location(), "/sign-in?note=account_recovered");
    assert!(app.get(done.location(), "").await.says("page.recovery.note_recovered"));
    let dead = app.get(&link, "").await;
    assert_eq!(dead.status, StatusCode::GONE);
    assert!(dead.says("page.recovery.dead"), "{}", dead.body);
    assert_eq!(app.get("/dashboard", &story.cookie).await.status, StatusCode::SEE_OTHER, "every session ended");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_script_it_is_called_off_in_one_click() {
    let story = LockedOut::start().await;
    let app = &story.app;
    let quiet = app.get("/dashboard", &story.cookie).await;
    assert!(!quiet.says("page.recovery.notice"), "{}", quiet.body);
    story.ask().await;
    for page in ["/dashboard", "/account", "/account/security", "/account/activity"] {
        let told = app.get(page, &story.cookie).await;
        assert_eq!(told.status, StatusCode::OK, "{page}");
        assert!(told.says("page.recovery.notice"), "{page}: {}", told.body);
        assert!(told.body.contains("action=\"/rpc/cancel_account_recovery\""), "{page}: {}", told.body);
    }
    let token = token_of(&app.mail(EMAIL, "recovery_requested").await);
    let link = format!("/cancel-recovery?token={token}");
    for _ in ["opening it", "changes nothing"] {
        let opened = app.get(&link, "").await;
        assert_eq!(opened.status, StatusCode::OK);
        assert!(opened.says("page.recovery.cancel_lead") && opened.body.contains(EMAIL), "{}", opened.body);
    }
    let body = format!("token={token}");
    let done = app.form_of(&link, "/rpc/cancel_account_recovery_by_link", &body, "").await;
    assert_eq!(done.location(), "/cancel-recovery?note=cancelled");
    assert!(app.get(done.location(), "").await.says("page.recovery.cancelled_lead"));
    let dead = app.get(&link, "").await;
    assert_eq!(dead.status, StatusCode::GONE);
    assert!(dead.says("page.recovery.cancel_dead"), "{}", dead.body);
    assert!(!app.get("/dashboard", &story.cookie).await.says("page.recovery.notice"));

    app.execute("UPDATE account_recoveries SET ended_at = 1").await;
    story.ask().await;
    let done = app.form_of("/dashboard", "/rpc/cancel_account_recovery", "", &story.cookie).await;
    assert_eq!(done.location(), "/account/security?note=recovery_cancelled");
    assert!(app.get(done.location(), &story.cookie).await.says("page.recovery.cancelled"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_security_page_says_what_happens_when_the_phone_is_lost() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (cookie, access) = app.sign_in(EMAIL).await;
    let page = app.get("/account/security", &cookie).await;
    assert!(page.says("page.ladder.no_factor") && page.says("page.ladder.add_passkey"), "{}", page.body);
    assert!(page.body.contains("class=\"ladder-missing\"") && page.body.contains("class=\"ladder-holds\""));
    assert!(page.body.contains("<desc id=\"ladder-desc\">"), "the picture has words");
    let factors = app.bearer(Method::GET, "/api/v1/factors", &access).await.value();
    assert_eq!(factors["active"], json!([]));
    assert_eq!(
        (&factors["ladder"]["rescue"], &factors["ladder"]["next"]),
        (&json!("no_factor"), &json!("add_passkey"))
    );
    assert_eq!(factors["ladder"]["rungs"][3], json!({"rung": "mail", "footing": "holds"}));

    app.execute("UPDATE users SET factors = 'totp'").await;
    let page = app.get("/account/security", &cookie).await;
    assert!(page.says("page.ladder.by_waiting") && page.says("page.ladder.make_codes"), "{}", page.body);
    assert!(page.body.contains("class=\"ladder-cross\""), "the app goes with the phone: {}", page.body);
}
