//! Every route, signed out and signed in: a page is private unless it is named public.

use crate::support::TestApp;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use leptos_axum::generate_route_list;

/// Pages behind a mailed link, or behind what waits in this browser: without it there is nothing to show.
const LINKED: [&str; 7] = [
    "/not-me",
    "/undo-email-change",
    "/keep-account",
    "/cancel-recovery",
    "/connect-account",
    "/finish-sign-up",
    "/sign-in/with/google/app",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signed_out_every_page_answers_as_its_list_says() {
    let app = TestApp::start().await;
    let pages = generate_route_list(app::App);
    assert!(pages.len() >= 17, "the pages were found");
    for page in pages {
        let path = page.path().replace("{id}", "01890a5d-ac96-774b-bcce-b302099a8057").replace("{provider}", "google");
        let answer = app.get(&path, "").await;
        if path == app::TWO_STEP {
            assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/sign-in"), "nothing waits");
        } else if LINKED.contains(&&*path) {
            assert_eq!(answer.status, StatusCode::GONE, "{path}");
        } else if app::is_public(&path) {
            assert_eq!(answer.status, StatusCode::OK, "{path}");
        } else {
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
            assert_eq!(answer.location(), format!("/sign-in?next={path}"));
            assert!(answer.body.is_empty(), "{path} shows nothing of itself");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signed_out_every_other_route_answers_as_expected() {
    let app = TestApp::start().await;
    for (method, path, status) in [
        (Method::GET, "/health/live", 200),
        (Method::GET, "/health/ready", 200),
        (Method::GET, "/.well-known/jwks.json", 200),
        (Method::GET, "/.well-known/change-password", 303),
        // By this address a password manager sees that the one above means something.
        (Method::GET, "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200", 404),
        (Method::GET, "/dev/inbox", 200),
        (Method::GET, "/dev/inbox.json", 200),
        (Method::GET, "/api/v1/openapi.json", 200),
        (Method::GET, "/api/docs", 200),
        (Method::GET, "/api/v1/me", 401),
        // This request is a form; what is no JSON is refused before anybody asks who sent it.
        (Method::PATCH, "/api/v1/me", 415),
        (Method::PUT, "/api/v1/me/avatar", 401),
        (Method::DELETE, "/api/v1/me/avatar", 401),
        (Method::GET, "/avatars/nothing", 404),
        (Method::GET, "/api/v1/sessions", 401),
        (Method::POST, "/api/v1/sessions/end-others", 401),
        (Method::DELETE, "/api/v1/sessions/01890a5d-ac96-774b-bcce-b302099a8057", 401),
        (Method::GET, "/api/v1/trusted-devices", 401),
        (Method::DELETE, "/api/v1/trusted-devices", 401),
        (Method::DELETE, "/api/v1/trusted-devices/01890a5d-ac96-774b-bcce-b302099a8057", 401),
        (Method::GET, "/api/v1/trusted-devices/01890a5d-ac96-774b-bcce-b302099a8057", 405),
        (Method::POST, "/api/v1/second-factor", 415),
        (Method::POST, "/api/v1/second-factor/send", 415),
        (Method::POST, "/api/v1/second-factor/passkey", 415),
        (Method::GET, "/api/v1/second-factor", 405),
        (Method::GET, "/api/v1/activity", 401),
        (Method::GET, "/api/v1/tokens", 401),
        (Method::POST, "/api/v1/tokens", 401),
        (Method::DELETE, "/api/v1/tokens", 401),
        (Method::DELETE, "/api/v1/tokens/01890a5d-ac96-774b-bcce-b302099a8057", 401),
        (Method::GET, "/api/v1/tokens/01890a5d-ac96-774b-bcce-b302099a8057", 405),
        (Method::POST, "/api/v1/factors/totp", 401),
        (Method::DELETE, "/api/v1/factors/totp", 401),
        (Method::POST, "/api/v1/factors/totp/confirm", 401),
        (Method::POST, "/api/v1/factors/recovery-codes", 401),
        (Method::GET, "/api/v1/factors/totp", 405),
        (Method::GET, "/api/v1/factors/totp/confirm?code=123456", 405),
        (Method::GET, "/api/v1/factors/recovery-codes", 405),
        (Method::GET, "/api/v1/passkeys", 401),
        (Method::POST, "/api/v1/passkeys", 401),
        (Method::POST, "/api/v1/passkeys/options", 401),
        (Method::DELETE, "/api/v1/passkeys/01890a5d-ac96-774b-bcce-b302099a8057", 401),
        (Method::PATCH, "/api/v1/passkeys/01890a5d-ac96-774b-bcce-b302099a8057", 401),
        (Method::GET, "/api/v1/passkeys/01890a5d-ac96-774b-bcce-b302099a8057", 405),
        // A question that asks for nothing but a passkey.
        (Method::POST, "/api/v1/sign-in/passkey/options", 200),
        (Method::POST, "/api/v1/sign-in/passkey", 415),
        (Method::POST, "/api/v1/sign-up/passkey/options", 415),
        (Method::POST, "/api/v1/sign-up/passkey", 415),
        (Method::GET, "/api/v1/sign-in/passkey", 405),
        (Method::GET, "/api/v1/providers", 200),
        (Method::POST, "/api/v1/providers/google/start", 415),
        (Method::GET, "/api/v1/providers/google/start", 405),
        (Method::POST, "/api/v1/providers/finish", 415),
        (Method::GET, "/api/v1/providers/finish?code=invented", 405),
        (Method::POST, "/api/v1/providers/sign-up", 415),
        (Method::GET, "/api/v1/connections", 401),
        (Method::POST, "/api/v1/connections", 401),
        (Method::DELETE, "/api/v1/connections/01890a5d-ac96-774b-bcce-b302099a8057", 401),
        (Method::GET, "/api/v1/connections/01890a5d-ac96-774b-bcce-b302099a8057", 405),
        (Method::POST, "/api/v1/refresh", 401),
        (Method::POST, "/api/v1/sign-out", 204),
        (Method::POST, "/api/v1/change-password", 401),
        (Method::POST, "/api/v1/reauthenticate", 401),
        (Method::POST, "/api/v1/reauthenticate/passkey", 401),
        (Method::POST, "/api/v1/reauthenticate/send", 401),
        (Method::GET, "/api/v1/me/email", 401),
        (Method::POST, "/api/v1/me/email", 401),
        (Method::DELETE, "/api/v1/me/email", 401),
        (Method::POST, "/api/v1/me/email/confirm", 401),
        (Method::POST, "/api/v1/factors/email-code", 401),
        (Method::DELETE, "/api/v1/factors/email-code", 401),
        (Method::GET, "/api/v1/factors/email-code", 405),
        (Method::POST, "/api/v1/factors/email-code/confirm", 401),
        (Method::POST, "/api/v1/factors/phone", 401),
        (Method::DELETE, "/api/v1/factors/phone", 401),
        (Method::GET, "/api/v1/factors/phone", 405),
        (Method::POST, "/api/v1/factors/phone/confirm", 401),
        (Method::GET, "/api/v1/me/export", 401),
        (Method::POST, "/api/v1/me/deletion", 401),
        (Method::DELETE, "/api/v1/me/deletion", 401),
        (Method::POST, "/api/v1/activity/01890a5d-ac96-774b-bcce-b302099a8057/not-me", 401),
        // These three work signed out, with JSON.
        (Method::POST, "/api/v1/not-me", 415),
        (Method::POST, "/api/v1/undo-email-change", 415),
        (Method::POST, "/api/v1/keep-account", 415),
        (Method::GET, "/api/v1/factors", 401),
        (Method::DELETE, "/api/v1/account-recovery", 401),
        (Method::POST, "/api/v1/account-recovery", 415),
        (Method::POST, "/api/v1/account-recovery/cancel", 415),
        (Method::POST, "/api/v1/account-recovery/complete", 415),
        (Method::GET, "/api/v1/account-recovery/cancel?token=invented", 405),
        (Method::GET, "/api/v1/account-recovery/complete?token=invented", 405),
        (Method::GET, "/api/v1/admin/users", 401),
        (Method::GET, "/api/v1/admin/users/01890a5d-ac96-774b-bcce-b302099a8057/sessions", 401),
        (Method::GET, "/api/v1/admin/sessions/01890a5d-ac96-774b-bcce-b302099a8057", 401),
        (Method::DELETE, "/api/v1/admin/sessions/01890a5d-ac96-774b-bcce-b302099a8057", 401),
        (Method::DELETE, "/api/v1/admin/users/01890a5d-ac96-774b-bcce-b302099a8057/factors", 401),
        (Method::GET, "/api/v1/admin/keys", 401),
        (Method::POST, "/api/v1/admin/keys/rotate", 401),
        (Method::POST, "/api/v1/admin/keys/invented/revoke", 401),
        (Method::GET, "/account/data/export?format=json", 303),
        (Method::GET, "/account/data/export", 422),
        (Method::POST, "/account/data/export?format=json", 405),
        (Method::GET, "/api/v1/sign-in", 405),
        (Method::GET, "/api/v1/reauthenticate", 405),
        (Method::GET, "/api/v1/reauthenticate/passkey", 405),
        (Method::GET, "/api/v1/reauthenticate/send", 405),
        (Method::GET, "/api/v1/me/email/confirm?token=invented", 405),
        (Method::GET, "/api/v1/me/deletion", 405),
        (Method::GET, "/api/v1/not-me?token=invented", 405),
        (Method::GET, "/api/v1/admin/keys/rotate", 405),
        (Method::GET, "/api/v1/admin/keys/invented/revoke", 405),
        (Method::GET, "/api/v1/admin", 404),
        (Method::GET, "/admin/nothing", 404),
        (Method::GET, "/api/v1/undo-email-change?token=invented", 405),
        (Method::GET, "/api/v1/keep-account?token=invented", 405),
        (Method::GET, "/api/v1/forgot-password?email=alice@example.com", 405),
        (Method::GET, "/api/v1/reset-password?token=invented", 405),
        (Method::GET, "/api/v1/nothing", 404),
        (Method::POST, "/rpc/me", 401),
        (Method::POST, "/rpc/change_name", 401),
        (Method::POST, "/rpc/change_password", 401),
        (Method::POST, "/rpc/change_time_zone", 401),
        (Method::POST, "/rpc/change_avatar", 401),
        (Method::GET, "/rpc/change_avatar", 405),
        (Method::POST, "/rpc/remove_avatar", 401),
        (Method::POST, "/rpc/end_session", 401),
        (Method::POST, "/rpc/end_other_sessions", 401),
        (Method::POST, "/rpc/revoke_trusted_device", 401),
        (Method::POST, "/rpc/revoke_all_trusted_devices", 401),
        (Method::POST, "/rpc/second_factor", 422),
        (Method::POST, "/rpc/send_second_factor_code", 422),
        (Method::POST, "/rpc/change_email", 401),
        (Method::POST, "/rpc/confirm_email_change", 401),
        (Method::POST, "/rpc/cancel_email_change", 401),
        (Method::POST, "/rpc/switch_on_email_codes", 401),
        (Method::POST, "/rpc/confirm_email_codes", 401),
        (Method::POST, "/rpc/switch_off_email_codes", 401),
        (Method::POST, "/rpc/request_phone", 401),
        (Method::POST, "/rpc/confirm_phone", 401),
        (Method::POST, "/rpc/resend_phone_code", 401),
        (Method::POST, "/rpc/cancel_phone", 401),
        (Method::POST, "/rpc/remove_phone", 401),
        (Method::POST, "/rpc/confirm_identity", 401),
        (Method::POST, "/rpc/send_confirm_code", 401),
        (Method::POST, "/rpc/export_data", 401),
        (Method::POST, "/rpc/delete_account", 401),
        (Method::POST, "/rpc/keep_account", 401),
        (Method::POST, "/rpc/prepare_passkey", 401),
        (Method::POST, "/rpc/add_passkey", 401),
        (Method::POST, "/rpc/rename_passkey", 401),
        (Method::POST, "/rpc/remove_passkey", 401),
        (Method::POST, "/rpc/decline_passkey", 401),
        (Method::POST, "/rpc/never_offer_passkey", 401),
        (Method::POST, "/rpc/passkey_sign_in", 422),
        (Method::POST, "/rpc/start_fedcm", 404),
        (Method::POST, "/rpc/fedcm_sign_in", 410),
        (Method::POST, "/rpc/passkey_sign_up", 422),
        (Method::POST, "/rpc/create_token", 401),
        (Method::POST, "/rpc/revoke_token", 401),
        (Method::POST, "/rpc/revoke_all_tokens", 401),
        (Method::POST, "/rpc/start_totp", 401),
        (Method::POST, "/rpc/confirm_totp", 401),
        (Method::POST, "/rpc/remove_totp", 401),
        (Method::POST, "/rpc/make_recovery_codes", 401),
        (Method::POST, "/rpc/recovery_codes_saved", 401),
        (Method::POST, "/account/recovery-codes/download", 303),
        // No provider is set.
        (Method::GET, "/sign-in/with/google", 404),
        (Method::GET, "/sign-in/with/google/callback?code=a&state=b", 404),
        (Method::GET, "/sign-in/with/google/app/continue?ticket=invented", 404),
        (Method::GET, "/sign-in/with/google/app/cancel?ticket=invented", 404),
        (Method::POST, "/sign-in/with/google/app/continue", 405),
        (Method::POST, "/sign-in/with/google/app/cancel", 405),
        (Method::POST, "/sign-in/with/google", 405),
        (Method::POST, "/sign-in/with/google/callback", 405),
        (Method::GET, "/account/connections/google/connect", 303),
        (Method::POST, "/account/connections/google/connect", 405),
        (Method::GET, "/account/recovery-codes/download", 405),
        (Method::POST, "/rpc/secure_account_by_event", 401),
        (Method::POST, "/rpc/admin_end_session", 401),
        (Method::POST, "/rpc/admin_reset_factors", 401),
        (Method::POST, "/rpc/rotate_keys", 401),
        (Method::POST, "/rpc/revoke_key", 401),
        (Method::POST, "/rpc/explain_sign_ins", 401),
        (Method::POST, "/rpc/secure_account", 422),
        (Method::POST, "/rpc/undo_email_change", 422),
        (Method::POST, "/rpc/keep_account_by_link", 422),
        (Method::POST, "/rpc/cancel_account_recovery", 401),
        (Method::POST, "/rpc/start_account_recovery", 410),
        (Method::POST, "/rpc/cancel_account_recovery_by_link", 422),
        (Method::POST, "/rpc/complete_account_recovery", 422),
        (Method::POST, "/rpc/nothing", 404),
        (Method::GET, "/nothing", 404),
        (Method::GET, "/dashboard/", 308),
        (Method::GET, "/pkg/../../Cargo.toml", 404),
        (Method::GET, "/pkg/nothing.js", 404),
    ] {
        let request = Request::builder()
            .method(method.clone())
            .uri(path)
            .header("content-type", "application/x-www-form-urlencoded");
        let answer = app.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status.as_u16(), status, "{method} {path}: {}", answer.body);
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn password_managers_find_the_page_that_changes_the_password() {
    let app = TestApp::start().await;
    let answer = app.get("/.well-known/change-password", "").await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/account/security"));
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signed_in_the_dashboard_is_rendered_with_the_name() {
    let app = TestApp::start().await;
    app.create_account("alice@example.com").await;
    let (cookie, _) = app.sign_in("alice@example.com").await;
    let page = app.get("/dashboard", &cookie).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Hello, Sam") && page.body.contains("alice@example.com"), "{}", page.body);
    assert_eq!(page.header("cache-control"), "no-store");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_script_call_without_a_bearer_token_is_nobodys() {
    let app = TestApp::start().await;
    app.create_account("alice@example.com").await;
    let (cookie, token) = app.sign_in("alice@example.com").await;
    let call = || {
        Request::post("/rpc/me")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
    };
    let with_cookie =
        app.send(call().header("cookie", &cookie).header("sec-fetch-mode", "cors").body(Body::empty()).unwrap()).await;
    assert_eq!((with_cookie.status, with_cookie.code().as_str()), (StatusCode::UNAUTHORIZED, "signed_out"));
    let with_token =
        app.send(call().header("authorization", format!("Bearer {token}")).body(Body::empty()).unwrap()).await;
    assert_eq!(with_token.status, StatusCode::OK, "{}", with_token.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_cookie_sent_twice_is_no_credential() {
    let app = TestApp::start().await;
    app.create_account("alice@example.com").await;
    let (cookie, _) = app.sign_in("alice@example.com").await;
    let twice = format!("{cookie}; __Host-refresh=other");
    assert_eq!(app.get("/dashboard", &twice).await.status, StatusCode::SEE_OTHER);
    let unprefixed = cookie.replace("__Host-", "");
    assert_eq!(app.get("/dashboard", &unprefixed).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_production_nothing_of_development_exists() {
    let key = "bXk0c2VjcmV0LWtleS1vZi0zMi1ieXRlcy1oZXJlISE=";
    let app = TestApp::start_toml(&format!(
        "mode = 'production'\npublic_url = 'https://id.example.com'\nmaster_key = '{key}'\nsmtp_url = 'smtp://localhost:1?tls=required'\nmail_from = 'Keywright <id@example.com>'"
    ))
    .await;
    for path in ["/dev/inbox", "/dev/inbox.json", "/api/v1/openapi.json", "/api/docs"] {
        assert_eq!(app.get(path, "").await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(app.get("/", "").await.header("strict-transport-security").contains("31536000"));
}
