//! The checklist before production, as the real program tells it and refuses by it, and as administrators see it.

use crate::support::{CHEAP, TestApp, database_url};
use auth::Role;
use axum::http::{Method, StatusCode};
use serde_json::Value;
use server::Settings;
use server::settings::source::from_toml;
use std::collections::BTreeSet;
use std::fs::{Permissions, set_permissions};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

const ADMIN: &str = "ada@example.com";
const SUPPORT: &str = "sam@example.com";
const KEY: &str = "q3Vw0mZ5sT8yLk2XbN7cRjH4fGdE9aPuOi6KvQzWtYs=";

/// Runs the program in production, with its master key in a file of this mode.
fn run(folder: &Path, words: &[&str], key: &str, mode: u32) -> Output {
    // A start that is not refused ends there: somebody else listens.
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let file = folder.join("master.key");
    std::fs::write(&file, key).unwrap();
    set_permissions(&file, Permissions::from_mode(mode)).unwrap();
    Command::new(env!("CARGO_BIN_EXE_keywright"))
        .args(words)
        .current_dir(folder)
        .env_clear()
        .env("KEYWRIGHT_MODE", "production")
        .env("KEYWRIGHT_DATABASE_URL", database_url(folder))
        .env("KEYWRIGHT_PUBLIC_URL", "https://id.example.com")
        .env("KEYWRIGHT_MASTER_KEY_FILE", &file)
        .env("KEYWRIGHT_MAIL_FROM", "Example <no-reply@example.com>")
        .env("KEYWRIGHT_SMTP_URL", "smtps://127.0.0.1:1")
        .env("KEYWRIGHT_LISTEN", taken.local_addr().unwrap().to_string())
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What a check says: its verdict and its words.
fn told(found: &Value, id: &str) -> (String, String) {
    let one = found["findings"].as_array().unwrap().iter().find(|finding| finding["id"] == id);
    let one = one.unwrap_or_else(|| panic!("{id} in {found}"));
    (one["verdict"].as_str().unwrap().to_owned(), one["text"].as_str().unwrap().to_owned())
}

#[test]
fn the_doctor_says_of_each_thing_what_why_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &["doctor", "--quick", "--json"], KEY, 0o644);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = found["findings"].as_array().unwrap();
    let ids: BTreeSet<_> = findings.iter().map(|finding| finding["id"].as_str().unwrap()).collect();
    assert!(ids.len() >= 40, "{ids:?}");
    for finding in findings {
        for part in ["check", "group", "verdict", "text", "why", "mend", "link"] {
            assert!(finding[part].as_str().is_some_and(|words| !words.is_empty()), "{part} of {finding}");
        }
    }
    let (verdict, words) = told(&found, "secret_files");
    assert!(verdict == "fault" && words.contains("Everybody on this machine may read"), "{words}");
    assert_eq!(told(&found, "backup").0, "fault", "nobody takes one");
    assert_eq!(told(&found, "master_key").0, "good");
    assert_eq!(told(&found, "hsts").0, "skipped", "nobody was asked");
    assert!(!found.to_string().contains(KEY), "{found}");
    let lines = text(&run(folder.path(), &["doctor", "--quick"], KEY, 0o644).stdout);
    assert!(lines.contains("\nfault  secret_file KEYWRIGHT_MASTER_KEY_FILE: "), "{lines}");
    assert!(lines.contains("\n       why: ") && lines.contains("\n       do:  "), "{lines}");
}

#[test]
fn the_database_remembers_the_last_backup_and_the_last_trial() {
    let folder = tempfile::tempdir().unwrap();
    let done = |words: &[&str]| {
        let output = run(folder.path(), words, KEY, 0o600);
        assert!(output.status.success(), "{words:?}: {}{}", text(&output.stdout), text(&output.stderr));
        text(&output.stdout)
    };
    let backup = || {
        let output = run(folder.path(), &["doctor", "--quick", "--json"], KEY, 0o600);
        let found: Value = serde_json::from_slice(&output.stdout).unwrap();
        ["backup", "restore_trial"].map(|id| told(&found, id).0)
    };
    let recipient = done(&["backup", "key", "key.txt"]);
    std::fs::write(folder.path().join("keywright.toml"), format!("backup_place = 'backups'\n{recipient}")).unwrap();
    done(&["migrate"]);
    assert_eq!(backup(), ["fault", "advice"], "neither was made");
    done(&["backup"]);
    assert_eq!(backup(), ["good", "advice"]);
    let name = done(&["backup", "list"]).trim().to_owned();
    done(&["backup", "verify", &name, "--identity", "key.txt"]);
    assert_eq!(backup(), ["good", "good"]);
}

