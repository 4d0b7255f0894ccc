//! Each form and call, from our own pages and from another site.

use crate::support::TestApp;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};

const FORMS: [&str; 39] = [
    "/rpc/sign_up",
    "/rpc/sign_in",
    "/rpc/sign_out",
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
    "/rpc/change_email",
    "/rpc/confirm_email_change",
    "/rpc/cancel_email_change",
    "/rpc/confirm_identity",
    "/rpc/send_confirm_code",
    "/rpc/export_data",
    "/rpc/delete_account",
    "/rpc/keep_account",
    "/rpc/secure_account",
    "/rpc/secure_account_by_event",
    "/rpc/undo_email_change",
    "/rpc/keep_account_by_link",
    "/rpc/create_token",
    "/rpc/revoke_token",
    "/rpc/revoke_all_tokens",
    "/rpc/admin_end_session",
    "/rpc/admin_reset_factors",
    "/rpc/rotate_keys",
    "/rpc/revoke_key",
    "/rpc/explain_sign_ins",
];
const CALLS: [&str; 16] = [
    "/api/v1/sign-up",
    "/api/v1/verify-email",
    "/api/v1/sign-in",
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
    "/api/v1/undo-email-change",
    "/api/v1/not-me",
    "/api/v1/keep-account",
];
/// Calls of somebody signed in, by any method that changes something.
const CHANGES: [(Method, &str); 16] = [
    (Method::PATCH, "/api/v1/me"),
    (Method::PUT, "/api/v1/me/avatar"),
    (Method::DELETE, "/api/v1/me/avatar"),
    (Method::POST, "/api/v1/sessions/end-others"),
    (Method::DELETE, "/api/v1/sessions/01890a5d-ac96-774b-bcce-b302099a8057"),
    (Method::DELETE, "/api/v1/me/email"),
    (Method::POST, "/api/v1/me/deletion"),
    (Method::DELETE, "/api/v1/me/deletion"),
    (Method::POST, "/api/v1/activity/01890a5d-ac96-774b-bcce-b302099a8057/not-me"),
    (Method::POST, "/api/v1/tokens"),
    (Method::DELETE, "/api/v1/tokens"),
    (Method::DELETE, "/api/v1/tokens/01890a5d-ac96-774b-bcce-b302099a8057"),
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

#[tokio::test]
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

#[tokio::test]
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

#[tokio::test]
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

#[tokio::test]
async fn a_form_post_is_answered_by_303() {
    let app = TestApp::start().await;
    for path in FORMS {
        let answer = app.form(path, "", "").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
    }
}

#[tokio::test]
async fn a_get_changes_nothing() {
    let app = TestApp::start().await;
    for path in FORMS {
        let answer = app.get(path, "").await;
        assert!(answer.status.is_client_error(), "{path} {}", answer.status);
    }
}

#[tokio::test]
async fn no_other_origin_may_read_answers() {
    let app = TestApp::start().await;
    for origin in ["https://evil.example", "null", "http://localhost:3000.evil.example"] {
        let request = Request::get("/api/v1/me").header("origin", origin).body(Body::empty()).unwrap();
        let answer = app.send(request).await;
        assert!(!answer.headers.contains_key("access-control-allow-origin"), "{origin}");
    }
}
