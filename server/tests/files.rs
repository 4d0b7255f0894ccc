//! The files of the site, which are nobody's.

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::header::{
    ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, VARY,
};
use axum::http::{HeaderMap, Request, StatusCode};
use server::Settings;
use server::router::router;
use server::settings::source::from_toml;
use server::site::{Packed, of_program};
use tower::ServiceExt as _;

use crate::support::{CHEAP, TestApp};

/// A site as it is built, with copies that a browser would take.
const BUILT: [(&str, &str); 9] = [
    ("favicon.svg", "<svg/>"),
    ("favicon.svg.br", "packed <svg/>"),
    ("robots.txt", "User-agent: *"),
    ("kept-back.env", "KEY=kept back"),
    ("pkg/keywright.c.css", "b{}"),
    ("pkg/keywright.j.js", "let x = 1"),
    ("pkg/keywright.j.js.br", "packed"),
    ("pkg/keywright.j.js.gz", "also packed"),
    ("pkg/keywright.w.wasm", "\0asm"),
];

/// A site of one file.
async fn with_a_picture() -> TestApp {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    std::fs::create_dir(&site).unwrap();
    std::fs::write(site.join("favicon.svg"), "<svg/>").unwrap();
    let settings = format!("{CHEAP}site = '{}'", site.display());
    TestApp::start_in(folder, &settings).await
}

/// On one thread, so that the file is read in the middle of the making of a page.
#[tokio::test(flavor = "current_thread")]
async fn a_file_takes_nothing_from_a_page_that_is_being_made() {
    let app = with_a_picture().await;
    app.create_account("ada@example.com").await;
    let (cookie, _) = app.sign_in("ada@example.com").await;
    for _ in 0..20 {
        let page = app.get("/account", &cookie);
        let (page, file, other) = tokio::join!(page, app.get("/favicon.svg", ""), app.get("/favicon.svg", ""));
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.header("content-security-policy").contains("nonce-"), "the page kept its policy");
        for file in [file, other] {
            assert_eq!((file.status, file.body.as_str()), (StatusCode::OK, "<svg/>"));
            assert!(!file.header("content-security-policy").contains("nonce-"), "the file has no page's policy");
        }
    }
}

#[tokio::test]
async fn where_nothing_is_stands_the_page_that_says_so() {
    let app = with_a_picture().await;
    for path in ["/nothing.svg", "/site", "/%2e%2e/test.db", "/%2e%2e%2ftest.db"] {
        let answer = app.get(path, "").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.header("content-type").starts_with("text/html"), "{path}");
    }
}

/// One program whose site is in a folder, and one that has the same files within.
async fn in_a_folder_and_within() -> (TestApp, Router) {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    std::fs::create_dir_all(site.join("pkg")).unwrap();
    let mut packed = Packed::default();
    for (name, text) in BUILT {
        std::fs::write(site.join(name), text).unwrap();
        packed.add(name, Bytes::from_static(text.as_bytes()));
    }
    std::fs::write(folder.path().join("hash.txt"), "css: c\njs: j\nwasm: w\n").unwrap();
    let app = TestApp::start_in(folder, &format!("{CHEAP}site = '{}'", site.display())).await;
    let settings = Settings::parse(&from_toml(CHEAP).unwrap()).unwrap();
    let (options, site) = of_program(&settings, packed).unwrap();
    let within = router(&settings, &app.application.auth, &app.application.process, options, site);
    (app, within)
}

/// What a browser and the caches before it go by, and the body.
async fn seen(router: Router, method: &str, path: &str, accepted: &str) -> (StatusCode, Vec<Option<String>>, Bytes) {
    let request = Request::builder().method(method).uri(path);
    let request = request.header(ACCEPT, "text/html,*/*;q=0.8").header(ACCEPT_ENCODING, accepted);
    let answer = router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let of = |headers: &HeaderMap, name| headers.get(name).map(|value| value.to_str().unwrap().to_owned());
    let names = [CONTENT_TYPE, CONTENT_ENCODING, CONTENT_LENGTH, CACHE_CONTROL, VARY];
    let headers = names.map(|name| of(answer.headers(), name)).into();
    (answer.status(), headers, to_bytes(answer.into_body(), usize::MAX).await.unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_within_the_program_is_answered_like_one_in_a_folder() {
    let (app, within) = in_a_folder_and_within().await;
    for path in BUILT.map(|(name, _)| format!("/{name}")).iter().map(String::as_str).chain(["/pkg/", "/pkg/no.js"]) {
        for accepted in ["identity", "gzip, br", "gzip", "br;q=0, gzip"] {
            let given = seen(within.clone(), "GET", path, accepted).await;
            // A page that says that nothing is here differs by its nonce.
            if given.1[0].as_deref() != Some("text/html; charset=utf-8") {
                assert_eq!(given, seen(app.router(), "GET", path, accepted).await, "{path} {accepted}");
            }
            let is_served =
                path.rsplit('.').next().is_some_and(|ending| ["css", "js", "svg", "txt", "wasm"].contains(&ending));
            assert_eq!(given.0 == StatusCode::OK, is_served && path != "/pkg/no.js", "{path} {accepted}");
        }
    }
    let packed = seen(within.clone(), "GET", "/pkg/keywright.j.js", "gzip, br").await;
    assert_eq!((packed.2, packed.1[1].as_deref()), (Bytes::from_static(b"packed"), Some("br")), "as it was built");
    let script = "/pkg/keywright.j.js";
    assert_eq!(seen(within, "HEAD", script, "br").await, seen(app.router(), "HEAD", script, "br").await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_name_what_is_within_the_program_with_its_digest() {
    let (app, within) = in_a_folder_and_within().await;
    let page = seen(within, "GET", "/sign-in", "identity").await;
    let html = String::from_utf8(page.2.to_vec()).unwrap();
    for name in ["/pkg/keywright.c.css", "/pkg/keywright.j.js", "/pkg/keywright.w.wasm"] {
        assert!(html.contains(name), "{name}");
    }
    let digests = |html: &str| html.matches("sha384-").count();
    assert!(digests(&html) > 0);
    assert_eq!(digests(&html), digests(&app.get("/sign-in", "").await.body));
}
