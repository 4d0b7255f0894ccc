//! Keys are rotated under load, on two nodes and one PostgreSQL: nobody is signed out, and no request fails.
//! Then one leaks, and both nodes refuse what it signed within a second.

use crate::support::skipped::{NO_POSTGRES, skipped};
use serde_json::{Value, json};
use sqlx::any::install_default_drivers;
use sqlx::{AnyConnection, Connection, Executor};
use std::collections::HashSet;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use ureq::http::Response;
use ureq::{Agent, Body};

const PEOPLE: usize = 6;
const ROTATIONS: usize = 3;
const PASSWORD: &str = "correct horse battery staple";

/// A program that is killed when the test ends, however it ends.
struct Node {
    child: Child,
    port: u16,
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A new database in the PostgreSQL that `bin/test` starts; none when there is no such server.
async fn database() -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "tests have no settings")]
    let server = std::env::var("KEYWRIGHT_TEST_POSTGRES_URL").ok()?;
    install_default_drivers();
    let name = format!("rotation_{}", std::process::id());
    let mut connection = AnyConnection::connect(&server).await.unwrap();
    let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
    connection.execute(sqlx::raw_sql(create)).await.unwrap();
    connection.close().await.unwrap();
    let (address, query) = server.split_once('?').unwrap_or((&server, ""));
    let (address, _) = address.rsplit_once('/').unwrap();
    Some(format!("{address}/{name}?{query}"))
}

fn keywright(folder: &Path, database: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keywright"));
    command
        .current_dir(folder)
        .env_clear()
        .env("KEYWRIGHT_DATABASE_URL", database)
        .env("KEYWRIGHT_HASH_MEMORY_KIB", "256")
        .env("KEYWRIGHT_LIMITS", "off")
        .env("KEYWRIGHT_LOG", "error");
    command
}

fn start(folder: &Path, database: &str) -> Node {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let listen = format!("127.0.0.1:{port}");
    let child = keywright(folder, database).env("KEYWRIGHT_LISTEN", listen).stdout(Stdio::null()).spawn().unwrap();
    let node = Node { child, port };
    let deadline = Instant::now() + Duration::from_secs(60);
    while ureq::get(format!("http://127.0.0.1:{port}/health/ready")).call().is_err() {
        assert!(Instant::now() < deadline, "the program does not start");
        std::thread::sleep(Duration::from_millis(10));
    }
    node
}

/// The words of a command that succeeds.
fn command(folder: &Path, database: &str, words: &[&str]) -> String {
    let output = keywright(folder, database).arg("keys").args(words).output().unwrap();
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What a person holds.
#[derive(Clone)]
struct Session {
    token: String,
    cookie: String,
}

/// Somebody with a browser, who counts what goes wrong.
struct Person {
    agent: Agent,
    email: String,
    answers: usize,
    faults: Vec<String>,
}

impl Person {
    fn new(number: usize) -> Self {
        let config =
            Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_secs(20))).build();
        let email = format!("person{number}@example.com");
        Self { agent: config.into(), email, answers: 0, faults: Vec::new() }
    }

    fn post(&self, port: u16, path: &str, body: &Value) -> Response<Body> {
        self.agent.post(format!("http://127.0.0.1:{port}{path}")).send_json(body).unwrap()
    }

    fn sign_up(&self, port: u16) {
        let body = json!({"email": self.email, "password": PASSWORD, "name": "Sam"});
        assert_eq!(self.post(port, "/api/v1/sign-up", &body).status(), 202);
        let inbox = format!("http://127.0.0.1:{port}/dev/inbox.json?to={}", self.email);
        let deadline = Instant::now() + Duration::from_secs(60);
        let code = loop {
            let mails: Vec<Value> = self.agent.get(inbox.as_str()).call().unwrap().body_mut().read_json().unwrap();
            if let Some(mail) = mails.iter().find(|mail| mail["kind"] == "verify_email") {
                break mail["code"].clone();
            }
            assert!(Instant::now() < deadline, "no mail for {}", self.email);
            std::thread::sleep(Duration::from_millis(50));
        };
        let proof = json!({"email": self.email, "code": code});
        assert_eq!(self.post(port, "/api/v1/verify-email", &proof).status(), 204);
    }

    /// Notes an answer, and reads the session out of it, if there is one.
    fn read(&mut self, what: &str, mut answer: Response<Body>) -> Option<Session> {
        self.answers += 1;
        let cookie = answer
            .headers()
            .get_all("set-cookie")
            .iter()
            .filter_map(|line| line.to_str().ok()?.split(';').next())
            .find(|cookie| cookie.starts_with("__Host-refresh="))
            .map(str::to_owned);
        let status = answer.status().as_u16();
        let body = answer.body_mut().read_to_string().unwrap_or_default();
        if status != 200 {
            self.faults.push(format!("{what}: {status} {body}"));
            return None;
        }
        let body: Value = serde_json::from_str(&body).unwrap();
        Some(Session { token: body["access_token"].as_str()?.to_owned(), cookie: cookie? })
    }

    fn sign_in(&mut self, port: u16) -> Option<Session> {
        let answer = self.post(port, "/api/v1/sign-in", &json!({"email": self.email, "password": PASSWORD}));
        self.read("sign-in", answer)
    }

    fn refresh(&mut self, port: u16, session: &Session) -> Option<Session> {
        let request = self.agent.post(format!("http://127.0.0.1:{port}/api/v1/refresh"));
        let request = request.header("cookie", &session.cookie).header("sec-fetch-site", "same-origin");
        let answer = request.send_empty().unwrap();
        self.read("refresh", answer)
    }

    fn me(&mut self, port: u16, session: &Session) {
        let answer = self.status_of_me(port, session);
        self.read("me", answer);
    }

    fn status_of_me(&self, port: u16, session: &Session) -> Response<Body> {
        let request = self.agent.get(format!("http://127.0.0.1:{port}/api/v1/me"));
        request.header("authorization", format!("Bearer {}", session.token)).call().unwrap()
    }
}

