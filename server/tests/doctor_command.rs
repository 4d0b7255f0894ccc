//! `keywright doctor`, run as people run it.

use crate::support::postgres::{on_server, postgres};
use crate::support::provider::{Behaviour, Provider};
use crate::support::skipped::{NO_POSTGRES, skipped};
use crate::support::vault::{PATH, TOKEN, VaultServer};
use crate::support::{CHEAP, TestApp, database_url};
use auth::clock::SystemClock;
use auth::view::{ProxyFault, ProxyFinding};
use axum::Json;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;
use std::thread::JoinHandle;

fn run(folder: &Path, words: &[&str], settings: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_keywright"))
        .args(words)
        .current_dir(folder)
        .env_clear()
        .env("KEYWRIGHT_DATABASE_URL", database_url(folder))
        .envs(settings.iter().copied())
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// Exit code and what is told to programs.
fn examined(folder: &Path, settings: &[(&str, &str)]) -> (i32, Value) {
    let output = run(folder, &["doctor", "--json"], settings);
    assert_eq!(text(&output.stderr), "");
    (output.status.code().unwrap(), serde_json::from_slice(&output.stdout).unwrap())
}

/// The same without asking others.
fn examined_quickly(folder: &Path, settings: &[(&str, &str)]) -> (i32, Value) {
    let output = run(folder, &["doctor", "--quick", "--json"], settings);
    (output.status.code().unwrap(), serde_json::from_slice(&output.stdout).unwrap())
}

/// What was found about one thing: whether each is a fault, and its words.
fn about(told: &Value, check: &str) -> Vec<(bool, String)> {
    let findings = told["findings"].as_array().unwrap().iter().filter(|finding| finding["check"] == check);
    findings.map(|one| (one["is_fault"].as_bool().unwrap(), one["text"].as_str().unwrap().to_owned())).collect()
}

/// The one thing that was found about something.
fn only(told: &Value, check: &str) -> (bool, String) {
    let mut findings = about(told, check);
    assert_eq!(findings.len(), 1, "{check} in {told}");
    findings.remove(0)
}

/// A port that nobody listens on.
fn closed_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A mail server for one visit: its port, and what it was told. It goes on after this login alone, and without one asks for none.
fn mail_server(login: Option<&'static str>) -> (u16, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let visit = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut answers = stream.try_clone().unwrap();
        answers.write_all(b"220 mail.example.com\r\n").unwrap();
        let mut told = Vec::new();
        // Who is refused may leave without a word.
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            let answer: &[u8] = match line.split(' ').next().unwrap_or_default() {
                "QUIT" => b"221 mail.example.com\r\n",
                "EHLO" if login.is_some() => b"250-mail.example.com\r\n250 AUTH PLAIN\r\n",
                "AUTH" if login.is_none_or(|login| line != login) => b"535 5.7.8 wrong\r\n",
                "AUTH" => b"235 2.7.0 welcome\r\n",
                _ => b"250 mail.example.com\r\n",
            };
            let is_over = line.starts_with("QUIT");
            told.push(line);
            if answers.write_all(answer).is_err() || is_over {
                break;
            }
        }
        told
    });
    (port, visit)
}

