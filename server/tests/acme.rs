//! Certificates by ACME: got, kept, served and renewed, with a local authority that verifies every signature
//! (`support/acme.rs`).

use crate::support::TestApp;
use crate::support::acme::{Acme, HOST};
use crate::support::door::{LONG, PATIENT};
use auth::view::TlsFault;
use axum::Router;
use axum::routing::get;
use server::acme::AcmeSettings;
use server::door::serve;
use server::tls::Tls;
use std::future::pending;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::time::sleep;

fn open(folder: &Path, acme: &Acme) -> Tls {
    let settings = AcmeSettings {
        directory: format!("{}/directory", acme.base),
        contact: Some("ops@example.com".to_owned()),
        folder: folder.join("acme"),
        ca_pem: None,
        host: HOST.to_owned(),
    };
    Tls::from_authority(settings).unwrap()
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_is_got_kept_and_renewed_and_the_account_is_one() {
    let (app, folder) = (TestApp::start().await, tempfile::tempdir().unwrap());
    let auth = &app.application.auth;
    // Of what the first order gives, most of the time is over: the next start asks for another.
    let first = Instant::now();
    let mut door = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = door.local_addr().unwrap();
    let acme = Acme::start(address).await;
    let soon = 1970 + i32::try_from(auth.now().0 / (365 * 24 * 60 * 60 * 1000)).unwrap() + 2;
    for (number, ends) in [(1, soon), (2, 2126), (2, 2126)] {
        acme.world.lock().unwrap().ends = ends;
        let tls = open(folder.path(), &acme);
        let fault = tls.health(auth.now()).fault;
        assert_eq!(
            fault == Some(TlsFault::Unusable),
            number == 1 && acme.world.lock().unwrap().issued == 0,
            "{fault:?}"
        );
        let router = Router::new().route("/", get(|| async { "ok" }));
        let serving = tokio::spawn(serve(door, router, PATIENT, Arc::from([]), Some(tls.clone()), pending::<()>()));
        let keeper = tokio::spawn(tls.clone().keep_certificate(auth.clone()));
        let was_given = || acme.world.lock().unwrap().issued == number && tls.health(auth.now()).fault.is_none();
        while !was_given() {
            assert!(first.elapsed() < Duration::from_secs(60), "no certificate, {:?}", tls.health(auth.now()));
            sleep(Duration::from_millis(20)).await;
        }
        let authority = reqwest::Certificate::from_pem(acme.authority().as_bytes()).unwrap();
        let client = reqwest::Client::builder().no_proxy().tls_certs_only([authority]).resolve(HOST, address);
        let asked = client.build().unwrap().get(format!("https://{HOST}:{}/", address.port())).send();
        assert_eq!(asked.await.unwrap().text().await.unwrap(), "ok", "people believe it");
        if number == 2 {
            sleep(LONG).await;
            assert_eq!(acme.world.lock().unwrap().issued, 2, "a good one is kept");
        }
        for task in [keeper, serving] {
            task.abort();
            let _ = task.await;
        }
        door = TcpListener::bind(address).await.unwrap();
    }
    assert_eq!(acme.world.lock().unwrap().accounts, 1, "the account was kept");
    let kept = folder.path().join("acme");
    let modes = [kept.clone(), kept.join("certificate.pem"), kept.join("account.json")].map(|path| mode(&path));
    assert_eq!(modes, [0o700, 0o600, 0o600]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_authority_of_these_tests_believes_nothing_unsigned() {
    let (app, folder) = (TestApp::start().await, tempfile::tempdir().unwrap());
    // Nobody is at the door, so the host is not proved and nothing is given.
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let acme = Acme::start(nobody.local_addr().unwrap()).await;
    let keeper = tokio::spawn(open(folder.path(), &acme).keep_certificate(app.application.auth.clone()));
    let started = Instant::now();
    while acme.world.lock().unwrap().accounts == 0 {
        assert!(started.elapsed() < Duration::from_secs(20), "no account");
        sleep(Duration::from_millis(20)).await;
    }
    sleep(LONG / 3).await;
    keeper.abort();
    let last = acme.world.lock().unwrap().last.clone();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let said = client.post(format!("{}/challenge/1", acme.base)).body(last).send().await.unwrap();
    assert_eq!(said.status(), 400);
    assert!(said.text().await.unwrap().contains("badNonce"), "what was said once counts no more");
    assert_eq!(acme.world.lock().unwrap().issued, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_that_ended_while_it_asked_asks_nobody_when_it_starts_again() {
    let (app, folder) = (TestApp::start().await, tempfile::tempdir().unwrap());
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let acme = Acme::start(nobody.local_addr().unwrap()).await;
    let start = || tokio::spawn(open(folder.path(), &acme).keep_certificate(app.application.auth.clone()));
    let last_question = || acme.world.lock().unwrap().last.clone();
    let started = Instant::now();
    let keeper = start();
    while acme.world.lock().unwrap().accounts == 0 {
        assert!(started.elapsed() < Duration::from_secs(20), "no account");
        sleep(Duration::from_millis(20)).await;
    }
    keeper.abort();
    // What was on its way arrives.
    sleep(LONG / 3).await;
    let before = last_question();
    let tries = folder.path().join("acme/tries.json");
    assert_eq!(mode(&tries), 0o600);

    let again = start();
    sleep(LONG).await;
    assert!(last_question() == before, "it was asked a moment ago");
    again.abort();

    std::fs::remove_file(&tries).unwrap();
    let control = start();
    while last_question() == before {
        assert!(started.elapsed() < Duration::from_secs(60), "the control: without the file it asks");
        sleep(Duration::from_millis(20)).await;
    }
    control.abort();
}
