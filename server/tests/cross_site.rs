//! Each form and call, from our own pages and from another site.

use crate::support::TestApp;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};

const FORMS: [&str; 74] = [
    "/rpc/sign_up",
    "/rpc/sign_in",
    "/rpc/second_factor",
    "/rpc/send_second_factor_code",
    "/rpc/sign_out",
    "/rpc/connect_pending",
    "/rpc/disconnect_provider",
    "/rpc/federated_sign_up",
    "/rpc/forget_pending_connection",
    "/rpc/verify_link",
    "/rpc/verify_code",
    "/rpc/resend_verification",
    "/rpc/forgot_password",
    "/rpc/reset_by_link",
    "/rpc/reset_by_code",
    "/rpc/choose_locale",
    "/rpc/choose_theme",
    "/rpc/me",
    "/rpc/change_name",
    "/rpc/change_password",
    "/rpc/change_time_zone",
    "/rpc/change_avatar",
    "/rpc/remove_avatar",
    "/rpc/end_session",
    "/rpc/end_other_sessions",
    "/rpc/revoke_trusted_device",
    "/rpc/revoke_all_trusted_devices",
    "/rpc/change_email",
    "/rpc/confirm_email_change",
    "/rpc/cancel_email_change",
    "/rpc/switch_on_email_codes",
    "/rpc/confirm_email_codes",
    "/rpc/switch_off_email_codes",
    "/rpc/request_phone",
    "/rpc/confirm_phone",
    "/rpc/resend_phone_code",
    "/rpc/cancel_phone",
    "/rpc/remove_phone",
    "/rpc/confirm_identity",
    "/rpc/send_confirm_code",
    "/rpc/export_data",
    "/rpc/delete_account",
    "/rpc/keep_account",
    "/rpc/secure_account",
    "/rpc/secure_account_by_event",
    "/rpc/undo_email_change",
    "/rpc/keep_account_by_link",
    "/rpc/prepare_passkey",
    "/rpc/add_passkey",
    "/rpc/rename_passkey",
    "/rpc/remove_passkey",
    "/rpc/passkey_sign_in",
    "/rpc/start_fedcm",
    "/rpc/fedcm_sign_in",
    "/rpc/passkey_sign_up",
    "/rpc/decline_passkey",
    "/rpc/never_offer_passkey",
    "/rpc/start_account_recovery",
    "/rpc/cancel_account_recovery",
    "/rpc/cancel_account_recovery_by_link",
    "/rpc/complete_account_recovery",
    "/rpc/create_token",
    "/rpc/revoke_token",
    "/rpc/revoke_all_tokens",
    "/rpc/start_totp",
    "/rpc/confirm_totp",
    "/rpc/remove_totp",
    "/rpc/make_recovery_codes",
    "/rpc/recovery_codes_saved",
    "/rpc/admin_end_session",
    "/rpc/admin_reset_factors",
    "/rpc/rotate_keys",
    "/rpc/revoke_key",
    "/rpc/explain_sign_ins",
];
const CALLS: [&str; 32] = [
    "/api/v1/sign-up",
    "/api/v1/verify-email",
    "/api/v1/sign-in",
    "/api/v1/second-factor",
    "/api/v1/second-factor/send",
    "/api/v1/second-factor/passkey",
    "/api/v1/sign-in/passkey/options",
    "/api/v1/sign-in/passkey",
    "/api/v1/sign-up/passkey/options",
    "/api/v1/sign-up/passkey",
    "/api/v1/providers/google/start",
    "/api/v1/providers/finish",
    "/api/v1/providers/sign-up",
    "/api/v1/refresh",
    "/api/v1/sign-out",
    "/api/v1/forgot-password",
    "/api/v1/reset-password",
    "/api/v1/change-password",
    "/api/v1/reauthenticate",
    "/api/v1/reauthenticate/passkey",
    "/api/v1/reauthenticate/send",
    "/api/v1/me/email",
    "/api/v1/me/email/confirm",
    "/api/v1/factors/email-code/confirm",
    "/api/v1/factors/phone",
    "/api/v1/factors/phone/confirm",
    "/api/v1/undo-email-change",
    "/api/v1/not-me",
    "/api/v1/keep-account",
    "/api/v1/account-recovery",
    "/api/v1/account-recovery/cancel",
    "/api/v1/account-recovery/complete",
];
/// Calls of somebody signed in, by any method that changes something.
const CHANGES: [(Method, &str); 32] = [
    (Method::PATCH, "/api/v1/me"),
    (Method::PUT, "/api/v1/me/avatar"),
    (Method::DELETE, "/api/v1/me/avatar"),
    (Method::POST, "/api/v1/sessions/end-others"),
    (Method::DELETE, "/api/v1/sessions/01890a5d-ac96-774b-bcce-b302099a8057"),
    (Method::DELETE, "/api/v1/trusted-devices"),
    (Method::DELETE, "/api/v1/trusted-devices/01890a5d-ac96-774b-bcce-b302099a8057"),
    (Method::DELETE, "/api/v1/me/email"),
    (Method::POST, "/api/v1/factors/email-code"),
    (Method::DELETE, "/api/v1/factors/email-code"),
    (Method::DELETE, "/api/v1/factors/phone"),
    (Method::POST, "/api/v1/me/deletion"),
    (Method::DELETE, "/api/v1/me/deletion"),
    (Method::POST, "/api/v1/activity/01890a5d-ac96-774b-bcce-b302099a8057/not-me"),
    (Method::DELETE, "/api/v1/account-recovery"),
    (Method::POST, "/api/v1/tokens"),
    (Method::DELETE, "/api/v1/tokens"),
    (Method::DELETE, "/api/v1/tokens/01890a5d-ac96-774b-bcce-b302099a8057"),
    (Method::POST, "/api/v1/factors/totp"),
    (Method::DELETE, "/api/v1/factors/totp"),
    (Method::POST, "/api/v1/factors/totp/confirm"),
    (Method::POST, "/api/v1/factors/recovery-codes"),
    (Method::POST, "/api/v1/passkeys/options"),
    (Method::POST, "/api/v1/passkeys"),
    (Method::PATCH, "/api/v1/passkeys/01890a5d-ac96-774b-bcce-b302099a8057"),
    (Method::DELETE, "/api/v1/passkeys/01890a5d-ac96-774b-bcce-b302099a8057"),
    (Method::POST, "/api/v1/connections"),
    (Method::DELETE, "/api/v1/connections/01890a5d-ac96-774b-bcce-b302099a8057"),
    (Method::DELETE, "/api/v1/admin/sessions/01890a5d-ac96-774b-bcce-b302099a8057"),
    (Method::DELETE, "/api/v1/admin/users/01890a5d-ac96-774b-bcce-b302099a8057/factors"),
    (Method::POST, "/api/v1/admin/keys/rotate"),
    (Method::POST, "/api/v1/admin/keys/invented/revoke"),
];

