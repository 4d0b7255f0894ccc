//! What `keywright doctor` sees at the public address: the program in production behind a real nginx with the configuration
//! that is shipped (`deploy/nginx`), and with each of its promises broken once.

use crate::support::door::{PATIENT, open_for};
use crate::support::nginx::Nginx;
use crate::support::program::Program;
use crate::support::shipped::program;
use crate::support::skipped::skipped;
use crate::support::{CHEAP, TestApp, database_url};
use serde_json::Value;
use server::doctor::facts::Plain;
use std::fs::{Permissions, set_permissions};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

const NO_NGINX: &str = "nginx is not there; bin/setup fetches it";
/// Whom the doctor believes, instead of the authorities of the system.
const AUTHORITY: (&str, &str) =
    ("SSL_CERT_FILE", concat!(env!("CARGO_MANIFEST_DIR"), "/../auth/tests/certificates/authority.pem"));
/// What is looked at from outside.
const SEEN: [&str; 5] = ["reached", "plain_http", "hsts", "headers", "cookies"];
/// Before this line of nginx's server others may stand.
const PLACE: &str = "    proxy_redirect off;\n";
/// From ten accounts on an address is looked at.
const PEOPLE: usize = 12;

/// The program in production behind nginx.
struct Installation {
    program: Program,
    _nginx: Nginx,
    folder: tempfile::TempDir,
}

impl Installation {
    /// With one more line in the configuration of nginx.
    fn with(line: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // nginx goes first: its port is part of the public address.
        let node = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let nginx = Nginx::changed(&[node], |shipped| {
            assert!(shipped.contains(PLACE));
            shipped.replace(PLACE, &format!("    {line}\n{PLACE}"))
        });
        let settings = format!(
            "mode = 'production'\npublic_url = '{}'\ndatabase_url = '{}'\ntrusted_proxies = '127.0.0.1/32'\n\
             master_key = 'q3Vw0mZ5sT8yLk2XbN7cRjH4fGdE9aPuOi6KvQzWtYs='\nsmtp_url = 'smtps://127.0.0.1:1'\n\
             mail_from = 'Example <no-reply@example.com>'\ndns_server = '127.0.0.1:9'\n",
            nginx.here(),
            database_url(folder.path())
        );
        let file = folder.path().join("keywright.toml");
        std::fs::write(&file, settings).unwrap();
        set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
        let command = Command::new(env!("CARGO_BIN_EXE_keywright"));
        let as_in_production = [("KEYWRIGHT_LIMITS", "on"), ("KEYWRIGHT_HASH_MEMORY_KIB", "19456")];
        let program = Program::start_at(node.port(), command, folder.path(), &as_in_production);
        Self { program, _nginx: nginx, folder }
    }

    /// The verdicts over what is seen, in the order of [`SEEN`].
    fn verdicts(&self, settings: &[(&str, &str)]) -> [String; 5] {
        let told = doctor(self.folder.path(), &[], settings);
        SEEN.map(|id| {
            let found = told["findings"].as_array().unwrap().iter().find(|finding| finding["id"] == id);
            let found = found.unwrap_or_else(|| panic!("{id} in {told}"));
            found["verdict"].as_str().unwrap().to_owned()
        })
    }
}