#[test]
fn a_fresh_folder_is_well_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let (code, told) = examined(folder.path(), &[]);
    assert_eq!((code, &told["faults"]), (0, &Value::from(0)), "{told}");
    assert!(only(&told, "database").1.contains("the first start makes it"), "{told}");
    assert!(only(&told, "mail").1.contains("/dev/inbox") && only(&told, "providers").1.contains("There are none"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was made");
    let output = run(folder.path(), &["doctor"], &[]);
    assert_eq!(output.status.code(), Some(0));
    let words = text(&output.stdout);
    assert!(words.starts_with("ok     settings: ") && words.ends_with("All is well.\n"), "{words}");
}

#[test]
fn database_and_master_key_must_suit_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("test.db"), "").unwrap();
    let (code, told) = examined(folder, &[]);
    let (is_fault, words) = only(&told, "migrations");
    assert!(code == 1 && is_fault && words.contains("`keywright migrate`"), "{told}");

    assert!(run(folder, &["migrate"], &[]).status.success());
    let (code, told) = examined(folder, &[]);
    assert_eq!((code, only(&told, "database").0), (0, false), "{told}");
    let clock = told["findings"].as_array().unwrap().iter().find(|finding| finding["check"] == "clock").unwrap();
    assert_eq!(clock["verdict"], "skipped", "nobody else knows the time: {clock}");
    assert!(only(&told, "clock").1.starts_with("SQLite goes by this machine's clock"), "{clock}");
    assert!(only(&told, "keys").1.contains("master.key yet; the next start makes a master key"), "{told}");
    assert!(!folder.join("master.key").exists(), "and the doctor makes none");

    assert!(run(folder, &["keys", "list"], &[]).status.success());
    let (code, told) = examined(folder, &[]);
    let (is_fault, words) = only(&told, "keys");
    assert!(code == 0 && !is_fault && words.contains("The master key opens"), "{told}");

    let other = [("KEYWRIGHT_MASTER_KEY", "q3Vw0mZ5sT8yLk2XbN7cRjH4fGdE9aPuOi6KvQzWtYs=")];
    let (code, told) = examined(folder, &other);
    let (is_fault, words) = only(&told, "keys");
    assert!(code == 1 && is_fault && words.contains("cannot be opened"), "{told}");

    std::fs::remove_file(folder.join("master.key")).unwrap();
    let (code, told) = examined(folder, &[]);
    let (is_fault, words) = only(&told, "keys");
    assert!(code == 1 && is_fault && words.contains("put the file back"), "{told}");
    assert!(!folder.join("master.key").exists(), "a new one would open nothing");
}

#[test]
fn what_cannot_be_reached_is_told_without_its_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let port = closed_port();
    let database = format!("postgres://keywright:hunter2@127.0.0.1:{port}/keywright");
    let mail = format!("smtp://keywright:hunter2@127.0.0.1:{port}");
    let settings = [("KEYWRIGHT_DATABASE_URL", database.as_str()), ("KEYWRIGHT_SMTP_URL", mail.as_str())];
    let (code, told) = examined(folder.path(), &settings);
    assert_eq!((code, &told["faults"]), (1, &Value::from(2)), "{told}");
    assert!(only(&told, "database").1.contains("database_url"), "{told}");
    assert!(only(&told, "mail").1.contains("smtp_url"), "{told}");
    assert!(!told.to_string().contains("hunter2"), "{told}");
}

#[test]
fn a_mail_server_is_visited_and_sends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (port, visit) = mail_server(None);
    let (code, told) = examined(folder.path(), &[("KEYWRIGHT_SMTP_URL", &format!("smtp://127.0.0.1:{port}"))]);
    assert_eq!((code, only(&told, "mail").0), (0, false), "{told}");
    let lines = visit.join().unwrap();
    assert!(lines.iter().any(|line| line.starts_with("EHLO")), "{lines:?}");
    assert!(!lines.iter().any(|line| line.starts_with("MAIL")), "{lines:?}");
}

#[test]
fn a_mail_server_that_asks_for_a_login_takes_the_right_one_alone() {
    // The user keywright with the password hunter2.
    const LOGIN: &str = "AUTH PLAIN AGtleXdyaWdodABodW50ZXIy";
    let folder = tempfile::tempdir().unwrap();
    for (password, is_fault) in [("hunter2", false), ("hunter3", true)] {
        let (port, visit) = mail_server(Some(LOGIN));
        let mail = format!("smtp://keywright:{password}@127.0.0.1:{port}");
        let (code, told) = examined(folder.path(), &[("KEYWRIGHT_SMTP_URL", &mail)]);
        assert_eq!((code, only(&told, "mail").0), (i32::from(is_fault), is_fault), "{told}");
        assert!(!told.to_string().contains(password), "{told}");
        let lines = visit.join().unwrap();
        assert!(lines.iter().any(|line| line.starts_with("AUTH")), "{lines:?}");
        assert!(!lines.iter().any(|line| line.starts_with("MAIL")), "{lines:?}");
    }
}

