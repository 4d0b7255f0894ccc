//! The headers of answers: content policy, cookies, caching.

use crate::support::TestApp;
use axum::body::Body;
use axum::http::Method;

fn nonce(policy: &str) -> &str {
    policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_runs_only_scripts_with_its_own_nonce() {
    let app = TestApp::start().await;
    let (first, second) = (app.get("/sign-in", "").await, app.get("/sign-in", "").await);
    let policy = first.header("content-security-policy");
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
    for part in [
        "default-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "object-src 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
        "report-uri /reports/browser",
    ] {
        assert!(policy.contains(part), "{part}");
    }
    assert!(nonce(policy).len() >= 22);
    assert_ne!(nonce(policy), nonce(second.header("content-security-policy")));
    assert!(first.body.contains(nonce(policy)));
    let own = format!("nonce=\"{}\"", nonce(policy));
    for script in first.body.split("<script").skip(1) {
        assert!(script.split('>').next().is_some_and(|tag| tag.contains(&own)), "{script}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_carries_the_protective_headers() {
    let app = TestApp::start().await;
    for path in [
        "/",
        "/sign-up",
        "/not-me",
        "/cancel-recovery",
        "/recover-account",
        "/token-decoder",
        "/account/data/export?format=json",
        "/api/v1/me",
        "/health/live",
        "/nothing",
        "/dev/inbox",
    ] {
        let answer = app.get(path, "").await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("origin-agent-cluster", "?1"),
            ("x-permitted-cross-domain-policies", "none"),
        ] {
            assert_eq!(answer.header(name), value, "{path}");
        }
        for part in ["camera=()", "clipboard-read=()", "usb=()", "publickey-credentials-get=(self)"] {
            assert!(answer.header("permissions-policy").contains(part), "{path}: {part}");
        }
        assert!(answer.header("content-security-policy").contains("default-src 'none'"), "{path}");
        assert!(answer.header("server").is_empty());
        let breaks_frames = answer.header("cross-origin-embedder-policy");
        assert!(breaks_frames.is_empty(), "{path}: password managers fill in forms by frames");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_refresh_cookie_is_for_this_host_and_no_script() {
    let app = TestApp::start().await;
    app.create_account("alice@example.com").await;
    let body = format!("email=alice%40example.com&password={}", crate::support::PASSWORD.replace(' ', "+"));
    let answer = app.form("/rpc/sign_in", &body, "").await;
    assert_eq!(answer.location(), "/dashboard");
    let line = answer.set_cookie("__Host-refresh").unwrap();
    for attribute in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=7776000"] {
        assert!(line.contains(attribute), "{attribute} in {line}");
    }
    assert!(!line.contains("Domain"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_local_paths_are_followed_after_sign_in() {
    let app = TestApp::start().await;
    app.create_account("alice@example.com").await;
    let credentials = format!("email=alice%40example.com&password={}", crate::support::PASSWORD.replace(' ', "+"));
    for (next, location) in [
        ("%2Fdashboard%3Ftab%3D1", "/dashboard?tab=1"),
        ("%2F%2Fevil.example", "/dashboard"),
        ("%2F%5Cevil.example", "/dashboard"),
        ("https%3A%2F%2Fevil.example", "/dashboard"),
        ("%2F%0d%0aSet-Cookie%3A%20a%3Db", "/dashboard"),
        ("javascript%3Aalert(1)", "/dashboard"),
    ] {
        let answer = app.form("/rpc/sign_in", &format!("{credentials}&next={next}"), "").await;
        assert_eq!(answer.location(), location, "{next}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_form_leads_to_a_page_of_ours_whatever_the_referer_says() {
    let app = TestApp::start().await;
    for (referer, start) in [
        ("http://localhost:3000/sign-in?next=%2Fdashboard", "/sign-in?next=%2Fdashboard&__path="),
        ("https://evil.example/x", "/x?__path="),
        ("//evil.example", "/sign-in"),
        ("javascript:alert(1)", "/sign-in"),
        ("", "/sign-in?__path="),
    ] {
        let mut request = axum::http::Request::post("/rpc/sign_in")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "text/html")
            .header("sec-fetch-site", "same-origin");
        if !referer.is_empty() {
            request = request.header("referer", referer);
        }
        let answer = app.send(request.body(Body::empty()).unwrap()).await;
        assert!(answer.location().starts_with(start), "{referer}: {}", answer.location());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_document_describes_every_call() {
    let app = TestApp::start().await;
    let document = app.get("/api/v1/openapi.json", "").await.value();
    assert_eq!(document["info"]["title"], "Keywright");
    let paths = document["paths"].as_object().unwrap();
    for path in [
        "/api/v1/sign-up",
        "/api/v1/verify-email",
        "/api/v1/sign-in",
        "/api/v1/second-factor",
        "/api/v1/second-factor/send",
        "/api/v1/second-factor/passkey",
        "/api/v1/trusted-devices",
        "/api/v1/trusted-devices/{id}",
        "/api/v1/refresh",
        "/api/v1/sign-out",
        "/api/v1/me",
        "/api/v1/me/avatar",
        "/api/v1/sessions",
        "/api/v1/sessions/end-others",
        "/api/v1/sessions/{id}",
        "/api/v1/activity",
        "/api/v1/tokens",
        "/api/v1/tokens/{id}",
        "/api/v1/factors/totp",
        "/api/v1/factors/totp/confirm",
        "/api/v1/factors/recovery-codes",
        "/api/v1/passkeys",
        "/api/v1/passkeys/{id}",
        "/api/v1/passkeys/options",
        "/api/v1/sign-in/passkey",
        "/api/v1/sign-in/passkey/options",
        "/api/v1/sign-up/passkey",
        "/api/v1/sign-up/passkey/options",
        "/api/v1/providers",
        "/api/v1/providers/{id}/start",
        "/api/v1/providers/finish",
        "/api/v1/providers/sign-up",
        "/api/v1/connections",
        "/api/v1/connections/{id}",
        "/api/v1/forgot-password",
        "/api/v1/reset-password",
        "/api/v1/change-password",
        "/api/v1/reauthenticate",
        "/api/v1/reauthenticate/passkey",
        "/api/v1/reauthenticate/send",
        "/api/v1/me/email",
        "/api/v1/me/email/confirm",
        "/api/v1/factors/email-code",
        "/api/v1/factors/email-code/confirm",
        "/api/v1/factors/phone",
        "/api/v1/factors/phone/confirm",
        "/api/v1/me/export",
        "/api/v1/me/deletion",
        "/api/v1/activity/{id}/not-me",
        "/api/v1/not-me",
        "/api/v1/undo-email-change",
        "/api/v1/keep-account",
        "/api/v1/factors",
        "/api/v1/organizations/{organization}/documents",
        "/api/v1/organizations/{organization}/documents/{document}",
        "/api/v1/organizations/{organization}/documents/{document}/state",
        "/api/v1/organizations/{organization}/documents/{document}/sensitivity",
        "/api/v1/organizations/{organization}/documents/{document}/owner",
        "/api/v1/account-recovery",
        "/api/v1/account-recovery/cancel",
        "/api/v1/account-recovery/complete",
        "/api/v1/organizations",
        "/api/v1/organizations/{organization}",
        "/api/v1/organizations/{organization}/keep",
        "/api/v1/organizations/{organization}/logo",
        "/api/v1/organizations/{organization}/members",
        "/api/v1/organizations/{organization}/members/{user}",
        "/api/v1/organizations/{organization}/leave",
        "/api/v1/organizations/{organization}/transfer",
        "/api/v1/organizations/{organization}/roles",
        "/api/v1/organizations/{organization}/roles/{role}",
        "/api/v1/me/organization",
        "/api/v1/admin/users",
        "/api/v1/admin/users/{id}/factors",
        "/api/v1/admin/users/{id}/factors/{factor}",
        "/api/v1/admin/users/{id}/sessions",
        "/api/v1/admin/users/{id}",
        "/api/v1/admin/users/{id}/suspend",
        "/api/v1/admin/users/{id}/unsuspend",
        "/api/v1/admin/users/{id}/reset",
        "/api/v1/admin/users/{id}/role",
        "/api/v1/admin/users/{id}/impersonate",
        "/api/v1/admin/impersonation",
        "/api/v1/admin/users/export",
        "/api/v1/admin/users/bulk/preview",
        "/api/v1/admin/users/bulk",
        "/api/v1/admin/sessions/{id}",
        "/api/v1/organizations/{organization}/invitations",
        "/api/v1/organizations/{organization}/invitations/{invitation}",
        "/api/v1/organizations/{organization}/invitations/{invitation}/resend",
        "/api/v1/invitations/show",
        "/api/v1/invitations/accept",
        "/api/v1/invitations/decline",
        "/api/v1/organizations/{organization}/domains",
        "/api/v1/organizations/{organization}/domains/{domain}",
        "/api/v1/organizations/{organization}/domains/{domain}/check",
        "/api/v1/organizations/{organization}/second-factor",
        "/api/v1/admin/keys",
        "/api/v1/admin/keys/rotate",
        "/api/v1/admin/keys/{id}/revoke",
        "/api/v1/admin/webhooks",
        "/api/v1/admin/webhooks/{id}",
        "/api/v1/admin/webhooks/{id}/rotate-secret",
        "/api/v1/admin/webhooks/{id}/test",
        "/api/v1/admin/webhooks/{id}/deliveries",
        "/api/v1/admin/webhooks/{id}/deliveries/{delivery}",
        "/api/v1/admin/webhooks/{id}/deliveries/{delivery}/replay",
        "/api/v1/admin/mails",
        "/api/v1/admin/mails/{id}/resend",
        "/api/v1/admin/mails/{id}",
        "/api/v1/organizations/{organization}/webhooks",
        "/api/v1/organizations/{organization}/webhooks/{id}",
        "/api/v1/organizations/{organization}/webhooks/{id}/rotate-secret",
        "/api/v1/organizations/{organization}/webhooks/{id}/test",
        "/api/v1/organizations/{organization}/webhooks/{id}/deliveries",
        "/api/v1/organizations/{organization}/webhooks/{id}/deliveries/{delivery}",
        "/api/v1/organizations/{organization}/webhooks/{id}/deliveries/{delivery}/replay",
        "/api/v1/admin/organizations",
        "/api/v1/admin/organizations/{id}",
        "/api/v1/admin/organizations/{id}/members",
        "/api/v1/admin/organizations/{id}/close",
        "/api/v1/admin/organizations/{id}/reopen",
        "/api/v1/admin/settings",
        "/api/v1/admin/health",
        "/api/v1/admin/browser-reports",
        "/api/v1/admin/statistics",
        "/api/v1/admin/anomalies",
        "/api/v1/setup",
        "/api/v1/authorize",
        "/api/v1/admin/policies",
        "/api/v1/admin/policies/{id}",
        "/api/v1/admin/policies/{id}/activate",
        "/api/v1/admin/policies/cases",
        "/api/v1/admin/policies/cases/{id}",
        "/api/v1/admin/policies/cases/run",
        "/api/v1/admin/policies/explain",
        "/api/v1/admin/policies/matrix",
        "/api/v1/admin/audit",
        "/api/v1/admin/audit/state",
        "/api/v1/admin/audit/export",
        "/api/v1/organizations/{organization}/audit",
        "/api/v1/organizations/{organization}/audit/export",
    ] {
        assert!(paths.contains_key(path), "{path}");
    }
    for (path, methods) in [
        ("/api/v1/me", &["get", "patch"][..]),
        ("/api/v1/me/avatar", &["delete", "put"][..]),
        ("/api/v1/me/email", &["delete", "get", "post"][..]),
        ("/api/v1/factors/email-code", &["delete", "post"][..]),
        ("/api/v1/factors/phone", &["delete", "post"][..]),
        ("/api/v1/me/deletion", &["delete", "post"][..]),
        ("/api/v1/account-recovery", &["delete", "post"][..]),
        ("/api/v1/tokens", &["delete", "get", "post"][..]),
        ("/api/v1/factors/totp", &["delete", "post"][..]),
        ("/api/v1/passkeys", &["get", "post"][..]),
        ("/api/v1/connections", &["get", "post"][..]),
        ("/api/v1/passkeys/{id}", &["delete", "patch"][..]),
        ("/api/v1/organizations/{organization}/invitations", &["get", "post"][..]),
        ("/api/v1/organizations/{organization}/domains", &["get", "post"][..]),
        ("/api/v1/organizations/{organization}/domains/{domain}", &["delete", "patch"][..]),
        ("/api/v1/organizations/{organization}/second-factor", &["get", "put"][..]),
        ("/api/v1/admin/sessions/{id}", &["delete", "get"][..]),
        ("/api/v1/organizations", &["get", "post"][..]),
        ("/api/v1/organizations/{organization}", &["delete", "get", "patch"][..]),
        ("/api/v1/organizations/{organization}/logo", &["delete", "put"][..]),
        ("/api/v1/organizations/{organization}/members/{user}", &["delete", "patch"][..]),
        ("/api/v1/organizations/{organization}/roles", &["get", "post"][..]),
        ("/api/v1/organizations/{organization}/roles/{role}", &["delete", "patch"][..]),
        ("/api/v1/admin/webhooks", &["get", "post"][..]),
        ("/api/v1/admin/webhooks/{id}", &["delete", "get", "patch"][..]),
        ("/api/v1/organizations/{organization}/webhooks", &["get", "post"][..]),
        ("/api/v1/organizations/{organization}/webhooks/{id}", &["delete", "get", "patch"][..]),
        ("/api/v1/admin/policies", &["get", "post"][..]),
        ("/api/v1/admin/policies/cases", &["get", "post"][..]),
        ("/api/v1/admin/users/{id}/sessions", &["delete", "get"][..]),
    ] {
        for method in methods {
            assert!(paths[path][*method].is_object(), "{method} {path}");
        }
    }
    for (path, methods) in paths {
        for (method, operation) in methods.as_object().unwrap() {
            assert!(operation["responses"].as_object().is_some_and(|all| !all.is_empty()), "{method} {path}");
        }
    }
    let page = app.get("/api/docs", "").await;
    assert!(page.body.contains("/api/v1/sign-in"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_speak_the_readers_language() {
    let app = TestApp::start().await;
    let french =
        axum::http::Request::get("/sign-in").header("accept-language", "fr-FR,fr;q=0.9").header("accept", "text/html");
    let page = app.send(french.body(Body::empty()).unwrap()).await;
    assert!(page.body.contains("lang=\"fr\"") && page.body.contains("Se connecter"), "{}", page.body);
    let chosen = app.form("/rpc/choose_locale", "locale=fr", "").await.cookie("__Host-locale").unwrap();
    assert!(app.get("/sign-in", &chosen).await.body.contains("Se connecter"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_reaches_no_route_has_the_headers_and_the_id_of_every_answer() {
    let app = TestApp::start().await;
    for (method, target, is_refused) in [
        (Method::CONNECT, "id.example.com:443", true),
        (Method::TRACE, "/sign-in", true),
        (Method::from_bytes(b"INVENTED").unwrap(), "/api/v1/me", true),
        // The control: one that reaches a route.
        (Method::GET, "/health/live", false),
    ] {
        let answer = app.request(method.clone(), target, &[], Body::empty()).await;
        assert_eq!(answer.status.is_client_error(), is_refused, "{method} {target}: {}", answer.status);
        for name in ["x-request-id", "x-content-type-options", "content-security-policy", "permissions-policy"] {
            assert!(!answer.header(name).is_empty(), "{method} {target}: {name}");
        }
    }
}
