//! Every route, signed out and signed in: a page is private unless it is named public.

mod forms;

use crate::support::TestApp;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use server::router::page_paths;

/// Pages behind a mailed link, or behind what waits in this browser: without it there is nothing to show.
const LINKED: [&str; 8] = [
    "/not-me",
    "/undo-email-change",
    "/keep-account",
    "/cancel-recovery",
    "/connect-account",
    "/finish-sign-up",
    "/setup",
    "/sign-in/with/google/app",
];

/// For each `{id}` of a path.
const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signed_out_every_page_answers_as_its_list_says() {
    let app = TestApp::start().await;
    assert!(page_paths().count() >= 17, "the pages were found");
    for page in page_paths() {
        let path = page.replace("{id}", ID).replace("{provider}", "google").replace("{slug}", "acme");
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
        (Method::GET, "/organization-logos/nothing", 404),
        (Method::GET, "/api/v1/sessions", 401),
        (Method::POST, "/api/v1/sessions/end-others", 401),
        (Method::DELETE, "/api/v1/sessions/{id}", 401),
        (Method::GET, "/api/v1/trusted-devices", 401),
        (Method::DELETE, "/api/v1/trusted-devices", 401),
        (Method::DELETE, "/api/v1/trusted-devices/{id}", 401),
        (Method::GET, "/api/v1/trusted-devices/{id}", 405),
        (Method::POST, "/api/v1/second-factor", 415),
        (Method::POST, "/api/v1/second-factor/send", 415),
        (Method::POST, "/api/v1/second-factor/passkey", 415),
        (Method::GET, "/api/v1/second-factor", 405),
        (Method::GET, "/api/v1/activity", 401),
        (Method::GET, "/api/v1/tokens", 401),
        (Method::POST, "/api/v1/tokens", 401),
        (Method::DELETE, "/api/v1/tokens", 401),
        (Method::DELETE, "/api/v1/tokens/{id}", 401),
        (Method::GET, "/api/v1/tokens/{id}", 405),
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
        (Method::DELETE, "/api/v1/passkeys/{id}", 401),
        (Method::PATCH, "/api/v1/passkeys/{id}", 401),
        (Method::GET, "/api/v1/passkeys/{id}", 405),
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
        (Method::DELETE, "/api/v1/connections/{id}", 401),
        (Method::GET, "/api/v1/connections/{id}", 405),
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
        (Method::POST, "/api/v1/activity/{id}/not-me", 401),
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
        (Method::GET, "/api/v1/organizations", 401),
        (Method::POST, "/api/v1/organizations", 401),
        (Method::GET, "/api/v1/organizations/{id}", 401),
        (Method::PATCH, "/api/v1/organizations/{id}", 401),
        (Method::DELETE, "/api/v1/organizations/{id}", 401),
        (Method::PUT, "/api/v1/organizations/{id}", 405),
        (Method::POST, "/api/v1/organizations/{id}/keep", 401),
        (Method::GET, "/api/v1/organizations/{id}/keep", 405),
        (Method::PUT, "/api/v1/organizations/{id}/logo", 401),
        (Method::DELETE, "/api/v1/organizations/{id}/logo", 401),
        (Method::GET, "/api/v1/organizations/{id}/members", 401),
        (Method::PATCH, "/api/v1/organizations/{id}/members/{id}", 401),
        (Method::DELETE, "/api/v1/organizations/{id}/members/{id}", 401),
        (Method::POST, "/api/v1/organizations/{id}/leave", 401),
        (Method::GET, "/api/v1/organizations/{id}/leave", 405),
        (Method::POST, "/api/v1/organizations/{id}/transfer", 401),
        (Method::GET, "/api/v1/organizations/{id}/transfer", 405),
        (Method::GET, "/api/v1/organizations/{id}/roles", 401),
        (Method::POST, "/api/v1/organizations/{id}/roles", 401),
        (Method::PATCH, "/api/v1/organizations/{id}/roles/{id}", 401),
        (Method::DELETE, "/api/v1/organizations/{id}/roles/{id}", 401),
        (Method::PUT, "/api/v1/me/organization", 401),
        (Method::GET, "/api/v1/me/organization", 405),
        (Method::GET, "/api/v1/admin/users", 401),
        (Method::GET, "/api/v1/admin/users/export", 401),
        (Method::POST, "/api/v1/admin/users/bulk/preview", 401),
        (Method::POST, "/api/v1/admin/users/bulk", 401),
        (Method::GET, "/api/v1/admin/users/bulk", 405),
        (Method::GET, "/api/v1/admin/users/{id}", 401),
        (Method::POST, "/api/v1/admin/users/{id}/suspend", 401),
        (Method::GET, "/api/v1/admin/users/{id}/suspend", 405),
        (Method::POST, "/api/v1/admin/users/{id}/unsuspend", 401),
        (Method::POST, "/api/v1/admin/users/{id}/reset", 401),
        (Method::GET, "/api/v1/admin/users/{id}/reset", 405),
        (Method::PUT, "/api/v1/admin/users/{id}/role", 401),
        (Method::POST, "/api/v1/admin/users/{id}/impersonate", 401),
        (Method::GET, "/api/v1/admin/users/{id}/impersonate", 405),
        (Method::DELETE, "/api/v1/admin/impersonation", 401),
        (Method::DELETE, "/api/v1/admin/users/{id}/sessions", 401),
        (Method::DELETE, "/api/v1/admin/users/{id}/factors/totp", 401),
        (Method::GET, "/admin/users/export", 303),
        (Method::POST, "/admin/users/export", 405),
        (Method::GET, "/api/v1/admin/users/{id}/sessions", 401),
        (Method::GET, "/api/v1/admin/sessions/{id}", 401),
        (Method::DELETE, "/api/v1/admin/sessions/{id}", 401),
        (Method::DELETE, "/api/v1/admin/users/{id}/factors", 401),
        (Method::GET, "/api/v1/admin/keys", 401),
        (Method::POST, "/api/v1/admin/keys/rotate", 401),
        (Method::POST, "/api/v1/admin/keys/invented/revoke", 401),
        (Method::GET, "/api/v1/organizations/{id}/invitations", 401),
        (Method::POST, "/api/v1/organizations/{id}/invitations", 401),
        (Method::DELETE, "/api/v1/organizations/{id}/invitations/{id}", 401),
        (Method::GET, "/api/v1/organizations/{id}/invitations/{id}", 405),
        (Method::POST, "/api/v1/organizations/{id}/invitations/{id}/resend", 401),
        (Method::GET, "/api/v1/organizations/{id}/invitations/{id}/resend", 405),
        // These two work signed out, with JSON.
        (Method::POST, "/api/v1/invitations/show", 415),
        (Method::POST, "/api/v1/invitations/decline", 415),
        (Method::POST, "/api/v1/invitations/accept", 401),
        (Method::GET, "/api/v1/invitations/show?token=invented", 405),
        (Method::GET, "/api/v1/invitations/accept?token=invented", 405),
        (Method::GET, "/api/v1/invitations/decline?token=invented", 405),
        (Method::GET, "/api/v1/organizations/{id}/domains", 401),
        (Method::POST, "/api/v1/organizations/{id}/domains", 401),
        (Method::PATCH, "/api/v1/organizations/{id}/domains/{id}", 401),
        (Method::DELETE, "/api/v1/organizations/{id}/domains/{id}", 401),
        (Method::POST, "/api/v1/organizations/{id}/domains/{id}/check", 401),
        (Method::GET, "/api/v1/organizations/{id}/domains/{id}/check", 405),
        (Method::GET, "/api/v1/organizations/{id}/second-factor", 401),
        (Method::PUT, "/api/v1/organizations/{id}/second-factor", 401),
        (Method::GET, "/api/v1/admin/webhooks", 401),
        (Method::POST, "/api/v1/admin/webhooks", 401),
        (Method::GET, "/api/v1/admin/webhooks/{id}", 401),
        (Method::PATCH, "/api/v1/admin/webhooks/{id}", 401),
        (Method::DELETE, "/api/v1/admin/webhooks/{id}", 401),
        (Method::POST, "/api/v1/admin/webhooks/{id}/rotate-secret", 401),
        (Method::POST, "/api/v1/admin/webhooks/{id}/test", 401),
        (Method::GET, "/api/v1/admin/webhooks/{id}/deliveries", 401),
        (Method::GET, "/api/v1/admin/webhooks/{id}/deliveries/{id}", 401),
        (Method::POST, "/api/v1/admin/webhooks/{id}/deliveries/{id}/replay", 401),
        (Method::GET, "/api/v1/admin/mails", 401),
        (Method::POST, "/api/v1/admin/mails/{id}/resend", 401),
        (Method::DELETE, "/api/v1/admin/mails/{id}", 401),
        (Method::GET, "/api/v1/organizations/{id}/webhooks", 401),
        (Method::POST, "/api/v1/organizations/{id}/webhooks", 401),
        (Method::GET, "/api/v1/organizations/{id}/webhooks/{id}", 401),
        (Method::PATCH, "/api/v1/organizations/{id}/webhooks/{id}", 401),
        (Method::DELETE, "/api/v1/organizations/{id}/webhooks/{id}", 401),
        (Method::POST, "/api/v1/organizations/{id}/webhooks/{id}/rotate-secret", 401),
        (Method::POST, "/api/v1/organizations/{id}/webhooks/{id}/test", 401),
        (Method::GET, "/api/v1/organizations/{id}/webhooks/{id}/deliveries", 401),
        (Method::GET, "/api/v1/organizations/{id}/webhooks/{id}/deliveries/{id}", 401),
        (Method::POST, "/api/v1/organizations/{id}/webhooks/{id}/deliveries/{id}/replay", 401),
        (Method::GET, "/api/v1/organizations/{id}/documents", 401),
        (Method::POST, "/api/v1/organizations/{id}/documents", 401),
        (Method::DELETE, "/api/v1/organizations/{id}/documents", 405),
        (Method::GET, "/api/v1/organizations/{id}/documents/{id}", 401),
        (Method::PATCH, "/api/v1/organizations/{id}/documents/{id}", 401),
        (Method::DELETE, "/api/v1/organizations/{id}/documents/{id}", 401),
        (Method::PUT, "/api/v1/organizations/{id}/documents/{id}/state", 401),
        (Method::GET, "/api/v1/organizations/{id}/documents/{id}/state", 405),
        (Method::PUT, "/api/v1/organizations/{id}/documents/{id}/sensitivity", 401),
        (Method::PUT, "/api/v1/organizations/{id}/documents/{id}/owner", 401),
        (Method::GET, "/api/v1/admin/organizations", 401),
        (Method::GET, "/api/v1/admin/organizations/{id}", 401),
        (Method::GET, "/api/v1/admin/organizations/{id}/members", 401),
        (Method::POST, "/api/v1/admin/organizations/{id}/close", 401),
        (Method::POST, "/api/v1/admin/organizations/{id}/reopen", 401),
        (Method::GET, "/api/v1/admin/settings", 401),
        (Method::GET, "/api/v1/admin/health", 401),
        (Method::GET, "/api/v1/admin/statistics", 401),
        (Method::POST, "/api/v1/setup", 401),
        (Method::GET, "/api/v1/setup?token=invented", 405),
        (Method::POST, "/api/v1/authorize", 401),
        (Method::GET, "/api/v1/authorize", 405),
        (Method::GET, "/api/v1/admin/policies", 401),
        (Method::POST, "/api/v1/admin/policies", 401),
        (Method::GET, "/api/v1/admin/policies/1", 401),
        (Method::POST, "/api/v1/admin/policies/1/activate", 401),
        (Method::GET, "/api/v1/admin/policies/1/activate", 405),
        (Method::GET, "/api/v1/admin/policies/cases", 401),
        (Method::POST, "/api/v1/admin/policies/cases", 401),
        (Method::DELETE, "/api/v1/admin/policies/cases/{id}", 401),
        (Method::GET, "/api/v1/admin/policies/cases/{id}", 405),
        (Method::POST, "/api/v1/admin/policies/cases/run", 401),
        (Method::POST, "/api/v1/admin/policies/explain", 401),
        (Method::GET, "/api/v1/admin/policies/matrix", 401),
        (Method::GET, "/api/v1/admin/audit", 401),
        (Method::POST, "/api/v1/admin/audit", 405),
        (Method::DELETE, "/api/v1/admin/audit", 405),
        (Method::GET, "/api/v1/admin/audit/state", 401),
        (Method::GET, "/api/v1/admin/audit/export?format=csv", 401),
        (Method::GET, "/api/v1/organizations/{id}/audit", 401),
        (Method::DELETE, "/api/v1/organizations/{id}/audit", 405),
        (Method::GET, "/api/v1/organizations/{id}/audit/export?format=csv", 401),
        (Method::GET, "/admin/audit/export?format=csv", 303),
        (Method::POST, "/admin/audit/export?format=csv", 405),
        (Method::GET, "/orgs/acme/audit/export?format=csv", 303),
        (Method::POST, "/orgs/acme/audit/export?format=csv", 405),
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
        (Method::GET, "/setup?token=invented", 410),
        (Method::GET, "/nothing", 404),
        (Method::GET, "/dashboard/", 308),
        (Method::GET, "/pkg/../../Cargo.toml", 404),
        (Method::GET, "/pkg/nothing.js", 404),
    ]
    .into_iter()
    .chain(forms::FORMS.iter().cloned())
    {
        let path = path.replace("{id}", ID);
        let request = Request::builder()
            .method(method.clone())
            .uri(&path)
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