#[test]
fn each_provider_is_told_with_its_redirect_uri_and_asked() {
    let folder = tempfile::tempdir().unwrap();
    let port = closed_port();
    let toml = format!(
        "[[provider]]\nkind = 'openid'\nid = 'staff'\nclient_id = 'ours'\nissuer = 'http://127.0.0.1:{port}'\n"
    );
    std::fs::write(folder.path().join("keywright.toml"), toml).unwrap();
    let (code, told) = examined(folder.path(), &[("KEYWRIGHT_PUBLIC_URL", "http://localhost:3456")]);
    let findings = about(&told, "provider staff");
    let uri = "http://localhost:3456/sign-in/with/staff/callback";
    assert!(!findings[0].0 && findings[0].1.contains(uri), "{told}");
    assert!(findings[1..].iter().any(|(is_fault, _)| *is_fault) && code == 1, "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_tells_of_itself_and_what_is_wrong_is_said() {
    let provider = Provider::start().await;
    let asked = |settings: String| {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("keywright.toml"), settings).unwrap();
        let (code, told) = examined(folder.path(), &[]);
        assert!(!told.to_string().contains("secret-of-the-test"), "{told}");
        let words = about(&told, "provider staff").into_iter().filter(|(is_fault, _)| *is_fault == (code == 1));
        (code, words.map(|(_, text)| text).collect::<Vec<_>>().join(" "))
    };
    let (code, words) = asked(provider.settings("staff"));
    assert_eq!(code, 0, "{words}");
    for right in [format!("the issuer is {}.", provider.issuer).as_str(), "keys that can be used", "PKCE with S256"] {
        assert!(words.contains(right), "{right} in {words}");
    }
    let slash = provider.settings("staff").replace(&provider.issuer, &format!("{}/", provider.issuer));
    let (code, words) = asked(slash);
    assert!(code == 1 && words.contains("another issuer"), "{words}");
    for (behaviour, wrong) in [
        (Behaviour::Discovery(|| Html("<h1>Maintenance</h1>").into_response()), "is no application/json"),
        (Behaviour::Discovery(|| StatusCode::NOT_FOUND.into_response()), "404"),
        (Behaviour::Discovery(|| Redirect::temporary("/elsewhere").into_response()), "307"),
        (Behaviour::Keys(|| StatusCode::INTERNAL_SERVER_ERROR.into_response()), "Its keys: its status is 500."),
        (Behaviour::Keys(|| Json(json!({"keys": []})).into_response()), "none that can be used"),
    ] {
        provider.behave(behaviour);
        let (code, words) = asked(provider.settings("staff"));
        assert!(code == 1 && words.contains(wrong) && !words.contains("<h1>"), "{wrong} in {words}");
    }
}