async fn post(app: &TestApp, path: &str, headers: &[(&str, &str)]) -> crate::support::Answer {
    let kind = if path.starts_with("/rpc") { "application/x-www-form-urlencoded" } else { "application/json" };
    let mut request = Request::post(path).header("content-type", kind).header("accept", "text/html");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_accepted_from_another_site() {
    let app = TestApp::start().await;
    for path in FORMS.iter().chain(&CALLS) {
        for headers in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "cross-site"), ("origin", "http://localhost:3000")],
            &[("origin", "https://evil.example")],
            &[("origin", "null")],
            &[("cookie", "__Host-refresh=x")],
        ] {
            let answer = post(&app, path, headers).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {headers:?}");
            assert_eq!(answer.code(), "cross_site");
            assert!(answer.cookie("__Host-refresh").is_none());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_method_is_a_way_around() {
    let app = TestApp::start().await;
    for (method, path) in CHANGES {
        for (name, value, refused) in [
            ("sec-fetch-site", "cross-site", true),
            ("origin", "https://evil.example", true),
            ("cookie", "__Host-refresh=x", true),
            ("sec-fetch-site", "same-origin", false),
        ] {
            let request = Request::builder()
                .method(method.clone())
                .uri(path)
                .header("content-type", "application/json")
                .header(name, value);
            let answer = app.send(request.body("{}".into()).unwrap()).await;
            let expected = if refused { StatusCode::FORBIDDEN } else { StatusCode::UNAUTHORIZED };
            assert_eq!(answer.status, expected, "{method} {path} {name}: {value}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn our_own_pages_are_heard() {
    let app = TestApp::start().await;
    for path in FORMS.iter().chain(&CALLS) {
        for headers in [
            &[("sec-fetch-site", "same-origin")][..],
            &[("sec-fetch-site", "none")],
            &[("origin", "http://localhost:3000")],
        ] {
            let answer = post(&app, path, headers).await;
            assert_ne!(answer.status, StatusCode::FORBIDDEN, "{path} {headers:?}");
            assert!(!answer.status.is_server_error(), "{path}: {}", answer.body);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_post_is_answered_by_303() {
    let app = TestApp::start().await;
    for path in FORMS {
        let answer = app.form(path, "", "").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_get_changes_nothing() {
    let app = TestApp::start().await;
    for path in FORMS {
        let answer = app.get(path, "").await;
        assert!(answer.status.is_client_error(), "{path} {}", answer.status);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_other_origin_may_read_answers() {
    let app = TestApp::start().await;
    for origin in ["https://evil.example", "null", "http://localhost:3000.evil.example"] {
        let request = Request::get("/api/v1/me").header("origin", origin).body(Body::empty()).unwrap();
        let answer = app.send(request).await;
        assert!(!answer.headers.contains_key("access-control-allow-origin"), "{origin}");
    }
}
