//! Pulling the plug: the program is killed at random moments while people sign up, and started
//! again. Whoever was told "a mail is on its way" gets it and can sign in.

use serde_json::{Value, json};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const PEOPLE: usize = 200;
const KILLS: u64 = 6;
const PASSWORD: &str = "correct horse battery staple";

fn start(folder: &Path, port: u16) -> Child {
    let child = Command::new(env!("CARGO_BIN_EXE_keywright"))
        .current_dir(folder)
        .env_clear()
        .env("KEYWRIGHT_LISTEN", format!("127.0.0.1:{port}"))
        .env("KEYWRIGHT_HASH_MEMORY_KIB", "256")
        .env("KEYWRIGHT_LIMITS", "off")
        .env("KEYWRIGHT_LOG", "error")
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(30);
    while ureq::get(format!("http://127.0.0.1:{port}/health/ready")).call().is_err() {
        assert!(Instant::now() < deadline, "the program does not start");
        std::thread::sleep(Duration::from_millis(10));
    }
    child
}

fn post(port: u16, path: &str, body: &Value) -> Option<u16> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(20)))
        .build()
        .into();
    agent.post(format!("http://127.0.0.1:{port}{path}")).send_json(body).ok().map(|answer| answer.status().as_u16())
}

#[test]
fn whoever_was_acknowledged_can_sign_in_after_the_plug_was_pulled() {
    let folder = tempfile::tempdir().unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let acknowledged = Arc::new(Mutex::new(Vec::<String>::new()));
    let (next, over) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let mut program = start(folder.path(), port);

    let people: Vec<_> = (0..8)
        .map(|_| {
            let (acknowledged, next, over) = (Arc::clone(&acknowledged), Arc::clone(&next), Arc::clone(&over));
            std::thread::spawn(move || {
                while !over.load(Ordering::SeqCst) {
                    let email = format!("person{}@example.com", next.fetch_add(1, Ordering::SeqCst));
                    let body = json!({"email": email, "password": PASSWORD, "name": "Sam"});
                    if post(port, "/api/v1/sign-up", &body) == Some(202) {
                        acknowledged.lock().unwrap().push(email);
                    }
                }
            })
        })
        .collect();

    let mut seed = u64::from(std::process::id());
    let mut kills = 0;
    let deadline = Instant::now() + Duration::from_secs(180);
    while kills < KILLS || acknowledged.lock().unwrap().len() < PEOPLE {
        assert!(Instant::now() < deadline, "{kills} kills, {} people", acknowledged.lock().unwrap().len());
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        std::thread::sleep(Duration::from_millis(200 + (seed >> 33) % 800));
        if kills < KILLS {
            program.kill().unwrap();
            program.wait().unwrap();
            program = start(folder.path(), port);
            kills += 1;
        }
    }
    over.store(true, Ordering::SeqCst);
    for person in people {
        person.join().unwrap();
    }

    let emails = acknowledged.lock().unwrap().clone();
    for email in &emails {
        let code = mailed_code(port, email);
        assert_eq!(post(port, "/api/v1/verify-email", &json!({"email": email, "code": code})), Some(204), "{email}");
        assert_eq!(post(port, "/api/v1/sign-in", &json!({"email": email, "password": PASSWORD})), Some(200), "{email}");
    }
    println!("{} sign-ups were acknowledged, {kills} kills, none was lost", emails.len());
    program.kill().unwrap();
    program.wait().unwrap();
}

fn mailed_code(port: u16, email: &str) -> String {
    let deadline = Instant::now() + Duration::from_secs(90);
    loop {
        let mut answer = ureq::get(format!("http://127.0.0.1:{port}/dev/inbox.json?to={email}")).call().unwrap();
        let mails: Vec<Value> = answer.body_mut().read_json().unwrap();
        if let Some(mail) = mails.iter().find(|mail| mail["to"] == *email && mail["kind"] == "verify_email") {
            return mail["code"].as_str().unwrap().to_owned();
        }
        assert!(Instant::now() < deadline, "no mail for {email}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
