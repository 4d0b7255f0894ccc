//! Every field of every form, wrong in every way: words for people, a code for programs, nothing lost.

use crate::bad_input::{assert_clear, bad_emails, encoded};
use crate::support::{PASSWORD, TestApp};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

/// Server functions with their fields.
const FORMS: [(&str, &[&str]); 101] = [
    ("/rpc/sign_up", &["email", "password", "name", "solution"]),
    ("/rpc/sign_in", &["email", "password", "next", "solution"]),
    ("/rpc/second_factor", &["method", "code", "ceremony", "credential", "trust_device", "next"]),
    ("/rpc/send_second_factor_code", &["method", "next"]),
    ("/rpc/revoke_trusted_device", &["id"]),
    ("/rpc/verify_link", &["token"]),
    ("/rpc/verify_code", &["code"]),
    ("/rpc/forgot_password", &["email", "solution"]),
    ("/rpc/reset_by_link", &["token", "new_password"]),
    ("/rpc/reset_by_code", &["code", "new_password"]),
    ("/rpc/choose_locale", &["locale"]),
    ("/rpc/choose_theme", &["theme"]),
    ("/rpc/change_name", &["name"]),
    ("/rpc/change_time_zone", &["time_zone"]),
    ("/rpc/change_password", &["current_password", "new_password", "end_other_sessions"]),
    ("/rpc/end_session", &["session"]),
    ("/rpc/change_email", &["email"]),
    ("/rpc/confirm_email_change", &["token", "code"]),
    ("/rpc/confirm_email_codes", &["code"]),
    ("/rpc/request_phone", &["phone_number"]),
    ("/rpc/confirm_phone", &["code"]),
    ("/rpc/confirm_identity", &["current_password", "act", "next", "method", "code", "ceremony", "credential"]),
    ("/rpc/send_confirm_code", &["act", "next", "method"]),
    ("/rpc/export_data", &["format"]),
    ("/rpc/secure_account", &["token"]),
    ("/rpc/secure_account_by_event", &["event"]),
    ("/rpc/undo_email_change", &["token"]),
    ("/rpc/keep_account_by_link", &["token"]),
    ("/rpc/passkey_sign_in", &["ceremony", "credential", "next"]),
    ("/rpc/start_fedcm", &["provider"]),
    ("/rpc/fedcm_sign_in", &["provider", "token", "state", "next"]),
    ("/rpc/passkey_sign_up", &["email", "name", "ceremony", "credential"]),
    ("/rpc/add_passkey", &["ceremony", "credential", "name"]),
    ("/rpc/rename_passkey", &["id", "name"]),
    ("/rpc/remove_passkey", &["id"]),
    ("/rpc/cancel_account_recovery_by_link", &["token"]),
    ("/rpc/complete_account_recovery", &["token", "password"]),
    ("/rpc/create_token", &["name", "scopes", "expires_in_days"]),
    ("/rpc/revoke_token", &["id"]),
    ("/rpc/confirm_totp", &["code"]),
    ("/rpc/recovery_codes_saved", &["saved", "codes"]),
    ("/rpc/admin_end_session", &["session"]),
    ("/rpc/admin_reset_factors", &["user"]),
    ("/rpc/admin_end_sessions", &["user"]),
    ("/rpc/admin_remove_factor", &["user", "factor"]),
    ("/rpc/admin_send_reset", &["user"]),
    ("/rpc/admin_set_role", &["user", "role"]),
    ("/rpc/act_on_users", &["token", "until", "reason", "note"]),
    ("/rpc/suspend_user", &["user", "until", "reason", "note"]),
    ("/rpc/unsuspend_user", &["user"]),
    ("/rpc/start_impersonation", &["user", "reason", "writes"]),
    ("/rpc/revoke_key", &["key"]),
    ("/rpc/admin_resend_mail", &["mail"]),
    ("/rpc/admin_drop_mail", &["mail"]),
    ("/rpc/create_webhook", &["organization", "url", "kinds"]),
    ("/rpc/change_webhook", &["organization", "webhook", "url", "kinds"]),
    ("/rpc/switch_webhook", &["organization", "webhook", "state"]),
    ("/rpc/rotate_webhook_secret", &["organization", "webhook"]),
    ("/rpc/remove_webhook", &["organization", "webhook"]),
    ("/rpc/test_webhook", &["organization", "webhook"]),
    ("/rpc/replay_webhook_delivery", &["organization", "webhook", "delivery"]),
    ("/rpc/save_policies", &["text", "note"]),
    ("/rpc/activate_policies", &["version"]),
    ("/rpc/save_policy_case", &["name", "expected", "question"]),
    ("/rpc/remove_policy_case", &["id"]),
    ("/rpc/explain_sign_ins", &["on"]),
    ("/rpc/federated_sign_up", &["email", "name"]),
    ("/rpc/disconnect_provider", &["connection"]),
    ("/rpc/create_document", &["slug", "title", "body", "department", "sensitivity"]),
    ("/rpc/change_document", &["slug", "id", "title", "body", "department", "version"]),
    ("/rpc/change_document_state", &["slug", "id", "state"]),
    ("/rpc/change_document_sensitivity", &["slug", "id", "sensitivity"]),
    ("/rpc/hand_over_document", &["slug", "id", "owner"]),
    ("/rpc/delete_document", &["slug", "id"]),
    ("/rpc/invite", &["organization", "email", "role", "department"]),
    ("/rpc/resend_invitation", &["organization", "invitation"]),
    ("/rpc/revoke_invitation", &["organization", "invitation"]),
    ("/rpc/keep_invitation", &["token", "way"]),
    ("/rpc/accept_invitation", &["token"]),
    ("/rpc/accept_invitation_code", &["code"]),
    ("/rpc/decline_invitation", &["token"]),
    ("/rpc/claim_domain", &["organization", "domain"]),
    ("/rpc/check_domain", &["organization", "domain"]),
    ("/rpc/change_domain", &["organization", "domain", "role"]),
    ("/rpc/release_domain", &["organization", "domain"]),
    ("/rpc/set_factor_rule", &["organization", "required"]),
    ("/rpc/admin_close_organization", &["organization", "reason"]),
    ("/rpc/admin_reopen_organization", &["organization"]),
    ("/rpc/create_organization", &["name", "slug"]),
    ("/rpc/choose_organization", &["organization"]),
    ("/rpc/rename_organization", &["organization", "name", "slug"]),
    ("/rpc/remove_logo", &["organization"]),
    ("/rpc/delete_organization", &["organization"]),
    ("/rpc/keep_organization", &["organization"]),
    ("/rpc/change_member", &["organization", "user", "role", "department"]),
    ("/rpc/remove_member", &["organization", "user"]),
    ("/rpc/leave_organization", &["organization"]),
    ("/rpc/transfer_ownership", &["organization", "user"]),
    ("/rpc/create_role", &["organization", "name", "permissions"]),
    ("/rpc/change_role", &["organization", "role", "name", "permissions"]),
    ("/rpc/remove_role", &["organization", "role"]),
];

