//! The files of the site, which are nobody's.

use axum::http::StatusCode;

use crate::support::{CHEAP, TestApp};

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