/// What the doctor tells of the installation in a folder.
fn doctor(folder: &Path, words: &[&str], settings: &[(&str, &str)]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_keywright"))
        .args(["doctor", "--json"])
        .args(words)
        .current_dir(folder)
        .env_clear()
        .envs(settings.iter().copied())
        .output()
        .unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn through_the_shipped_configuration_all_is_seen_as_the_program_sent_it() {
    if program().is_none() {
        return skipped(NO_NGINX);
    }
    let mut installation = Installation::with("");
    assert_eq!(installation.verdicts(&[AUTHORITY]), ["good"; 5]);
    let unseen = |reached: &str| [reached, "skipped", "skipped", "skipped", "skipped"].map(str::to_owned);
    assert_eq!(installation.verdicts(&[]), unseen("advice"), "a certificate that nobody vouches for is not believed");
    installation.program.child.kill().unwrap();
    installation.program.child.wait().unwrap();
    assert_eq!(installation.verdicts(&[AUTHORITY]), unseen("fault"), "nginx answers, and not the program");
}

#[test]
fn what_nginx_takes_away_is_missed_by_name() {
    if program().is_none() {
        return skipped(NO_NGINX);
    }
    for (id, line) in [
        ("hsts", "proxy_hide_header Strict-Transport-Security;"),
        ("headers", "proxy_hide_header Content-Security-Policy;"),
        ("cookies", "proxy_cookie_flags ~ nosecure;"),
        ("cookies", "proxy_set_header Origin https://elsewhere.example.com;"),
    ] {
        let found = Installation::with(line).verdicts(&[AUTHORITY]);
        assert_eq!(found, SEEN.map(|seen| if seen == id { "fault" } else { "good" }), "{line}");
    }
}

/// Without https people come to a port that no test may listen on, so only that look is taken, at another port.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_https_nginx_leads_to_it_and_a_page_in_the_clear_is_seen() {
    if program().is_none() {
        return skipped(NO_NGINX);
    }
    let nobody = [SocketAddr::from(([127, 0, 0, 1], 9))];
    let shipped = Nginx::before(&nobody);
    let address = shipped.plain_here();
    assert_eq!(Plain::look(&address).await.unwrap(), Plain::Leads);
    drop(shipped);
    assert_eq!(Plain::look(&address).await.unwrap(), Plain::Silent);
    for instead in ["return 200;", "return 301 http://id.example.com/sign-in;"] {
        let changed = Nginx::changed(&nobody, |shipped| {
            let leads = "return 301 https://id.example.com$request_uri;";
            assert!(shipped.contains(leads));
            shipped.replace(leads, instead)
        });
        assert_eq!(Plain::look(&changed.plain_here()).await.unwrap(), Plain::Answers, "{instead}");
    }
}

/// What the doctor finds wrong with proxies after people came through nginx with a change of its configuration.
async fn faults_after_a_crowd(change: impl FnOnce(String) -> String) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    let app = TestApp::start_in(folder, &format!("{CHEAP}trusted_proxies = '127.0.0.1/32'\n")).await;
    let door = open_for(app.router(), PATIENT, &["127.0.0.1/32"]).await;
    let nginx = Nginx::changed(&[door.address], change);
    let client = nginx.client("127.0.0.77");
    for number in 0..PEOPLE {
        let email = format!("person{number}@example.com");
        app.create_account(&email).await;
        let (_, token) = app.sign_in(&email).await;
        let asked = client.get(nginx.url("/api/v1/me")).header("authorization", format!("Bearer {token}"));
        assert_eq!(asked.send().await.unwrap().status(), 200);
    }
    // As a server that runs does each minute.
    let auth = &app.application.auth;
    for found in app.application.process.health(auth.now()).proxies {
        auth.note_proxy_finding(&found).await.unwrap();
    }
    let database = database_url(&path);
    let settings = [("KEYWRIGHT_DATABASE_URL", database.as_str()), ("KEYWRIGHT_TRUSTED_PROXIES", "127.0.0.1/32")];
    let told = doctor(&path, &["--quick"], &settings);
    let faults = told["findings"].as_array().unwrap().iter();
    let faults = faults.filter(|finding| finding["id"] == "proxies" && finding["verdict"] == "fault");
    faults.map(|finding| finding["text"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxy_that_names_nobody_is_found_once_people_came_through_it() {
    if program().is_none() {
        return skipped(NO_NGINX);
    }
    let shipped = faults_after_a_crowd(|shipped| shipped).await;
    assert!(shipped.is_empty(), "the control: {shipped:?}");
    let (names, hides) = ("proxy_set_header X-Forwarded-For $remote_addr;", "proxy_set_header X-Real-IP \"\";");
    let says_it_elsewhere = "proxy_set_header X-Real-IP $remote_addr;";
    for instead in [hides, says_it_elsewhere] {
        let silent = faults_after_a_crowd(|shipped| {
            assert!(shipped.contains(names) && shipped.contains(hides));
            shipped.replace(names, "").replace(hides, instead)
        });
        let silent = silent.await;
        assert_eq!(silent.len(), 1, "{instead}: {silent:?}");
        assert!(silent[0].contains("came from 127.0.0.1 within minutes, and it names nobody"), "{silent:?}");
    }
}