/// Bodies of a form in which `field` is wrong.
fn bad_bodies(field: &str) -> Vec<String> {
    let mut bodies = vec![
        String::new(),
        format!("{field}="),
        format!("{field}=a&{field}=b"),
        format!("{field}[]=a"),
        format!("{field}[x]=a"),
        format!("{field}=%00"),
        format!("{field}=%0d%0aX"),
        format!("{field}=%ff%fe"),
        format!("{field}=%F0%9F%98%80"),
        format!("{field}=%E2%80%AEx"),
        format!("{field}=%"),
        format!("{field}={}", "x".repeat(30_000)),
    ];
    bodies.extend(bad_emails().iter().map(|email| format!("{field}={}", encoded(email))));
    bodies
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_form_field_is_refused_clearly() {
    let app = TestApp::start().await;
    for (path, fields) in FORMS {
        for field in fields {
            for body in bad_bodies(field) {
                assert_clear(&app.call(path, &body).await, &format!("{path} {body:.60}"));
                let posted = app.form(path, &body, "").await;
                assert_eq!(posted.status, StatusCode::SEE_OTHER, "{path} {body:.60}: {}", posted.body);
                assert!(posted.cookie("__Host-refresh").is_none());
            }
        }
        let huge = app.call(path, &"x".repeat(1_000_000)).await;
        assert_eq!((huge.status, huge.code().as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "too_large"));
        let json =
            Request::post(path).header("content-type", "application/json").header("sec-fetch-site", "same-origin");
        let answer = app.send(json.body(Body::from("{}")).unwrap()).await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_form_field_of_somebody_signed_in_is_refused_clearly() {
    let app = TestApp::start().await;
    app.create_account("alice@example.com").await;
    let (cookie, token) = app.sign_in("alice@example.com").await;
    app.deliver().await;
    let inbox = app.get("/dev/inbox.json", "").await.body;
    let password = format!("current_password={}&", PASSWORD.replace(' ', "+"));
    for (path, rest, field) in [
        ("/rpc/change_email", "", "email"),
        ("/rpc/confirm_email_change", "", "token"),
        ("/rpc/confirm_email_change", "", "code"),
        ("/rpc/confirm_email_codes", "", "code"),
        ("/rpc/request_phone", "", "phone_number"),
        ("/rpc/confirm_phone", "", "code"),
        ("/rpc/confirm_identity", "", "current_password"),
        // The password is right, and nothing waits for it.
        ("/rpc/confirm_identity", &*password, "act"),
        ("/rpc/confirm_identity", &*password, "next"),
        ("/rpc/confirm_identity", "next=/admin&", "method"),
        ("/rpc/confirm_identity", "next=/admin&method=totp&", "code"),
        ("/rpc/confirm_identity", "next=/admin&method=passkey&ceremony=x&", "credential"),
        ("/rpc/confirm_identity", "next=/admin&method=passkey&credential=%7B%7D&", "ceremony"),
        ("/rpc/send_confirm_code", "next=/admin&", "method"),
        ("/rpc/export_data", "", "format"),
        ("/rpc/secure_account_by_event", "", "event"),
        // Without scopes: some of these are names.
        ("/rpc/create_token", "", "name"),
        ("/rpc/create_token", "name=Backup&", "scopes"),
        ("/rpc/create_token", "name=Backup&", "expires_in_days"),
        ("/rpc/revoke_token", "", "id"),
        ("/rpc/confirm_totp", "", "code"),
        ("/rpc/add_passkey", "", "ceremony"),
        ("/rpc/add_passkey", "ceremony=invented&", "credential"),
        ("/rpc/add_passkey", "ceremony=invented&credential=%7B%7D&", "name"),
        ("/rpc/rename_passkey", "name=Phone&", "id"),
        ("/rpc/rename_passkey", "id=01890a5d-ac96-774b-bcce-b302099a8057&", "name"),
        ("/rpc/remove_passkey", "", "id"),
        ("/rpc/disconnect_provider", "", "connection"),
        // Of an organization that is none of theirs.
        ("/rpc/create_document", "slug=acme&", "title"),
        ("/rpc/create_document", "slug=acme&title=Plan&", "body"),
        ("/rpc/create_document", "slug=acme&title=Plan&", "department"),
        ("/rpc/create_document", "slug=acme&title=Plan&", "sensitivity"),
        ("/rpc/create_document", "title=Plan&", "slug"),
        ("/rpc/change_document", "slug=acme&title=Plan&version=1&", "id"),
        ("/rpc/change_document", "slug=acme&title=Plan&id=x&", "version"),
        ("/rpc/change_document_state", "slug=acme&id=x&", "state"),
        ("/rpc/change_document_sensitivity", "slug=acme&id=x&", "sensitivity"),
        ("/rpc/hand_over_document", "slug=acme&id=x&", "owner"),
        ("/rpc/delete_document", "slug=acme&", "id"),
        ("/rpc/accept_invitation", "", "token"),
        ("/rpc/accept_invitation_code", "", "code"),
        ("/rpc/invite", "email=bob%40example.com&role=member&", "organization"),
        ("/rpc/rename_organization", "name=Mine&slug=mine&", "organization"),
        ("/rpc/remove_logo", "", "organization"),
        ("/rpc/delete_organization", "", "organization"),
        ("/rpc/keep_organization", "", "organization"),
        ("/rpc/change_member", "role=admin&", "organization"),
        ("/rpc/remove_member", "", "organization"),
        ("/rpc/leave_organization", "", "organization"),
        ("/rpc/transfer_ownership", "", "organization"),
        ("/rpc/create_role", "name=Mine&permissions[]=documents:read&", "organization"),
        ("/rpc/change_role", "name=Mine&permissions[]=documents:read&", "organization"),
        ("/rpc/remove_role", "", "organization"),
    ] {
        for body in bad_bodies(field) {
            let body = format!("{rest}{body}");
            let call = Request::post(path)
                .header("content-type", "application/x-www-form-urlencoded")
                .header("accept", "application/json")
                .header("authorization", format!("Bearer {token}"));
            let answer = app.send(call.body(body.clone().into()).unwrap()).await;
            assert_clear(&answer, &format!("{path} {body:.80}"));
            assert_ne!(answer.status, StatusCode::UNAUTHORIZED, "{path} {body:.80}");
            let posted = app.form(path, &body, &cookie).await;
            assert_eq!(posted.status, StatusCode::SEE_OTHER, "{path} {body:.80}: {}", posted.body);
            assert!(posted.location().starts_with("/sign-in?__path="), "{path} {body:.80}: {}", posted.location());
            assert!(posted.set_cookie("__Host-refresh").is_none(), "{path} {body:.80}");
        }
    }
    assert_eq!(app.bearer(Method::GET, "/api/v1/me", &token).await.status, StatusCode::OK, "nobody was signed out");
    app.deliver().await;
    assert_eq!(app.get("/dev/inbox.json", "").await.body, inbox, "nobody got a mail");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_form_leads_back_to_a_page_with_words_and_a_4xx() {
    let app = TestApp::start().await;
    let posted = app.form("/rpc/sign_in", "email=alice%40example.com&password=wrong", "").await;
    let path = posted.location().strip_prefix("http://localhost:3000").unwrap_or(posted.location()).to_owned();
    assert!(!path.contains("alice") && !path.contains("wrong"), "nothing personal in the address: {path}");
    let page = app.get(&path, &posted.cookie("__Host-typed").unwrap()).await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    let words = auth::text::text(auth::Locale::En, "error.invalid_credentials");
    assert!(page.body.contains(&words) && page.body.contains("alice@example.com"), "{}", page.body);
    assert!(!page.body.contains("value=\"wrong\""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_a_known_theme_is_remembered() {
    let app = TestApp::start().await;
    for theme in ["light", "dark"] {
        let chosen = app.form("/rpc/choose_theme", &format!("theme={theme}"), "").await;
        let cookie = chosen.cookie("__Host-theme").unwrap();
        assert_eq!(cookie, format!("__Host-theme={theme}"));
        let page = app.get("/sign-in", &cookie).await;
        assert!(page.body.contains(&format!("data-theme=\"{theme}\"")), "{}", page.body);
    }
    let forgotten = app.form("/rpc/choose_theme", "theme=system", "__Host-theme=dark").await;
    assert!(forgotten.set_cookie("__Host-theme").unwrap().contains("Max-Age=0"));
    for unknown in ["purple", "Dark", "dark+", "auto"] {
        let refused = app.form("/rpc/choose_theme", &format!("theme={unknown}"), "__Host-theme=dark").await;
        assert_eq!(refused.status, StatusCode::SEE_OTHER, "{unknown}");
        assert!(refused.set_cookie("__Host-theme").is_none(), "{unknown}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_typed_waits_sealed() {
    let app = TestApp::start().await;
    let posted = app.form("/rpc/sign_in", "email=alice%40example.com&password=wrong", "").await;
    let path = posted.location().strip_prefix("http://localhost:3000").unwrap_or(posted.location()).to_owned();
    let kept = posted.cookie("__Host-typed").unwrap();
    let value = kept.strip_prefix("__Host-typed=").unwrap();
    for part in value.split('.') {
        let plain = BASE64_URL_SAFE_NO_PAD.decode(part).unwrap_or_default();
        assert!(!String::from_utf8_lossy(&plain).contains("alice"), "{value}");
    }
    assert!(app.get(&path, &kept).await.body.contains("alice@example.com"), "its page opens it");
    let changed = kept.replacen("=v1.", "=v2.", 1);
    assert_ne!(changed, kept);
    assert!(!app.get(&path, &changed).await.body.contains("alice@example.com"));
}
