//! Every route, for somebody who owes a second factor: closed, but for the way to one, the way out and what they may
//! read of themselves.

use crate::support::{Answer, TestApp};
use app::page::SECOND_FACTOR_REQUIRED;
use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::json;
use server::router::page_paths;

const EMAIL: &str = "alice@example.com";
const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
const AT_ONCE: &str = "second_factor = 'everyone'\nsecond_factor_grace_days = 0\n";

const OPEN_PAGES: [&str; 6] = [
    SECOND_FACTOR_REQUIRED,
    "/account/authenticator",
    "/account/passkeys",
    "/account/codes",
    "/account/recovery-codes",
    "/account/confirm",
];
const OPEN_CALLS: [(&str, &str); 21] = [
    ("get", "/api/v1/me"),
    ("get", "/api/v1/sessions"),
    ("get", "/api/v1/activity"),
    ("get", "/api/v1/factors"),
    ("get", "/api/v1/passkeys"),
    ("post", "/api/v1/refresh"),
    ("post", "/api/v1/sign-out"),
    ("delete", "/api/v1/admin/impersonation"),
    ("post", "/api/v1/reauthenticate"),
    ("post", "/api/v1/reauthenticate/passkey"),
    ("post", "/api/v1/reauthenticate/send"),
    ("post", "/api/v1/factors/totp"),
    ("post", "/api/v1/factors/totp/confirm"),
    ("post", "/api/v1/factors/recovery-codes"),
    ("post", "/api/v1/factors/email-code"),
    ("post", "/api/v1/factors/email-code/confirm"),
    ("post", "/api/v1/factors/phone"),
    ("post", "/api/v1/factors/phone/confirm"),
    ("post", "/api/v1/passkeys/options"),
    ("post", "/api/v1/passkeys"),
    // Who leaves an organization that demands a factor owes it none.
    ("post", "/api/v1/organizations/{organization}/leave"),
];
/// Forms that stay open: they sign out, choose a language, prove, set up a factor, or work signed out as well.
const OPEN_FORMS: [&str; 50] = [
    "add_passkey",
    "cancel_account_recovery_by_link",
    "cancel_phone",
    "choose_locale",
    "choose_theme",
    "complete_account_recovery",
    "complete_setup",
    "confirm_email_codes",
    "confirm_identity",
    "confirm_phone",
    "confirm_totp",
    "decline_invitation",
    "end_impersonation",
    "federated_sign_up",
    "forget_pending_connection",
    "forget_setup",
    "fedcm_sign_in",
    "forgot_password",
    "keep_account_by_link",
    "keep_invitation",
    "make_recovery_codes",
    "me",
    "passkey_sign_in",
    "passkey_sign_up",
    "prepare_passkey",
    "recovery_codes_saved",
    "remove_passkey",
    "remove_phone",
    "remove_totp",
    "rename_passkey",
    "request_phone",
    "resend_phone_code",
    "resend_verification",
    "reset_by_code",
    "reset_by_link",
    "second_factor",
    "secure_account",
    "send_confirm_code",
    "send_second_factor_code",
    "sign_in",
    "sign_out",
    "sign_up",
    "start_account_recovery",
    "start_fedcm",
    "start_totp",
    "switch_off_email_codes",
    "switch_on_email_codes",
    "undo_email_change",
    "verify_code",
    "verify_link",
];

async fn start() -> (TestApp, String, String) {
    let app = TestApp::start_with(AT_ONCE).await;
    app.create_account(EMAIL).await;
    let (cookie, token) = app.sign_in(EMAIL).await;
    (app, cookie, token)
}

