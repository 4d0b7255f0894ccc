//! Two programs in one process, as every test beside another: neither waits for the other.

use crate::support::TestApp;
use axum::http::StatusCode;
use leptos::config::LeptosOptions;
use server::Settings;
use server::process::Process;
use server::router::router;
use server::settings::source::from_toml;
use server::site::Site;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// A page that waits for this long waits for ever.
const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_is_answered_while_another_program_starts() {
    let app = TestApp::start().await;
    app.create_account("alice@example.com").await;
    let (cookie, _) = app.sign_in("alice@example.com").await;
    let enough = Arc::new(AtomicBool::new(false));
    let starting = tokio::task::spawn_blocking({
        let (enough, auth) = (Arc::clone(&enough), app.application.auth.clone());
        move || {
            let settings = Settings::parse(&from_toml("").unwrap()).unwrap();
            let process = Process::started(auth.now(), &settings);
            let mut started = 0;
            while !enough.load(Ordering::Relaxed) {
                let options = LeptosOptions::builder().output_name("keywright").build();
                drop(router(&settings, &auth, &process, options, Site::default()));
                started += 1;
            }
            started
        }
    });
    for number in 0..200 {
        let page = tokio::time::timeout(PATIENCE, app.get("/account/sessions", &cookie)).await;
        let Ok(page) = page else {
            enough.store(true, Ordering::Relaxed);
            panic!("page {number} waits for ever");
        };
        assert_eq!(page.status, StatusCode::OK);
    }
    enough.store(true, Ordering::Relaxed);
    assert!(starting.await.unwrap() > 2, "nothing started beside it");
}
