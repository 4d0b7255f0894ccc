//! What operators see of the program, for programs: its settings, its health, its numbers.

use crate::support::{CHEAP, TestApp};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt;

const ADMIN: &str = "ada@example.com";
const SECRET: &str = "r8Jd0mWq2LxT5vYbN7sKc3FhZa9PeUgQ";

async fn get(app: &TestApp, path: &str) -> Value {
    let (_, token) = app.sign_in(ADMIN).await;
    let answer = app.bearer(Method::GET, path, &token).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
    answer.value()
}

async fn start(more: &str) -> TestApp {
    let app = TestApp::start_toml(&format!("{CHEAP}{more}")).await;
    app.create_account(ADMIN).await;
    app.make_admin(ADMIN).await;
    app
}

/// ASVS 5.0, 13.3.2: on one machine a file is as secret as its mode.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_but_the_program_reads_the_master_key_and_the_database() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    let app = TestApp::start_in(folder, CHEAP).await;
    app.create_account(ADMIN).await;
    let mut looked_at = 0;
    for entry in std::fs::read_dir(path).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if name == "master.key" || name.starts_with("test.db") {
            assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{name}");
            looked_at += 1;
        }
    }
    assert!(looked_at >= 2, "the key, the database and its journal: {looked_at}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_are_told_without_their_secrets() {
    let app = start(&format!("hs256_secret = '{SECRET}'\nlog = 'warn'\n")).await;
    let settings = get(&app, "/api/v1/admin/settings").await;
    assert!(!settings.to_string().contains(SECRET), "{settings}");
    let of =
        |name: &str| settings["items"].as_array().unwrap().iter().find(|item| item["name"] == name).unwrap().clone();
    let secret = of("hs256_secret");
    assert_eq!(
        (&secret["value"], &secret["origin"], &secret["is_secret"]),
        (&Value::Null, &json!("file"), &json!(true))
    );
    assert!(of("database_url")["value"].as_str().unwrap().starts_with("sqlite://"));
    assert_eq!((&of("log")["value"], &of("log")["origin"]), (&json!("warn"), &json!("file")));
    assert_eq!((&of("api_docs")["origin"], &of("api_docs")["is_secret"]), (&json!("default"), &json!(false)));
    assert_eq!(settings["items"].as_array().unwrap().len(), server::settings::all_settings::KEYS.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_health_tells_of_the_process_and_its_requests() {
    let app = start("").await;
    for _ in 0..20 {
        app.get("/sign-in", "").await;
        app.get("/health/live", "").await;
    }
    let before = get(&app, "/api/v1/admin/health").await;
    let latency = &before["process"]["latency"];
    assert!(latency["all"]["requests"].as_i64().unwrap() >= 20, "{before}");
    let (p50, p99) = (latency["all"]["p50_us"].as_i64().unwrap(), latency["all"]["p99_us"].as_i64().unwrap());
    assert!(0 < p50 && p50 <= p99, "{before}");
    assert!(latency["minutes"].as_array().is_some_and(|minutes| !minutes.is_empty()), "{before}");
    for _ in 0..100 {
        app.get("/health/live", "").await;
    }
    let after = get(&app, "/api/v1/admin/health").await;
    let count = |health: &Value| health["process"]["latency"]["all"]["requests"].as_i64().unwrap();
    assert!(count(&after) - count(&before) < 10, "what load balancers ask does not count");
    assert_eq!(before["engine"]["database"]["kind"], "SQLite");
    assert!(before["process"]["memory_bytes"].as_i64().unwrap() > 1_000_000, "{before}");
    assert_eq!(before["process"]["version"], env!("CARGO_PKG_VERSION"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_days_are_told() {
    let app = start("").await;
    app.sign_in(ADMIN).await;
    app.application.auth.count_statistics(0).await.unwrap();
    let statistics = get(&app, "/api/v1/admin/statistics").await;
    let days = statistics["days"].as_array().unwrap();
    assert_eq!(days.len(), 30);
    assert!(days[29]["sign_ins"]["password"].as_i64().unwrap() >= 1, "{statistics}");
    assert_eq!((&days[29]["accounts"], &days[0]["accounts"]), (&json!(1), &Value::Null));
}