#[test]
fn a_list_of_proxies_that_cannot_be_right_is_a_finding() {
    let folder = tempfile::tempdir().unwrap();
    let port = closed_port();
    let smtp = format!("smtps://127.0.0.1:{port}");
    let production = [
        ("KEYWRIGHT_MODE", "production"),
        ("KEYWRIGHT_PUBLIC_URL", "https://id.example.com"),
        ("KEYWRIGHT_MASTER_KEY", "q3Vw0mZ5sT8yLk2XbN7cRjH4fGdE9aPuOi6KvQzWtYs="),
        ("KEYWRIGHT_MAIL_FROM", "Keywright <no-reply@id.example.com>"),
        ("KEYWRIGHT_SMTP_URL", smtp.as_str()),
    ];
    for (list, is_fault, words) in [
        ("", true, "None is trusted"),
        ("10.0.0.0/8, 192.0.2.80/32", false, "believed from 10.0.0.0/8, 192.0.2.80/32"),
        ("8.0.0.0/8", true, "large part of the internet"),
    ] {
        let settings = [&production[..], &[("KEYWRIGHT_TRUSTED_PROXIES", list)]].concat();
        let (_, told) = examined_quickly(folder.path(), &settings);
        let findings = about(&told, "proxies");
        assert_eq!(findings[0].0, is_fault, "{told}");
        assert!(findings[0].1.contains(words), "{words} in {told}");
    }
    assert!(!only(&examined(folder.path(), &[]).1, "proxies").0, "a developer has none");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_servers_found_of_proxies_within_minutes_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    let app = TestApp::start_in(folder, CHEAP).await;
    let found = ProxyFinding { fault: ProxyFault::UnlistedProxy, address: Some("10.0.0.1".to_owned()), count: 80 };
    app.application.auth.note_proxy_finding(&found).await.unwrap();
    let (code, told) = examined(&path, &[]);
    let told_of = about(&told, "proxies");
    assert_eq!((code, told_of.len()), (1, 2), "{told}");
    assert!(told_of[1].0 && told_of[1].1.contains("10.0.0.1") && told_of[1].1.contains("trusted_proxies"), "{told}");
    assert!(told_of[1].1.contains("if you do not know it, never do"), "somebody with accounts can cause it: {told}");
    app.execute("UPDATE proxy_findings SET seen_at = seen_at - 660000").await;
    let (code, told) = examined(&path, &[]);
    assert_eq!((code, about(&told, "proxies").len()), (0, 1), "it was mended: {told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vault_is_asked_for_the_secrets_and_whether_its_token_lasts() {
    let folder = tempfile::tempdir().unwrap();
    assert!(!only(&examined(folder.path(), &[]).1, "vault").0, "nobody needs one");
    let secret = json!({"master_key": "q3Vw0mZ5sT8yLk2XbN7cRjH4fGdE9aPuOi6KvQzWtYs="});
    let vault = VaultServer::start(secret, Arc::new(SystemClock)).await;
    let place = [("KEYWRIGHT_VAULT_ADDRESS", vault.address.as_str()), ("KEYWRIGHT_VAULT_PATH", PATH)];
    let settings = [&place[..], &[("KEYWRIGHT_VAULT_TOKEN", TOKEN)]].concat();
    let (code, told) = examined(folder.path(), &settings);
    assert_eq!((code, only(&told, "vault").0), (0, false), "{told}");
    assert_eq!(vault.renewals(), 1, "the token was renewed");
    vault.give(3600, false);
    let (code, told) = examined(folder.path(), &settings);
    let (is_fault, words) = only(&told, "vault");
    assert!(code == 1 && is_fault && words.contains("does not renew vault_token"), "{told}");
    let wrong = [&place[..], &[("KEYWRIGHT_VAULT_TOKEN", "hvs.hunter2")]].concat();
    let (code, told) = examined(folder.path(), &wrong);
    let (is_fault, words) = only(&told, "settings");
    assert!(code == 1 && is_fault && words.contains("the token may not read vault_path"), "{told}");
    assert!(!told.to_string().contains("hunter2"), "{told}");
}

#[test]
fn refused_settings_are_a_finding() {
    let folder = tempfile::tempdir().unwrap();
    let toml = "[[provider]]\nkind = 'google'\nclient_id = 'ours'\nclient_secert = 'hunter2'\n";
    std::fs::write(folder.path().join("keywright.toml"), toml).unwrap();
    let (code, told) = examined(folder.path(), &[]);
    let expected = "provider google: there is no key client_secert; did you mean client_secret?";
    assert_eq!((code, only(&told, "settings")), (1, (true, expected.to_owned())));
    assert_eq!(told["findings"].as_array().unwrap().len(), 1, "nothing else can be asked");
    let output = run(folder.path(), &["doctor"], &[]);
    let words = text(&output.stdout);
    assert!(output.status.code() == Some(1) && words.ends_with("\n1 fault.\n"), "{words}");
    assert!(words.starts_with(&format!("fault  settings: {expected}\n       why: ")), "{words}");
    assert!(words.contains("\n       see: docs/settings.md\n"), "{words}");
}

#[test]
fn a_database_elsewhere_without_a_verified_certificate_is_a_finding() {
    let folder = tempfile::tempdir().unwrap();
    let database = "postgres://keywright:hunter2@db.example.com/keywright?sslmode=require";
    let settings = [("KEYWRIGHT_MODE", "production"), ("KEYWRIGHT_DATABASE_URL", database)];
    let (code, told) = examined(folder.path(), &settings);
    let (is_fault, words) = only(&told, "settings");
    assert!(code == 1 && is_fault && words.contains("database_url must say sslmode=verify-full"), "{told}");
    assert!(!told.to_string().contains("hunter2"), "{told}");
    let here = [("KEYWRIGHT_MODE", "production"), ("KEYWRIGHT_DATABASE_URL", "postgres://localhost/keywright")];
    let (_, told) = examined(folder.path(), &here);
    assert!(!only(&told, "settings").1.contains("sslmode"), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgresql_is_judged_by_what_it_says_of_itself() {
    let Some((server, name, url)) = postgres("examined").await else { return skipped(NO_POSTGRES) };
    let folder = tempfile::tempdir().unwrap();
    assert!(run(folder.path(), &["migrate"], &[("KEYWRIGHT_DATABASE_URL", &url)]).status.success());
    let settings = [
        ("KEYWRIGHT_DATABASE_URL", url.as_str()),
        ("KEYWRIGHT_MODE", "production"),
        ("KEYWRIGHT_PUBLIC_URL", "https://id.example.com"),
        ("KEYWRIGHT_MASTER_KEY", "q3Vw0mZ5sT8yLk2XbN7cRjH4fGdE9aPuOi6KvQzWtYs="),
        ("KEYWRIGHT_MAIL_FROM", "Keywright <no-reply@id.example.com>"),
        ("KEYWRIGHT_SMTP_URL", "smtps://127.0.0.1:1"),
    ];
    for (value, is_weak) in [("on", false), ("off", true)] {
        on_server(&server, format!("ALTER DATABASE {name} SET synchronous_commit = {value}")).await;
        let (code, told) = examined_quickly(folder.path(), &settings);
        assert_eq!(code, 1, "{told}");
        for check in ["database", "migrations", "database_way", "clock"] {
            assert!(!only(&told, check).0, "{check} in {told}");
        }
        assert!(only(&told, "database_account").0, "who makes databases for tests may more than the least: {told}");
        // Other settings of a server for tests may be weak as well.
        let (is_fault, words) = only(&told, "durability");
        assert_eq!(words.contains("synchronous_commit = off"), is_weak, "{words}");
        assert!(is_fault || !is_weak, "{words}");
        let checks = ["database", "migrations", "database_account", "database_way", "durability", "clock"];
        for finding in told["findings"].as_array().unwrap() {
            let is_asked = checks.iter().any(|check| finding["check"] == *check);
            assert!(!is_asked || finding["verdict"] != "skipped", "{finding}");
        }
    }
    on_server(&server, format!("DROP DATABASE {name} WITH (FORCE)")).await;
}

#[test]
fn wrong_use_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let refused = run(folder.path(), &["doctor", "--fix"], &[]);
    assert_eq!((refused.status.code(), text(&refused.stdout)), (Some(2), ""));
    assert!(text(&refused.stderr).contains("keywright doctor: there is no option --fix."), "{}", text(&refused.stderr));
}
