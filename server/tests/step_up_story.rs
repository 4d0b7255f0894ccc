//! The step-up on pages and over REST (RFC 9470): a risky act asks for the factor, says which would do, and goes on.

use crate::support::{Answer, PASSWORD, TestApp};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

const EMAIL: &str = "alice@example.com";
const ADMIN: &str = "ada@example.com";
const CONFIRM: &str = "/account/confirm?act=";
const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

async fn post(app: &TestApp, path: &str, token: &str, body: &Value) -> Answer {
    app.bearer_body(Method::POST, path, token, body.to_string().into()).await
}

fn assert_refused(answer: &Answer, status: StatusCode, code: &str) {
    assert_eq!((answer.status, answer.code().as_str()), (status, code), "{}", answer.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_hears_which_proof_would_do_and_gives_it() {
    let app = TestApp::start().await;
    let (mut alice, _) = app.create_holder(EMAIL).await;
    let (_, token) = app.sign_in_fully(&mut alice, BROWSER).await;
    app.forget_proofs().await;
    let refused = post(&app, "/api/v1/me/deletion", &token, &json!({})).await;
    assert_refused(&refused, StatusCode::FORBIDDEN, "reauthentication_required");
    assert_eq!(refused.value()["methods"], json!(["totp", "recovery_code"]));
    let challenge = "Bearer error=\"insufficient_user_authentication\", acr_values=\"aal2\"";
    assert_eq!(refused.header("www-authenticate"), challenge);

    let path = "/api/v1/reauthenticate";
    let password = post(&app, path, &token, &json!({"current_password": PASSWORD})).await;
    assert_refused(&password, StatusCode::FORBIDDEN, "reauthentication_required");
    assert_eq!(password.value()["methods"], json!(["totp", "recovery_code"]));
    let mailed = post(&app, path, &token, &json!({"method": "email_code", "code": "12345678"})).await;
    assert_refused(&mailed, StatusCode::CONFLICT, "factor_unavailable");
    let wrong = post(&app, path, &token, &json!({"method": "totp", "code": alice.wrong_code(&app)})).await;
    assert_refused(&wrong, StatusCode::UNPROCESSABLE_ENTITY, "wrong_code");
    let mixed = json!({"method": "totp", "code": "123456", "current_password": PASSWORD});
    assert_refused(&post(&app, path, &token, &mixed).await, StatusCode::BAD_REQUEST, "malformed_request");
    for other in ["/api/v1/reauthenticate/passkey", "/api/v1/reauthenticate/send"] {
        let answer = post(&app, other, &token, &json!({"method": "sms_code"})).await;
        assert_refused(&answer, StatusCode::CONFLICT, "factor_unavailable");
    }

    let right = post(&app, path, &token, &json!({"method": "recovery_code", "code": alice.recovery_code()})).await;
    assert_eq!(right.status, StatusCode::NO_CONTENT, "{}", right.body);
    let done = post(&app, "/api/v1/me/deletion", &token, &json!({})).await;
    assert_eq!(done.status, StatusCode::ACCEPTED, "{}", done.body);
}

/// Proves the password as a page would by script, and brings a cookie with it.
async fn prove(app: &TestApp, token: &str, cookie: &str) {
    let (bearer, body) = (format!("Bearer {token}"), json!({"current_password": PASSWORD}).to_string());
    let own = ("sec-fetch-site", "same-origin");
    let headers = [own, ("authorization", &*bearer), ("content-type", "application/json"), ("cookie", cookie)];
    let proved = app.request(Method::POST, "/api/v1/reauthenticate", &headers, body.into()).await;
    assert_eq!(proved.status, StatusCode::NO_CONTENT, "{}", proved.body);
    assert_eq!(proved.cookie("__Host-refresh"), None, "nothing that is lost with the answer");
}

async fn refresh(app: &TestApp, cookie: &str) -> Answer {
    let headers = [("sec-fetch-site", "same-origin"), ("cookie", cookie)];
    app.request(Method::POST, "/api/v1/refresh", &headers, Body::empty()).await
}

/// Lets a minute pass for all refresh tokens: no clock can be advanced here.
async fn a_minute_later(app: &TestApp) {
    app.execute("UPDATE refresh_tokens SET issued_at = issued_at - 60000").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_refresh_after_a_proof_replaces_the_refresh_cookie() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (cookie, token) = app.sign_in(EMAIL).await;
    prove(&app, &token, &cookie).await;
    let refreshed = refresh(&app, &cookie).await;
    assert_eq!(refreshed.status, StatusCode::OK, "{}", refreshed.body);
    let next = refreshed.cookie("__Host-refresh").unwrap();
    assert_ne!(next, cookie);
    assert_eq!(app.get("/account", &next).await.cookie("__Host-refresh"), None, "it is the newest");
    // Control: the one of before is worth nothing once the answers that were on their way have come.
    a_minute_later(&app).await;
    assert_refused(&refresh(&app, &cookie).await, StatusCode::UNAUTHORIZED, "signed_out");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_answer_of_a_proof_signs_nobody_out() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (cookie, token) = app.sign_in(EMAIL).await;
    prove(&app, &token, &cookie).await;
    a_minute_later(&app).await;
    assert_eq!(refresh(&app, &cookie).await.status, StatusCode::OK, "the cookie that the browser kept is good");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_that_cross_end_with_one_cookie() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (cookie, token) = app.sign_in(EMAIL).await;
    prove(&app, &token, &cookie).await;
    let (refreshed, (), page) =
        tokio::join!(refresh(&app, &cookie), prove(&app, &token, &cookie), app.get("/account", &cookie));
    let next = refreshed.cookie("__Host-refresh").unwrap();
    let last = page.cookie("__Host-refresh").unwrap();
    assert_eq!(next, last, "whichever comes last, the browser has the newest");
    a_minute_later(&app).await;
    assert_eq!(refresh(&app, &next).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_replaces_it_with_the_next_answer() {
    let app = TestApp::start().await;
    let (mut alice, _) = app.create_holder(EMAIL).await;
    let (cookie, _) = app.sign_in_fully(&mut alice, BROWSER).await;
    assert_eq!(app.get("/account", &cookie).await.cookie("__Host-refresh"), None, "a young one stays");
    app.forget_proofs().await;
    let asked = app.form_of("/account/email", "/rpc/change_email", "email=new%40example.com", &cookie).await;
    let ticket = asked.location().strip_prefix(CONFIRM).unwrap_or_else(|| panic!("{}", asked.location())).to_owned();
    let body = format!("act={ticket}&method=recovery_code&code={}", alice.recovery_code());
    let done = app.form_of(asked.location(), "/rpc/confirm_identity", &body, &cookie).await;
    let next = app.get(done.location(), &cookie).await.cookie("__Host-refresh").unwrap();
    assert_ne!(next, cookie);
    assert_eq!(app.get("/account", &next).await.cookie("__Host-refresh"), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_factor_the_password_is_asked_for_as_before() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (_, token) = app.sign_in(EMAIL).await;
    app.forget_proofs().await;
    let refused = post(&app, "/api/v1/me/deletion", &token, &json!({})).await;
    assert_refused(&refused, StatusCode::FORBIDDEN, "reauthentication_required");
    assert_eq!((&refused.value()["methods"], refused.header("www-authenticate")), (&json!(["password"]), ""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_risky_form_waits_for_the_code_and_goes_on_by_itself() {
    let app = TestApp::start().await;
    let (mut alice, _) = app.create_holder(EMAIL).await;
    let (cookie, _) = app.sign_in_fully(&mut alice, BROWSER).await;
    app.forget_proofs().await;
    let asked = app.form_of("/account/email", "/rpc/change_email", "email=new%40example.com", &cookie).await;
    let ticket = asked.location().strip_prefix(CONFIRM).unwrap_or_else(|| panic!("{}", asked.location())).to_owned();

    let page = app.get(asked.location(), &cookie).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.says("page.confirm_factor.how_totp") && page.says("page.confirm.act_change_email"), "{}", page.body);
    assert!(!page.body.contains("name=\"current_password\""), "the password would prove nothing");
    assert!(page.says("page.confirm_factor.way_recovery_code") && !page.says("page.confirm_factor.way_passkey"));
    let other = app.get(&format!("{CONFIRM}{ticket}&method=recovery_code"), &cookie).await;
    assert!(other.says("page.confirm_factor.how_recovery_code") && other.says("page.confirm_factor.way_totp"));
    let strange = app.get(&format!("{CONFIRM}{ticket}&method=passkey"), &cookie).await;
    assert!(strange.says("page.confirm_factor.how_totp"), "what the account does not have is not offered");

    let send = async |code: &str, method: &str| {
        let body = format!("act={ticket}&method={method}&code={code}");
        app.form_of(&format!("{CONFIRM}{ticket}"), "/rpc/confirm_identity", &body, &cookie).await
    };
    let refused = send(&alice.wrong_code(&app), "totp").await;
    let page = app.get(refused.location(), &cookie).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.location());
    assert!(page.says("page.confirm.act_change_email"), "the act goes on waiting");
    let done = send(&alice.recovery_code(), "recovery_code").await;
    assert_eq!(done.location(), "/account/email?note=asked");
    assert_eq!(app.get(&format!("{CONFIRM}{ticket}"), &cookie).await.status, StatusCode::GONE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_password_asks_for_the_factor_once_everything_else_is_right() {
    let app = TestApp::start().await;
    let (mut alice, _) = app.create_holder(EMAIL).await;
    let (cookie, _) = app.sign_in_fully(&mut alice, BROWSER).await;
    app.forget_proofs().await;
    let change = async |current: &str| {
        let body = format!("current_password={}&new_password=trombone+lamp+yes+please", current.replace(' ', "+"));
        app.form_of("/account/security", "/rpc/change_password", &body, &cookie).await
    };
    let wrong = change("not the password").await;
    assert!(wrong.location().starts_with("/account/security?__path="), "{}", wrong.location());
    let asked = change(PASSWORD).await;
    let ticket = asked.location().strip_prefix(CONFIRM).unwrap_or_else(|| panic!("{}", asked.location())).to_owned();
    assert!(app.get(asked.location(), &cookie).await.says("page.confirm_factor.act_change_password"));
    let body = format!("act={ticket}&method=recovery_code&code={}", alice.recovery_code());
    let done = app.form_of(asked.location(), "/rpc/confirm_identity", &body, &cookie).await;
    assert!(done.location().starts_with("/account/security?note=changed"), "{}", done.location());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_administration_asks_for_a_factor_that_the_session_has_not_proved() {
    let app = TestApp::start().await;
    let (mut ada, token) = app.create_holder(ADMIN).await;
    app.make_admin(ADMIN).await;
    let (cookie, _) = app.sign_in_fully(&mut ada, BROWSER).await;
    assert_eq!(app.get("/admin/users", &cookie).await.status, StatusCode::OK);
    app.execute("UPDATE sessions SET factor = '', factor_at = 0").await;

    let led = app.get("/admin/users", &cookie).await;
    assert_eq!((led.status, led.location()), (StatusCode::FOUND, "/account/confirm?next=/admin/users"));
    let page = app.get(led.location(), &cookie).await;
    assert!(page.status == StatusCode::OK && page.says("page.confirm_factor.how_totp"), "{}", page.body);
    let refused = app.bearer(Method::GET, "/api/v1/admin/users", &token).await;
    assert_ne!(refused.status, StatusCode::OK);

    for next in ["https://evil.example", "/dashboard", "/admin//evil.example"] {
        let body = format!("next={next}&method=recovery_code&code={}", ada.recovery_code());
        let answer = app.form_of("/account/confirm", "/rpc/confirm_identity", &body, &cookie).await;
        assert!(answer.location().starts_with("/account/confirm?__path="), "{next}: {}", answer.location());
    }
    let body = format!("next=/admin/users&method=recovery_code&code={}", ada.recovery_code());
    let done = app.form_of(led.location(), "/rpc/confirm_identity", &body, &cookie).await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/admin/users"));
    assert_eq!(app.get("/admin/users", &cookie).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_removes_somebodys_factors_on_their_page() {
    let app = TestApp::start().await;
    app.create_account(ADMIN).await;
    app.make_admin(ADMIN).await;
    app.create_holder(EMAIL).await;
    let (cookie, token) = app.sign_in(ADMIN).await;
    let users = app.bearer(Method::GET, &format!("/api/v1/admin/users?q={EMAIL}"), &token).await.value();
    let item = &users["items"][0];
    assert_eq!(item["factors"], json!(["totp"]));
    let (id, own) = (item["id"].as_str().unwrap(), app.bearer(Method::GET, "/api/v1/me", &token).await.value());
    let path = format!("/admin/users/{id}");
    let page = app.get(&path, &cookie).await;
    assert!(page.says("page.factors_named.totp") && page.says("page.admin_factors.action"), "{}", page.body);
    let own = app.get(&format!("/admin/users/{}", own["id"].as_str().unwrap()), &cookie).await;
    assert!(own.says("page.admin_factors.none") && !own.says("page.admin_factors.action"));

    app.forget_proofs().await;
    let rest = format!("/api/v1/admin/users/{id}/factors");
    let refused = app.bearer_body(Method::DELETE, &rest, &token, Body::empty()).await;
    assert_refused(&refused, StatusCode::FORBIDDEN, "reauthentication_required");
    let asked = app.form_of(&path, "/rpc/admin_reset_factors", &format!("user={id}"), &cookie).await;
    let ticket = asked.location().strip_prefix(CONFIRM).unwrap_or_else(|| panic!("{}", asked.location())).to_owned();
    let body = format!("act={ticket}&current_password={}", PASSWORD.replace(' ', "+"));
    let done = app.form_of(asked.location(), "/rpc/confirm_identity", &body, &cookie).await;
    assert_eq!(done.location(), format!("{path}?note=factors_reset"));
    let page = app.get(done.location(), &cookie).await;
    assert!(page.says("page.admin_factors.done") && page.says("page.admin_factors.none"));
    app.mail(EMAIL, "factors_reset").await;
    app.sign_in(EMAIL).await;
    assert_eq!(app.bearer(Method::DELETE, &rest, &token).await.status, StatusCode::NO_CONTENT, "again changes nothing");
}
