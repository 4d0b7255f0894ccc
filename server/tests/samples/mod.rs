//! The samples of `docs/samples/`, run as their readers run them: each behind a Keywright of its own, on whatever
//! runtimes this machine has. What was not run is said, and why.

use crate::support::skipped::skipped;
use std::net::TcpListener;
use std::process::Command;
use std::time::{Duration, Instant};

mod front;
mod keywright;
mod service;
mod tokens;

use front::Front;
use keywright::Keywright;
use serde_json::json;
use service::{Answer, Sample, Service};
use tokens::{Forger, part, trusted_jwk};

/// Seconds that must lie between two fetches of the keys.
const PAUSE: u64 = 10;

#[test]
fn each_sample_lets_in_whoever_brings_our_token_and_nobody_else() {
    let workshop = tempfile::tempdir().unwrap();
    let samples = [Sample::fastapi(), Sample::express(), Sample::go(workshop.path()), Sample::axum()];
    // Most of it is waiting, so all at once.
    std::thread::scope(|scope| {
        for sample in samples {
            match sample.command {
                Ok(command) => {
                    scope.spawn(move || judge(sample.name, command, sample.without_keys));
                }
                Err(why) => skipped(&format!("the sample {} was not run: {why}", sample.name)),
            }
        }
    });
}

/// The manifest that is copied with the sample asks for what the sample was compiled with here.
#[test]
fn the_manifest_of_the_axum_sample_names_our_versions() {
    let table = |text: &str| text.parse::<toml::Table>().unwrap();
    let version = |wanted: &toml::Value| match wanted {
        toml::Value::String(version) => version.clone(),
        other => other["version"].as_str().unwrap().to_owned(),
    };
    let ours = table(include_str!("../../../Cargo.toml"));
    let sample = table(include_str!("../../../docs/samples/axum/Cargo.toml"));
    let wanted = sample["dependencies"].as_table().unwrap();
    assert!(wanted.len() >= 6, "{wanted:?}");
    for (name, dependency) in wanted {
        assert_eq!(version(dependency), version(&ours["workspace"]["dependencies"][name.as_str()]), "{name}");
    }
}

fn judge(name: &str, command: Command, without_keys: u16) {
    let front = Front::open(trusted_jwk());
    let keywright = Keywright::start(&front.url);
    let token = keywright.access_token();
    let forger = Forger::new(&token);
    let service = Service::start(name, command, &front.url);

    // While no key can be had, nobody is let in, and (but for Go) nobody is told that the token is bad.
    assert_eq!(service.ask(&bearer(&token)).status, without_keys, "{name} without keys");
    front.lead_to(keywright.port);

    let claims = part(&token, 1);
    let answer = accepted(name, &service, &token);
    let user = keywright.user_of(&token);
    assert_eq!(answer.value(), json!({"user": user, "scope": claims["scope"], "roles": claims["roles"]}), "{name}");
    assert_eq!(service.ask(&format!("bearer {token}")).status, 200, "{name}: the scheme has no case (RFC 9110, 11.1)");

    // Without a token: a challenge that names no fault (RFC 6750, 3.1).
    for nobody in ["", "Basic YWxpY2U6cGFzc3dvcmQ=", "Bearer", token.as_str()] {
        let answer = service.ask(nobody);
        assert_eq!((answer.status, answer.challenge.as_str()), (401, "Bearer"), "{name}: {nobody:?}");
    }
    for query in [String::new(), format!("?access_token={token}")] {
        let answer = service.ask_as_nobody(&query);
        assert_eq!((answer.status, answer.challenge.as_str()), (401, "Bearer"), "{name}: {query:?}");
    }

    // With a bad one: always the same answer, so that it tells nobody which check failed.
    assert_eq!(service.ask(&bearer(&forger.good())).status, 200, "{name}: the tokens below would be good otherwise");
    let mut first: Option<Answer> = None;
    for (fault, bad) in forger.bad(&front.url) {
        let answer = service.ask(&bearer(&bad));
        let told = (answer.status, answer.challenge.as_str());
        assert_eq!(told, (401, r#"Bearer error="invalid_token""#), "{name}: {fault}: {bad}");
        assert_eq!(answer, *first.get_or_insert_with(|| answer.clone()), "{name}: {fault}");
    }
    assert_eq!(front.strayed(), 0, "{name} asked for a key where a token told it to");

    // Names of keys that nobody knows do not make it hammer Keywright.
    let (before, start) = (front.fetched(), Instant::now());
    for number in 0..200 {
        let token = forger.of_unknown_key(&format!("made-up-{number}"));
        assert_eq!(service.ask(&bearer(&token)).status, 401, "{name}");
    }
    let fetched = front.fetched() - before;
    let allowed = 1 + usize::try_from(start.elapsed().as_secs() / PAUSE).unwrap();
    assert!(fetched <= allowed, "{name} asked {fetched} times");

    // A rotation needs no restart, and ends no token.
    keywright.rotate_keys();
    let fresh = until("a token of the new key", 30, || {
        let fresh = keywright.access_token();
        (part(&fresh, 0)["kid"] != part(&token, 0)["kid"]).then_some(fresh)
    });
    assert_eq!(accepted(name, &service, &fresh).value()["user"], user.as_str(), "{name}");
    assert_eq!(service.ask(&bearer(&token)).status, 200, "{name}: a token of the key before");
}

fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

/// The answer to a token that is accepted as soon as the service may fetch the keys.
fn accepted(name: &str, service: &Service, token: &str) -> Answer {
    until(&format!("{name} accepts a token"), 2 * PAUSE, || {
        Some(service.ask(&bearer(token))).filter(|answer| answer.status == 200)
    })
}

/// Tries until something is there; panics when it takes too many seconds.
fn until<T>(what: &str, seconds: u64, mut attempt: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(seconds);
    loop {
        if let Some(outcome) = attempt() {
            return outcome;
        }
        assert!(Instant::now() < deadline, "{what}: not within {seconds} s");
        std::thread::sleep(Duration::from_millis(200));
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
