//! What answers say of themselves whatever was asked, and what is not served (ASVS 5.0, 3.4.1, 3.4.6, 4.1.1, 13.4).

use crate::support::{CHEAP, TestApp};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};

const PRODUCTION: &str = "mode = 'production'\npublic_url = 'https://id.example.com'\n\
    master_key = 'bXk0c2VjcmV0LWtleS1vZi0zMi1ieXRlcy1oZXJlISE='\nsmtp_url = 'smtp://localhost:1?tls=required'\n\
    mail_from = 'Keywright <id@example.com>'\n";
/// Pages, files, calls, and what is not there.
const PATHS: [&str; 10] = [
    "/",
    "/sign-in",
    "/dashboard",
    "/nothing",
    "/pkg/nothing.js",
    "/avatars/nothing",
    "/api/v1/me",
    "/api/v1/nothing",
    "/health/live",
    "/.well-known/jwks.json",
];

/// A site with a script, a style and a picture; beside it lies what is nobody's.
async fn with_files() -> TestApp {
    let folder = tempfile::tempdir().unwrap();
    let package = folder.path().join("site/pkg");
    std::fs::create_dir_all(&package).unwrap();
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    for (path, text) in [
        ("site/pkg/only-here.js", "1"),
        ("site/pkg/only-here.css", "p {}"),
        ("site/only-here.svg", "<svg/>"),
        ("site/kept-back.env", "KEY=kept back"),
        ("site/kept-back", "kept back"),
        ("site/kept-back.svg~", "kept back"),
        ("site/kept-back.js.map", "kept back"),
        ("site/pkg/kept-back.rs", "kept back"),
        ("site/pkg/kept-back.sql", "kept back"),
        (".git/config", "[core]"),
        ("keywright.toml", "mode = 'development'"),
    ] {
        std::fs::write(folder.path().join(path), text).unwrap();
    }
    let settings = format!("{CHEAP}site = '{}'", folder.path().join("site").display());
    TestApp::start_in(folder, &settings).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_of_production_insists_on_https_and_stands_in_no_frame() {
    let app = TestApp::start_toml(PRODUCTION).await;
    for path in PATHS {
        let refused = Request::post(path).header("origin", "https://evil.example").body(Body::empty()).unwrap();
        for answer in [app.get(path, "").await, app.send(refused).await] {
            let insists = answer.header("strict-transport-security");
            assert_eq!(insists, "max-age=31536000; includeSubDomains", "{path} {}", answer.status);
            assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        }
    }
    let development = TestApp::start().await;
    assert!(development.get("/", "").await.header("strict-transport-security").is_empty(), "there is no https");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_body_says_its_kind_and_every_text_its_encoding() {
    let app = with_files().await;
    for (path, kind) in [
        ("/", "text/html; charset=utf-8"),
        ("/nothing", "text/html; charset=utf-8"),
        ("/dev/inbox", "text/html; charset=utf-8"),
        ("/api/docs", "text/html; charset=utf-8"),
        ("/pkg/only-here.js", "text/javascript; charset=utf-8"),
        ("/pkg/only-here.css", "text/css; charset=utf-8"),
        ("/only-here.svg", "image/svg+xml; charset=utf-8"),
        ("/api/v1/openapi.json", "application/json"),
        ("/api/v1/me", "application/problem+json"),
        ("/api/v1/nothing", "application/problem+json"),
        ("/health/live", "application/json"),
        ("/.well-known/jwks.json", "application/json"),
    ] {
        let answer = app.get(path, "").await;
        assert!(!answer.body.is_empty(), "{path}");
        assert_eq!(answer.header("content-type"), kind, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_beside_the_site_is_served_and_no_folder_is_listed() {
    let app = with_files().await;
    assert_eq!(app.get("/pkg/only-here.js", "").await.status, StatusCode::OK);
    for path in [
        "/.git/config",
        "/.git/HEAD",
        "/.env",
        "/keywright.toml",
        "/test.db",
        "/pkg/../../keywright.toml",
        "/pkg/%2e%2e/%2e%2e/.git/config",
        "/site",
        "/pkg",
        "/pkg/",
    ] {
        let answer = app.get(path, "").await;
        assert!(!answer.status.is_success(), "{path}: {}", answer.status);
        assert!(!answer.body.contains("only-here") && !answer.body.contains("[core]"), "{path}: {}", answer.body);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_got_into_the_site_is_served_by_its_ending_alone() {
    let app = with_files().await;
    for path in ["/pkg/only-here.js", "/pkg/only-here.css", "/only-here.svg"] {
        assert_eq!(app.get(path, "").await.status, StatusCode::OK, "{path}");
    }
    for path in [
        "/kept-back.env",
        "/kept-back.en%76",
        "/kept-back%2eenv",
        "/kept-back",
        "/kept-back.svg~",
        "/kept-back.svg%7e",
        "/kept-back.js.map",
        "/pkg/kept-back.rs",
        "/pkg/kept-back.rs?.js",
        "/pkg/kept-back.sql",
        "/pkg/kept-back.sql/.js",
    ] {
        let answer = app.get(path, "").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!answer.body.contains("kept back"), "{path}: {}", answer.body);
    }
    let missing = app.get("/pkg/of-the-next-release.js", "").await;
    assert_eq!((missing.status, missing.header("cache-control")), (StatusCode::NOT_FOUND, "no-store"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trace_is_refused_and_hands_nothing_back() {
    let app = with_files().await;
    for path in ["/", "/sign-in", "/pkg/only-here.js", "/api/v1/me", "/rpc/sign_in", "/health/live", "/nothing"] {
        let request = Request::builder().method(Method::TRACE).uri(path).header("x-of-the-browser", "handed back");
        let answer = app.send(request.body(Body::empty()).unwrap()).await;
        assert!(answer.status.is_client_error(), "{path}: {}", answer.status);
        assert!(!answer.body.contains("handed back"), "{path}: {}", answer.body);
    }
}
