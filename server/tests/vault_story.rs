//! Secrets from a vault: the start, what is told when it fails, and its token while the program runs (ASVS 5.0, 13.3.1).

use crate::support::vault::{Mood, PATH, SECRET_ID, TOKEN, VaultServer};
use crate::support::{CHEAP, TestApp, database_url};
use auth::Timestamp;
use auth::clock::{Clock, FakeClock, SystemClock};
use auth::view::{SettingOrigin, VaultFault};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use server::Settings;
use server::settings::source::{Given, from_toml};
use server::vault::{Patience, Vault};
use std::net::TcpListener;
use std::sync::Arc;
use std::time::{Duration, Instant};

const KEY: &str = "q3Vw0mZ5sT8yLk2XbN7cRjH4fGdE9aPuOi6KvQzWtYs=";
const HS256: &str = "r8Jd0mWq2LxT5vYbN7sKc3FhZa9PeUgQ";
const ADMIN: &str = "ada@example.com";
/// Three tries within an eye's blink.
const QUICK: Patience =
    Patience { timeout: Duration::from_millis(500), tries: 3, first_wait: Duration::from_millis(10) };

fn clock() -> Arc<FakeClock> {
    Arc::new(FakeClock::at(Timestamp(1_767_225_600_000)))
}

async fn load(toml: &str, clock: Arc<dyn Clock>) -> anyhow::Result<Settings> {
    Settings::load_from(Given::in_file(from_toml(toml)?), QUICK, clock).await
}

/// What somebody hears whose program does not start.
async fn refused(toml: &str) -> String {
    let words = format!("{:#}", load(toml, clock()).await.err().expect("it starts"));
    for secret in [KEY, HS256, TOKEN, SECRET_ID, "hunter2"] {
        assert!(!words.contains(secret), "{words}");
    }
    words
}