#[test]
fn a_start_in_production_is_refused_over_what_is_deadly() {
    let folder = tempfile::tempdir().unwrap();
    let pattern = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    for (key, mode, words) in
        [(pattern, 0o600, "master_key: master_key follows a pattern"), (KEY, 0o666, "secret_files: Others may write")]
    {
        let output = run(folder.path(), &["serve"], key, mode);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("production is refused") && said.contains(words), "{words} in {said}");
        assert!(!folder.path().join("test.db").exists(), "nothing was begun");
    }
    // The same installation without either comes as far as its port.
    let output = run(folder.path(), &["serve"], KEY, 0o644);
    let said = text(&output.stderr);
    assert!(said.contains("cannot be listened on"), "{said}");
    assert!(!said.contains("production is refused"), "a file that others read is told, and stops nothing: {said}");
    assert!(folder.path().join("test.db").exists(), "it began: {said}");
}

/// A node with people of two roles, and its settings.
async fn start() -> (TestApp, Settings) {
    let folder = tempfile::tempdir().unwrap();
    let toml = format!("database_url = '{}'\n{CHEAP}", database_url(folder.path()));
    let settings = Settings::parse(&from_toml(&toml).unwrap()).unwrap();
    let app = TestApp::start_in(folder, CHEAP).await;
    for email in [ADMIN, SUPPORT] {
        app.create_account(email).await;
    }
    app.make_admin(ADMIN).await;
    app.set_role(SUPPORT, Role::Support).await;
    (app, settings)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn administrators_see_the_checklist_and_no_request_makes_it() {
    let (app, settings) = start().await;
    let (admin, _) = app.sign_in(ADMIN).await;
    let (support, _) = app.sign_in(SUPPORT).await;
    let before = app.get("/admin/health", &admin).await;
    assert!(before.says("page.doctor.heading") && before.says("page.doctor.never"), "{}", before.body);

    app.application.process.examiner().look(&settings, &app.application.auth, None).await;
    let page = app.get("/admin/health", &admin).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.says("page.doctor.group_database") && !page.says("page.doctor.never"), "{}", page.body);
    assert!(page.says("page.doctor.durability.title"), "{}", page.body);
    let found = app.application.process.examiner().last().unwrap();
    for check in &found.checks {
        let link = format!("<code>{}</code>", check.link);
        assert!(page.body.contains(&link), "{} lacks {link}: {}", check.id, page.body);
    }
    let french = app.get("/admin/health", &format!("{admin}; __Host-locale=fr")).await;
    assert!(french.body.contains("Liste de contrôle"), "{}", french.body);

    let hers = app.get("/admin/health", &support).await;
    assert_eq!(hers.status, StatusCode::OK);
    assert!(!hers.says("page.doctor.heading"), "it tells of settings and files: {}", hers.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn programs_read_the_checklist_as_names_and_values() {
    let (app, settings) = start().await;
    app.application.process.examiner().look(&settings, &app.application.auth, None).await;
    let checks = async |email: &str| {
        let (_, token) = app.sign_in(email).await;
        let answer = app.bearer(Method::GET, "/api/v1/admin/health", &token).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.value()["process"]["checks"].clone()
    };
    let told = checks(ADMIN).await;
    let of = |id: &str| told["checks"].as_array().unwrap().iter().find(|check| check["id"] == id).unwrap().clone();
    assert_eq!(of("keys")["findings"][0]["case"], "open");
    assert_eq!(of("keys")["group"], "secrets");
    assert_eq!(of("migrations")["findings"][0]["verdict"], "good");
    assert_eq!(of("hsts")["findings"][0]["verdict"], "skipped");
    assert!(told["at"].as_i64().is_some());
    assert_eq!(checks(SUPPORT).await, Value::Null);
}