fn is_refused(answer: &Answer) -> bool {
    answer.status == StatusCode::FORBIDDEN && answer.code() == "second_factor_required"
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_leads_to_the_one_that_explains() {
    let (app, cookie, _) = start().await;
    let (mut closed, mut open) = (0, 0);
    for page in page_paths() {
        let path = page.replace("{id}", ID).replace("{provider}", "google").replace("{slug}", "acme");
        let answer = app.get(&path, &cookie).await;
        if app::is_public(&path) || OPEN_PAGES.contains(&&*path) {
            assert_ne!(answer.location(), SECOND_FACTOR_REQUIRED, "{path}");
            open += 1;
        } else {
            assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, SECOND_FACTOR_REQUIRED), "{path}");
            assert!(answer.body.is_empty(), "{path} shows nothing of itself");
            closed += 1;
        }
    }
    assert!(closed >= 15 && open >= 12, "the pages were found: {closed}, {open}");
    for path in [
        "/account/data/export?format=json",
        "/admin/audit/export?format=csv",
        "/orgs/acme/audit/export?format=csv",
        "/account/connections/google/connect",
        "/nothing",
    ] {
        assert_eq!(app.get(path, &cookie).await.location(), SECOND_FACTOR_REQUIRED, "{path}");
    }
    let page = app.get(SECOND_FACTOR_REQUIRED, &cookie).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.says("page.factor_required.title") && page.says("page.factor_required.purpose_over"));
    for way in ["/account/passkeys", "/account/authenticator", "/account/codes"] {
        assert!(page.body.contains(&format!("href=\"{way}\"")), "{way}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_call_is_refused_but_for_the_list() {
    let (app, _, token) = start().await;
    let document = app.get("/api/v1/openapi.json", "").await.value();
    let (mut closed, mut open) = (0, 0);
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let is_open = OPEN_CALLS.contains(&(method.as_str(), path.as_str()));
            // They end the session or replace its token, and are open.
            if is_open && ["/api/v1/refresh", "/api/v1/sign-out"].contains(&path.as_str()) {
                continue;
            }
            let of = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let answer =
                app.bearer_body(of, &path.replace("{id}", ID).replace("{factor}", "totp"), &token, "{}".into()).await;
            assert_eq!(is_refused(&answer), !is_open, "{method} {path}: {} {}", answer.status, answer.body);
            if is_open { open += 1 } else { closed += 1 }
        }
    }
    assert!(closed >= 30 && open >= 6, "the calls were found: {closed}, {open}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_form_is_refused_but_for_the_list() {
    let (app, cookie, token) = start().await;
    let mut closed = 0;
    let mut forms: Vec<String> = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned()).collect();
    forms.push(app::page::CHANGE_AVATAR.to_owned());
    forms.push(app::page::CHANGE_LOGO.to_owned());
    for path in forms {
        let name = path.trim_start_matches("/rpc/");
        if OPEN_FORMS.contains(&name) {
            continue;
        }
        let posted = app.form(&path, "", &cookie).await;
        assert_eq!((posted.status, posted.location()), (StatusCode::SEE_OTHER, SECOND_FACTOR_REQUIRED), "{path}");
        let call = axum::http::Request::post(&*path)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "application/json")
            .header("authorization", format!("Bearer {token}"));
        assert!(is_refused(&app.send(call.body(Body::empty()).unwrap()).await), "{path}");
        closed += 1;
    }
    assert!(closed >= 20, "the forms were found: {closed}");
    assert_eq!(app.form("/rpc/sign_out", "", &cookie).await.status, StatusCode::SEE_OTHER);
    assert_eq!(
        app.get(SECOND_FACTOR_REQUIRED, &cookie).await.location(),
        format!("/sign-in?next={SECOND_FACTOR_REQUIRED}")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_the_first_factor_every_door_is_open_again() {
    let (app, cookie, token) = start().await;
    let me = app.bearer(Method::GET, "/api/v1/me", &token).await.value();
    assert!(me["second_factor_due"].is_i64(), "{me}");
    app.add_app(EMAIL, &token).await;
    assert_eq!(app.bearer(Method::GET, "/api/v1/tokens", &token).await.status, StatusCode::OK, "with the same token");
    assert_eq!(app.get("/dashboard", &cookie).await.status, StatusCode::OK);
    let me = app.bearer(Method::GET, "/api/v1/me", &token).await.value();
    assert!(me["second_factor_due"].is_null(), "{me}");
    let page = app.get(SECOND_FACTOR_REQUIRED, &cookie).await;
    assert!(page.status == StatusCode::OK && page.says("page.factor_required.met"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn programs_of_who_owes_a_factor_may_read_and_nothing_else() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (_, token) = app.sign_in(EMAIL).await;
    let program = app.personal_token(&token).await;
    let rename = || app.bearer_body(Method::PATCH, "/api/v1/me", &program, json!({"name": "Alice"}).to_string().into());
    assert_eq!(rename().await.status, StatusCode::OK);
    app.make_admin(EMAIL).await;
    assert_eq!(rename().await.status, StatusCode::OK, "within the grace");
    app.execute("UPDATE users SET factor_required_from = 1").await;
    assert!(is_refused(&rename().await));
    assert_eq!(app.bearer(Method::GET, "/api/v1/me", &program).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn within_the_grace_a_banner_says_how_long_it_lasts() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    let (cookie, _) = app.sign_in(EMAIL).await;
    assert!(!app.get("/dashboard", &cookie).await.says("page.factor_required.banner_link"));
    app.make_admin(EMAIL).await;
    for path in ["/dashboard", "/account", "/admin", "/admin/users"] {
        let page = app.get(path, &cookie).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(page.says("page.factor_required.banner_link") && page.body.contains("within 7 days"), "{path}");
        assert!(page.body.contains(&format!("href=\"{SECOND_FACTOR_REQUIRED}\"")), "{path}");
    }
    let page = app.get(SECOND_FACTOR_REQUIRED, &cookie).await;
    assert!(page.says("page.factor_required.purpose_soon") && !page.says("page.factor_required.banner_link"));
    app.execute("UPDATE users SET factor_required_from = 1").await;
    assert_eq!(app.get("/admin", &cookie).await.location(), SECOND_FACTOR_REQUIRED);
}
