//! Each form and call, from our own pages and from another site.

use crate::support::TestApp;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};

/// Server functions, and the forms that carry a picture. [`crate::every_unsafe_route`] compares each list with the router.
pub const FORMS: [&str; 135] = [
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
    "/rpc/is_verified",
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
    "/rpc/admin_end_sessions",
    "/rpc/admin_remove_factor",
    "/rpc/admin_send_reset",
    "/rpc/admin_set_role",
    "/rpc/act_on_users",
    "/rpc/suspend_user",
    "/rpc/unsuspend_user",
    "/rpc/start_impersonation",
    "/rpc/end_impersonation",
    "/rpc/rotate_keys",
    "/rpc/revoke_key",
    "/rpc/admin_resend_mail",
    "/rpc/admin_drop_mail",
    "/rpc/create_webhook",
    "/rpc/change_webhook",
    "/rpc/switch_webhook",
    "/rpc/rotate_webhook_secret",
    "/rpc/remove_webhook",
    "/rpc/test_webhook",
    "/rpc/replay_webhook_delivery",
    "/rpc/create_organization",
    "/rpc/choose_organization",
    "/rpc/rename_organization",
    "/rpc/change_logo",
    "/rpc/remove_logo",
    "/rpc/delete_organization",
    "/rpc/keep_organization",
    "/rpc/change_member",
    "/rpc/remove_member",
    "/rpc/leave_organization",
    "/rpc/transfer_ownership",
    "/rpc/create_role",
    "/rpc/change_role",
    "/rpc/remove_role",
    "/rpc/save_policies",
    "/rpc/discard_policy_draft",
    "/rpc/activate_policies",
    "/rpc/save_policy_case",
    "/rpc/remove_policy_case",
    "/rpc/explain_sign_ins",
    "/rpc/create_document",
    "/rpc/change_document",
    "/rpc/change_document_state",
    "/rpc/change_document_sensitivity",
    "/rpc/hand_over_document",
    "/rpc/delete_document",
    "/rpc/invite",
    "/rpc/resend_invitation",
    "/rpc/revoke_invitation",
    "/rpc/keep_invitation",
    "/rpc/accept_invitation",
    "/rpc/accept_invitation_code",
    "/rpc/decline_invitation",
    "/rpc/claim_domain",
    "/rpc/check_domain",
    "/rpc/change_domain",
    "/rpc/release_domain",
    "/rpc/set_factor_rule",
    "/rpc/forget_domain_joins",
    "/rpc/admin_close_organization",
    "/rpc/admin_reopen_organization",
    "/rpc/complete_setup",
    "/rpc/forget_setup",
];
pub const CALLS: [&str; 35] = [
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
    "/api/v1/invitations/show",
    "/api/v1/invitations/accept",
    "/api/v1/invitations/decline",
];
/// For each `{id}` of a path.
const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
/// Calls of somebody signed in, by any method that changes something.
pub const CHANGES: &[(Method, &str)] = &[
    (Method::PATCH, "/api/v1/me"),
    (Method::PUT, "/api/v1/me/avatar"),
    (Method::PUT, "/api/v1/me/organization"),
    (Method::DELETE, "/api/v1/me/avatar"),
    (Method::POST, "/api/v1/sessions/end-others"),
    (Method::DELETE, "/api/v1/sessions/{id}"),
    (Method::DELETE, "/api/v1/trusted-devices"),
    (Method::DELETE, "/api/v1/trusted-devices/{id}"),
    (Method::DELETE, "/api/v1/me/email"),
    (Method::POST, "/api/v1/factors/email-code"),
    (Method::DELETE, "/api/v1/factors/email-code"),
    (Method::DELETE, "/api/v1/factors/phone"),
    (Method::POST, "/api/v1/me/deletion"),
    (Method::DELETE, "/api/v1/me/deletion"),
    (Method::POST, "/api/v1/activity/{id}/not-me"),
    (Method::DELETE, "/api/v1/account-recovery"),
    (Method::POST, "/api/v1/tokens"),
    (Method::DELETE, "/api/v1/tokens"),
    (Method::DELETE, "/api/v1/tokens/{id}"),
    (Method::POST, "/api/v1/factors/totp"),
    (Method::DELETE, "/api/v1/factors/totp"),
    (Method::POST, "/api/v1/factors/totp/confirm"),
    (Method::POST, "/api/v1/factors/recovery-codes"),
    (Method::POST, "/api/v1/passkeys/options"),
    (Method::POST, "/api/v1/passkeys"),
    (Method::PATCH, "/api/v1/passkeys/{id}"),
    (Method::DELETE, "/api/v1/passkeys/{id}"),
    (Method::POST, "/api/v1/connections"),
    (Method::DELETE, "/api/v1/connections/{id}"),
    (Method::POST, "/api/v1/organizations/{id}/invitations"),
    (Method::DELETE, "/api/v1/organizations/{id}/invitations/{id}"),
    (Method::POST, "/api/v1/organizations/{id}/invitations/{id}/resend"),
    (Method::POST, "/api/v1/organizations/{id}/domains"),
    (Method::PATCH, "/api/v1/organizations/{id}/domains/{id}"),
    (Method::DELETE, "/api/v1/organizations/{id}/domains/{id}"),
    (Method::POST, "/api/v1/organizations/{id}/domains/{id}/check"),
    (Method::PUT, "/api/v1/organizations/{id}/second-factor"),
    (Method::POST, "/api/v1/organizations"),
    (Method::PATCH, "/api/v1/organizations/{id}"),
    (Method::DELETE, "/api/v1/organizations/{id}"),
    (Method::POST, "/api/v1/organizations/{id}/keep"),
    (Method::PUT, "/api/v1/organizations/{id}/logo"),
    (Method::DELETE, "/api/v1/organizations/{id}/logo"),
    (Method::PATCH, "/api/v1/organizations/{id}/members/{id}"),
    (Method::DELETE, "/api/v1/organizations/{id}/members/{id}"),
    (Method::POST, "/api/v1/organizations/{id}/leave"),
    (Method::POST, "/api/v1/organizations/{id}/transfer"),
    (Method::POST, "/api/v1/organizations/{id}/roles"),
    (Method::PATCH, "/api/v1/organizations/{id}/roles/{id}"),
    (Method::DELETE, "/api/v1/organizations/{id}/roles/{id}"),
    (Method::DELETE, "/api/v1/admin/sessions/{id}"),
    (Method::DELETE, "/api/v1/admin/users/{id}/factors"),
    (Method::DELETE, "/api/v1/admin/users/{id}/factors/totp"),
    (Method::DELETE, "/api/v1/admin/users/{id}/sessions"),
    (Method::POST, "/api/v1/admin/users/{id}/suspend"),
    (Method::POST, "/api/v1/admin/users/{id}/unsuspend"),
    (Method::POST, "/api/v1/admin/users/{id}/reset"),
    (Method::PUT, "/api/v1/admin/users/{id}/role"),
    (Method::POST, "/api/v1/admin/users/{id}/impersonate"),
    (Method::DELETE, "/api/v1/admin/impersonation"),
    (Method::POST, "/api/v1/admin/users/bulk/preview"),
    (Method::POST, "/api/v1/admin/users/bulk"),
    (Method::POST, "/api/v1/admin/keys/rotate"),
    (Method::POST, "/api/v1/admin/keys/invented/revoke"),
    (Method::POST, "/api/v1/admin/webhooks"),
    (Method::PATCH, "/api/v1/admin/webhooks/{id}"),
    (Method::DELETE, "/api/v1/admin/webhooks/{id}"),
    (Method::POST, "/api/v1/admin/webhooks/{id}/rotate-secret"),
    (Method::POST, "/api/v1/admin/webhooks/{id}/test"),
    (Method::POST, "/api/v1/admin/webhooks/{id}/deliveries/{id}/replay"),
    (Method::POST, "/api/v1/admin/mails/{id}/resend"),
    (Method::DELETE, "/api/v1/admin/mails/{id}"),
    (Method::POST, "/api/v1/organizations/{id}/webhooks"),
    (Method::PATCH, "/api/v1/organizations/{id}/webhooks/{id}"),
    (Method::DELETE, "/api/v1/organizations/{id}/webhooks/{id}"),
    (Method::POST, "/api/v1/organizations/{id}/webhooks/{id}/rotate-secret"),
    (Method::POST, "/api/v1/organizations/{id}/webhooks/{id}/test"),
    (Method::POST, "/api/v1/organizations/{id}/webhooks/{id}/deliveries/{id}/replay"),
    (Method::POST, "/api/v1/organizations/{id}/documents"),
    (Method::PATCH, "/api/v1/organizations/{id}/documents/{id}"),
    (Method::DELETE, "/api/v1/organizations/{id}/documents/{id}"),
    (Method::PUT, "/api/v1/organizations/{id}/documents/{id}/state"),
    (Method::PUT, "/api/v1/organizations/{id}/documents/{id}/sensitivity"),
    (Method::PUT, "/api/v1/organizations/{id}/documents/{id}/owner"),
    (Method::POST, "/api/v1/admin/organizations/{id}/close"),
    (Method::POST, "/api/v1/admin/organizations/{id}/reopen"),
    (Method::POST, "/api/v1/setup"),
    (Method::POST, "/api/v1/authorize"),
    (Method::POST, "/api/v1/admin/policies"),
    (Method::POST, "/api/v1/admin/policies/1/activate"),
    (Method::POST, "/api/v1/admin/policies/cases"),
    (Method::DELETE, "/api/v1/admin/policies/cases/{id}"),
    (Method::POST, "/api/v1/admin/policies/cases/run"),
    (Method::POST, "/api/v1/admin/policies/explain"),
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
    for &(ref method, path) in CHANGES {
        for (name, value, refused) in [
            ("sec-fetch-site", "cross-site", true),
            ("origin", "https://evil.example", true),
            ("cookie", "__Host-refresh=x", true),
            ("sec-fetch-site", "same-origin", false),
        ] {
            let request = Request::builder()
                .method(method.clone())
                .uri(path.replace("{id}", ID))
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
        let is_unknown = matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED);
        assert!(is_unknown, "{path} {}", answer.status);
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
