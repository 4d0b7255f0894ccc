//! Whoever is signed in finds the way out on every page (ASVS 5.0, 7.4.4).

use crate::support::TestApp;
use axum::http::StatusCode;
use server::router::page_paths;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_on_every_page_behind_the_sign_in() {
    let app = TestApp::start().await;
    app.create_account("alice@example.com").await;
    app.make_admin("alice@example.com").await;
    let (cookie, _) = app.sign_in("alice@example.com").await;
    let mut shown = 0;
    for path in page_paths() {
        // What needs an id is drawn in the same frame. The question who somebody is stands alone, and leads back.
        if app::is_public(path) || path.contains('{') || path == "/account/confirm" {
            continue;
        }
        let answer = app.get(path, &cookie).await;
        if answer.status == StatusCode::OK {
            assert!(answer.body.contains("action=\"/rpc/sign_out\""), "{path}: {}", answer.body);
            shown += 1;
        }
    }
    assert!(shown >= 20, "pages were shown: {shown}");
}
