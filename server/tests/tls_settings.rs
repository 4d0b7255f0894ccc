//! The settings of TLS: what production refuses, and what the program, its doctor and its health tell (ASVS 5.0, 12.3.1).

use crate::support::certificates::{AUTHORITY, END, Files};
use crate::support::{CHEAP, TestApp, database_url};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use server::Settings;
use server::settings::source::from_toml;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tokio::time::sleep;

const PRODUCTION: &str = "mode = 'production'\npublic_url = 'https://id.example.com'\n\
    master_key = 'bXk0c2VjcmV0LWtleS1vZi0zMi1ieXRlcy1oZXJlISE='\nsmtp_url = 'smtp://localhost:1?tls=required'\n\
    mail_from = 'Keywright <id@example.com>'\n";

/// Why settings are refused in production; nothing when they are not.
fn refused(more: &str) -> String {
    let parsed = Settings::parse(&from_toml(&format!("{PRODUCTION}{more}")).unwrap());
    parsed.err().map(|error| format!("{error:#}")).unwrap_or_default()
}

#[test]
fn production_lets_nobody_in_over_a_network_in_the_clear() {
    let files = Files::with("first");
    for listen in ["127.0.0.1:3000", "[::1]:3000"] {
        assert_eq!(refused(&format!("listen = '{listen}'\n")), "", "a proxy of this machine");
    }
    for listen in ["0.0.0.0:443", "[::]:443", "10.0.0.5:443", "[2001:db8::5]:443"] {
        let listen = format!("listen = '{listen}'\n");
        let words = refused(&listen);
        assert!(words.contains("set tls_certificate and tls_key") && words.contains("127.0.0.1"), "{listen}: {words}");
        assert_eq!(refused(&format!("{listen}{}", files.settings())), "");
        assert_eq!(refused(&format!("{listen}listen_behind_tls = 'on'\n")), "", "said by hand");
    }
    let words = refused(&files.settings().replace("tls_key", "#"));
    assert!(words.contains("tls_certificate is set without tls_key"), "{words}");
    let plain = format!("public_url = 'http://localhost:3000'\n{}", files.settings());
    let error = Settings::parse(&from_toml(&plain).unwrap()).err().unwrap().to_string();
    assert!(error.contains("public_url must be https where tls_certificate is set"), "{error}");
}

#[test]
fn production_asks_no_server_of_the_dns_over_a_network_in_the_clear() {
    let ca = concat!("dns_ca = '", env!("CARGO_MANIFEST_DIR"), "/../auth/tests/certificates/authority.pem'\n");
    let on = "organization_domains = 'on'\n";
    for bad in ["dns_server = '192.0.2.53:53'\n", on, "organization_domains = 'on'\ndns_server = '10.0.0.2:53'\n"] {
        let words = refused(bad);
        assert!(words.contains("dns_server must be an address of this machine") && words.contains("tls://"), "{words}");
    }
    for good in ["dns_server = '127.0.0.53:53'\n".to_owned(), format!("{ca}dns_server = 'tls://dns.example.com'\n")] {
        assert_eq!(refused(&format!("{on}{good}")), "");
    }
}