/// A vault with a master key, and a program that read it; both live by this clock.
async fn running(clock: &Arc<FakeClock>, has_role: bool) -> (VaultServer, Vault) {
    let server = VaultServer::start(json!({"master_key": KEY}), clock.clone()).await;
    let toml = if has_role { server.with_role() } else { server.with_token() };
    let vault = load(&toml, clock.clone()).await.unwrap().vault.unwrap();
    (server, vault)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_program_starts_with_no_secret_but_the_way_to_the_vault() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    let secrets = json!({"master_key": KEY, "hs256_secret": HS256, "database_url": database_url(&path)});
    let server = VaultServer::start(secrets, Arc::new(SystemClock)).await;
    let toml = format!("{CHEAP}limits = false\nvault_namespace = 'team/id'\n{}", server.with_role());
    let settings = load(&toml, Arc::new(SystemClock)).await.unwrap();
    let origin = |name: &str| settings.in_effect.iter().find(|item| item.name == name).unwrap().origin;
    assert_eq!((origin("master_key"), origin("vault_secret_id")), (SettingOrigin::Vault, SettingOrigin::File));
    let vault = settings.vault.clone().unwrap();
    let app = TestApp::start_settings(folder, settings).await;
    assert!(!path.join("master.key").exists(), "none was made: the key is that of the vault");
    app.create_account(ADMIN).await;
    app.make_admin(ADMIN).await;
    let (cookie, token) = app.sign_in(ADMIN).await;

    let told = app.bearer(Method::GET, "/api/v1/admin/settings", &token).await;
    assert_eq!(told.status, StatusCode::OK, "{}", told.body);
    for secret in [KEY, HS256, SECRET_ID] {
        assert!(!told.body.contains(secret), "{}", told.body);
    }
    assert!(app.get("/admin/settings", &cookie).await.says("page.admin_settings.of_vault"));
    let fault = async || {
        let health = app.bearer(Method::GET, "/api/v1/admin/health", &token).await.value();
        health["process"]["vault"]["fault"].clone()
    };
    assert_eq!(fault().await, Value::Null);
    let page = app.get("/admin/health", &cookie).await;
    assert!(page.says("page.admin_health.vault_answered") && !page.says("page.admin_health.vault_fault"));

    server.be(Mood::Sealed);
    assert!(!vault.look_after().await);
    assert_eq!(fault().await, json!("sealed"));
    let page = app.get("/admin/health", &cookie).await;
    assert!(page.says("page.admin_health.vault_fault") && page.says("page.admin_health.vault_sealed"), "{}", page.body);
    assert_eq!(app.bearer(Method::GET, "/api/v1/me", &token).await.status, StatusCode::OK, "and people notice nothing");

    let asked = server.asked();
    assert!(asked.iter().all(|asked| asked.is_marked && asked.namespace.as_deref() == Some("team/id")));
    assert!(asked[0].token.is_none() && asked[0].path.ends_with("/auth/approle/login"));
    assert!(asked[1].token.is_some() && asked[1].path == format!("/v1/{PATH}"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn production_is_content_with_secrets_of_the_vault() {
    let secrets = json!({"master_key": KEY, "smtp_url": "smtps://keywright:hunter2@mail.example.com:465"});
    let server = VaultServer::start(secrets, clock()).await;
    let plain = "mode = 'production'\npublic_url = 'https://id.example.com'\nmail_from = 'no-reply@example.com'\n";
    let settings = load(&format!("{plain}{}", server.with_token()), clock()).await.unwrap();
    assert!(settings.master_key.is_some() && settings.smtp.is_some());
    server.write(Some(json!({"master_key": KEY})));
    let words = refused(&format!("{plain}{}", server.with_token())).await;
    assert!(words.contains("smtp_url must be set"), "and judges them like others: {words}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_refuses_for_good_is_asked_once_and_told_with_what_to_do() {
    let server = VaultServer::start(json!({"master_key": KEY}), clock()).await;
    let wrong = format!("{}vault_token = 'hvs.hunter2'\n", server.place());
    let words = refused(&wrong).await;
    assert!(words.contains("status is 403") && words.contains("may not read vault_path"), "{words}");
    assert_eq!(server.reads(), 1, "a token is not tried again");

    let wrong = format!("{}vault_role_id = 'nobody'\nvault_secret_id = 'hunter2'\n", server.place());
    let words = refused(&wrong).await;
    assert!(words.contains("status is 400") && words.contains("make another secret id"), "{words}");
    assert_eq!((server.logins(), server.reads()), (1, 1));

    for (mood, parts) in [
        (Mood::Elsewhere, ["status is 307", "it leads elsewhere"]),
        (Mood::Large, ["cannot be used", "larger than 256 KiB"]),
        (Mood::Strange, ["cannot be used", "not as its API has it"]),
    ] {
        let before = server.reads();
        server.be(mood);
        let words = refused(&server.with_token()).await;
        assert!(parts.iter().all(|part| words.contains(part)), "{words}");
        assert_eq!(server.reads() - before, 1, "{words}");
    }
    assert_eq!(server.followed(), 0, "the token went nowhere else");

    server.be(Mood::Honest);
    server.write(None);
    let words = refused(&server.with_token()).await;
    assert!(words.contains("status is 404") && words.contains("nothing at vault_path"), "{words}");
    let words = refused(&server.with_token().replace(PATH, "secret/data/other")).await;
    assert!(words.contains("nothing at vault_path"), "{words}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_may_pass_is_waited_for_a_while() {
    let server = VaultServer::start(json!({"master_key": KEY}), clock()).await;
    for (mood, part) in [(Mood::Sealed, "unseal it"), (Mood::Slow, "it does not answer")] {
        let (before, began) = (server.reads(), Instant::now());
        server.be(mood);
        let words = refused(&server.with_token()).await;
        assert!(words.contains("after 3 tries") && words.contains(part), "{words}");
        assert_eq!(server.reads() - before, 3, "{words}");
        assert!(began.elapsed() < Duration::from_secs(20), "an answer that takes a minute is not waited for");
    }
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nobody = server.with_token().replace(&server.address, &format!("http://127.0.0.1:{port}"));
    let words = refused(&nobody).await;
    assert!(words.contains("after 3 tries") && words.contains("look at vault_address"), "{words}");

    server.be(Mood::Sealed);
    let before = server.reads();
    let patient = Patience { tries: 8, first_wait: Duration::from_millis(20), ..QUICK };
    let given = Given::in_file(from_toml(&server.with_token()).unwrap());
    let unsealing = async {
        while server.reads() == before {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        server.be(Mood::Honest);
    };
    let (started, ()) = tokio::join!(Settings::load_from(given, patient, clock()), unsealing);
    assert!(started.is_ok(), "somebody unsealed it meanwhile");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_secret_holds_secrets_that_are_set_nowhere_else() {
    let server = VaultServer::start(json!({}), clock()).await;
    for (secret, more, part) in [
        (json!({"master_key": KEY}), "master_key = 'hunter2'\n", "master_key is set twice: by keywright.toml"),
        (json!({"master_kye": KEY}), "", "did you mean master_key?"),
        (json!({"listen": "127.0.0.1:1"}), "", "listen is no secret"),
        (json!({"vault_secret_id": "hunter2"}), "", "must be known before the vault is asked"),
        (json!({"master_key": ["hunter2"]}), "", "each field must be a text"),
        (json!({"hunter2\n": KEY}), "", "a name that is no setting's"),
        (json!({"hs256_secret": "hunter2"}), "", "hs256_secret must have at least 32 bytes"),
    ] {
        server.write(Some(secret));
        let words = refused(&format!("{more}{}", server.with_token())).await;
        assert!(words.contains(part), "{words}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_is_renewed_before_its_time_is_over() {
    let clock = clock();
    let (server, vault) = running(&clock, true).await;
    let begun = clock.now();
    assert_eq!(vault.health().token_ends_at, Some(begun.plus_seconds(3600)));
    clock.advance_seconds(2399);
    assert!(vault.look_after().await);
    assert_eq!(server.renewals(), 0, "it is not due");
    let mut seconds = 1;
    for time in 1..=5 {
        clock.advance_seconds(seconds);
        assert!(vault.look_after().await, "the token of the first hour is good, renewed {time} times");
        assert_eq!((server.renewals(), server.logins()), (time, 1));
        seconds = 2400;
    }
    assert_eq!(vault.health().token_ends_at, Some(clock.now().plus_seconds(3600)));

    clock.advance_seconds(3600);
    assert!(vault.look_after().await, "nobody looked in time, and the role logs in again");
    assert_eq!((server.renewals(), server.logins()), (5, 2));
    assert_eq!(vault.health().fault, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_itself_the_program_keeps_a_token_beyond_its_first_life() {
    let server = VaultServer::start(json!({"master_key": KEY}), Arc::new(SystemClock)).await;
    let vault = load(&server.with_token(), Arc::new(SystemClock)).await.unwrap().vault.unwrap();
    server.give(3, true);
    let first_end = SystemClock.now().plus_seconds(3);
    let keeper = tokio::spawn(vault.clone().keep_token());
    let deadline = Instant::now() + Duration::from_secs(30);
    while vault.health().answered_at <= first_end {
        assert!(Instant::now() < deadline, "{:?} after {} renewals", vault.health(), server.renewals());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(server.renewals() >= 2 && vault.health().fault.is_none(), "{:?}", vault.health());
    keeper.abort();
    let _ = keeper.await;
    while vault.health().token_ends_at.is_some_and(|end| SystemClock.now() <= end) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(!vault.look_after().await, "without its keeper it ends");
    assert_eq!(vault.health().fault, Some(VaultFault::Refused));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vault_that_fails_later_is_told_and_stops_nothing() {
    let clock = clock();
    let (server, vault) = running(&clock, false).await;
    assert!(vault.look_after().await);
    let answered_at = vault.health().answered_at;
    clock.advance_seconds(60);
    server.be(Mood::Sealed);
    assert!(!vault.look_after().await);
    assert_eq!((vault.health().fault, vault.health().answered_at), (Some(VaultFault::Sealed), answered_at));
    server.be(Mood::Large);
    assert!(!vault.look_after().await);
    assert_eq!(vault.health().fault, Some(VaultFault::Unreachable));
    server.be(Mood::Honest);
    assert!(vault.look_after().await);
    assert_eq!((vault.health().fault, vault.health().answered_at), (None, clock.now()));

    server.write(Some(json!({"master_key": HS256})));
    assert!(vault.look_after().await);
    assert_eq!(vault.health().fault, Some(VaultFault::Changed), "a start would read another secret");
    server.write(None);
    assert!(!vault.look_after().await);
    assert_eq!(vault.health().fault, Some(VaultFault::Missing));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_replaces_a_token_that_was_revoked_or_nears_its_end() {
    let clock = clock();
    let (server, vault) = running(&clock, true).await;
    server.revoke_tokens();
    assert!(!vault.look_after().await, "it is noticed");
    assert!(vault.look_after().await && vault.health().fault.is_none(), "{:?}", vault.health());
    assert_eq!(server.logins(), 2);

    server.give(600, true);
    clock.advance_seconds(2400);
    assert!(vault.look_after().await);
    assert_eq!((server.renewals(), server.logins()), (2, 3), "of an hour ten minutes were left");

    let (server, vault) = running(&clock, false).await;
    server.revoke_tokens();
    for _ in 0..3 {
        assert!(!vault.look_after().await);
    }
    assert_eq!((vault.health().fault, server.logins()), (Some(VaultFault::Refused), 0), "a token has nobody behind it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_cannot_be_renewed_is_replaced_by_its_role_or_told() {
    let clock = clock();
    let (server, vault) = running(&clock, false).await;
    server.give(3600, false);
    assert!(vault.look_after().await);
    assert_eq!((vault.health().fault, server.renewals()), (Some(VaultFault::NotRenewed), 1));
    assert!(vault.look_after().await);
    assert_eq!(server.renewals(), 1, "nobody asks for what there is not");

    let server = VaultServer::start(json!({"master_key": KEY}), clock.clone()).await;
    server.give(3600, false);
    let vault = load(&server.with_role(), clock.clone()).await.unwrap().vault.unwrap();
    clock.advance_seconds(2400);
    assert!(vault.look_after().await);
    assert_eq!((vault.health().fault, server.logins(), server.renewals()), (None, 2, 0));
}