/// Signs in again and again, on either node, and asks and refreshes on both in between. Gives the headers of
/// the tokens that were seen; one for each key.
fn live(person: &mut Person, ports: [u16; 2], over: &AtomicBool) -> HashSet<String> {
    let mut headers = HashSet::new();
    let mut eldest: Option<Session> = None;
    while !over.load(Ordering::SeqCst) && person.faults.is_empty() {
        let Some(mut session) = person.sign_in(ports[person.answers % 2]) else { break };
        for _ in 0..10 {
            let eldest = eldest.get_or_insert_with(|| session.clone());
            headers.extend(session.token.split('.').next().map(str::to_owned));
            for port in ports {
                person.me(port, &session);
                person.me(port, eldest);
            }
            let Some(next) = person.refresh(ports[person.answers % 2], &session) else { break };
            session = next;
        }
    }
    headers
}

#[test]
fn nobody_notices_a_rotation_and_a_leaked_key_is_refused_on_both_nodes() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let Some(database) = runtime.block_on(database()) else {
        return skipped(NO_POSTGRES);
    };
    let folder = tempfile::tempdir().unwrap();
    let (folder, database) = (folder.path(), database.as_str());
    // One after the other: the first makes the master key of this folder.
    let nodes = [start(folder, database), start(folder, database)];
    let ports = [nodes[0].port, nodes[1].port];

    let over = Arc::new(AtomicBool::new(false));
    let people: Vec<_> = (0..PEOPLE)
        .map(|number| {
            let over = Arc::clone(&over);
            let mut person = Person::new(number);
            person.sign_up(ports[0]);
            std::thread::spawn(move || {
                let headers = live(&mut person, ports, &over);
                (person, headers)
            })
        })
        .collect();
    for _ in 0..ROTATIONS {
        std::thread::sleep(Duration::from_millis(300));
        command(folder, database, &["rotate", "--now"]);
        // Two seconds until it signs, and some in which it does.
        std::thread::sleep(Duration::from_millis(3500));
    }
    over.store(true, Ordering::SeqCst);
    let (mut answers, mut headers) = (0, HashSet::new());
    for person in people {
        let (person, seen) = person.join().unwrap();
        assert!(person.faults.is_empty(), "{}: {:?}", person.email, person.faults);
        answers += person.answers;
        headers.extend(seen);
    }
    println!("{answers} answers during {ROTATIONS} rotations, none of them a failure");
    assert!(answers > 200, "{answers} answers are no load");
    assert_eq!(headers.len(), ROTATIONS + 1, "tokens of every key were seen");

    let mut person = Person::new(0);
    let session = person.sign_in(ports[0]).unwrap();
    let keys: Value = serde_json::from_str(&command(folder, database, &["list", "--json"])).unwrap();
    let signing = keys["keys"].as_array().unwrap().iter().find(|key| key["state"] == "signing").unwrap();
    command(folder, database, &["revoke", signing["id"].as_str().unwrap()]);
    std::thread::sleep(Duration::from_secs(1));
    for port in ports {
        assert_eq!(person.status_of_me(port, &session).status(), 401);
    }
    let fresh = person.refresh(ports[1], &session).unwrap();
    for port in ports {
        person.me(port, &fresh);
    }
    assert!(person.faults.is_empty(), "{:?}", person.faults);
}