/// A running program, stopped with the test.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_program_speaks_tls_and_nothing_else_on_its_port() {
    let (folder, files) = (tempfile::tempdir().unwrap(), Files::with("first"));
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let origin = format!("https://localhost:{port}");
    let program = Command::new(env!("CARGO_BIN_EXE_keywright"))
        .current_dir(folder.path())
        .env_clear()
        .env("KEYWRIGHT_LISTEN", format!("127.0.0.1:{port}"))
        .env("KEYWRIGHT_PUBLIC_URL", &origin)
        .env("KEYWRIGHT_TLS_CERTIFICATE", files.certificate())
        .env("KEYWRIGHT_TLS_KEY", files.key())
        .env("KEYWRIGHT_LOG", "error")
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let _program = Program(program);
    let authority = reqwest::Certificate::from_pem(AUTHORITY).unwrap();
    let client = reqwest::Client::builder().no_proxy().tls_certs_only([authority]).build().unwrap();
    let ready = format!("{origin}/health/ready");
    let deadline = Instant::now() + Duration::from_secs(30);
    let answer = loop {
        match client.get(&ready).send().await {
            Ok(answer) if answer.status() == 200 => break answer,
            other => assert!(Instant::now() < deadline, "the program does not start: {other:?}"),
        }
        sleep(Duration::from_millis(50)).await;
    };
    assert!(answer.headers()["strict-transport-security"].to_str().unwrap().starts_with("max-age="));
    let stranger = reqwest::Client::builder().no_proxy().build().unwrap();
    assert!(stranger.get(&ready).send().await.is_err(), "who does not know the authority believes nothing");
    assert!(
        client.get(format!("http://localhost:{port}/health/ready")).send().await.is_err(),
        "and nothing in the clear"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn administrators_see_how_the_certificate_is() {
    let (folder, files) = (tempfile::tempdir().unwrap(), Files::with("first"));
    let toml = format!(
        "database_url = '{}'\n{CHEAP}limits = false\npublic_url = 'https://localhost:3000'\n{}",
        database_url(folder.path()),
        files.settings()
    );
    let settings = Settings::parse(&from_toml(&toml).unwrap()).unwrap();
    let tls = settings.tls.clone().unwrap();
    let app = TestApp::start_settings(folder, settings).await;
    app.create_account("ada@example.com").await;
    app.make_admin("ada@example.com").await;
    let (cookie, token) = app.sign_in("ada@example.com").await;
    let told = || async {
        let answer = app.bearer(Method::GET, "/api/v1/admin/health", &token).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.value()["process"]["tls"].clone()
    };
    assert_eq!(told().await, json!({"ends_at": END.0, "fault": null}));
    let page = app.get("/admin/health", &cookie).await;
    assert!(page.says("page.admin_health.tls_end") && !page.says("page.admin_health.tls_fault"), "{}", page.body);
    std::fs::remove_file(files.key()).unwrap();
    tls.look_again(app.application.auth.now());
    assert_eq!(told().await, json!({"ends_at": END.0, "fault": "unusable"}));
    let page = app.get("/admin/health", &cookie).await;
    assert!(page.says("page.admin_health.tls_fault") && page.says("page.admin_health.tls_unusable"), "{}", page.body);
}

/// What `keywright doctor` says of TLS with these files and this address.
fn doctor(files: Option<&Files>, public_url: &str) -> Vec<(bool, String)> {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_keywright"));
    command.args(["doctor", "--json"]).current_dir(folder.path()).env_clear();
    command.env("KEYWRIGHT_DATABASE_URL", database_url(folder.path())).env("KEYWRIGHT_PUBLIC_URL", public_url);
    if let Some(files) = files {
        command.env("KEYWRIGHT_TLS_CERTIFICATE", files.certificate()).env("KEYWRIGHT_TLS_KEY", files.key());
    }
    let told: Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
    let findings = told["findings"].as_array().unwrap().iter().filter(|finding| finding["check"] == "tls");
    findings.map(|one| (one["is_fault"].as_bool().unwrap(), one["text"].as_str().unwrap().to_owned())).collect()
}

#[test]
fn the_doctor_tells_how_long_the_certificate_lasts_and_for_whom_it_is() {
    let (good, ended) = (Files::with("first"), Files::with("ended"));
    for (files, public_url, is_fault, words) in [
        (None, "http://localhost:3000", false, "There is neither tls_certificate nor acme_directory"),
        (Some(&good), "https://localhost:3000", false, "the certificate ends in "),
        (Some(&good), "https://[::1]:3000", true, "The certificate is none for ::1"),
        (Some(&ended), "https://localhost:3000", true, "has ended; renew it"),
    ] {
        let told = doctor(files, public_url);
        assert!(told[0].0 == is_fault && told[0].1.contains(words), "{public_url}: {told:?}");
    }
}
