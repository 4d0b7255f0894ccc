//! The program as people run it, in a process of its own, and a client that takes every answer.

use serde_json::{Value, json};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use ureq::Agent;

use super::PASSWORD;

/// A running program; killed when it is dropped.
pub struct Program {
    pub child: Child,
    pub port: u16,
}

/// An answer, read to its end.
pub struct Told {
    pub status: u16,
    pub retry_after: String,
    pub cookie: Option<String>,
    pub body: String,
}

impl Program {
    /// Starts it in a folder with these settings as variables, and waits until it is ready.
    pub fn start(folder: &Path, settings: &[(&str, &str)]) -> Self {
        Self::start_by(Command::new(env!("CARGO_BIN_EXE_keywright")), folder, settings)
    }

    /// The same by a command that becomes the program.
    pub fn start_by(command: Command, folder: &Path, settings: &[(&str, &str)]) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self::start_at(port, command, folder, settings)
    }

    /// The same at a port that something else knows already.
    pub fn start_at(port: u16, mut command: Command, folder: &Path, settings: &[(&str, &str)]) -> Self {
        let child = command
            .current_dir(folder)
            .env_clear()
            .env("KEYWRIGHT_LISTEN", format!("127.0.0.1:{port}"))
            .env("KEYWRIGHT_HASH_MEMORY_KIB", "256")
            .env("KEYWRIGHT_LIMITS", "off")
            .env("KEYWRIGHT_LOG", "error")
            .envs(settings.iter().copied())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let program = Self { child, port };
        program.wait_until("/health/ready", 200);
        program
    }

    /// Asks until the answer has this status.
    pub fn wait_until(&self, path: &str, status: u16) {
        let deadline = Instant::now() + Duration::from_secs(30);
        while self.try_get(path, &[]).is_none_or(|told| told.status != status) {
            assert!(Instant::now() < deadline, "{path} is not {status}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    pub fn try_get(&self, path: &str, headers: &[(&str, &str)]) -> Option<Told> {
        let mut request = agent().get(self.url(path));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.call().ok().map(told)
    }

    pub fn get(&self, path: &str, headers: &[(&str, &str)]) -> Told {
        self.try_get(path, headers).expect("an answer")
    }

    /// A page as a browser asks for it.
    pub fn page(&self, path: &str, cookie: &str) -> Told {
        self.get(path, &[("accept", "text/html"), ("sec-fetch-mode", "navigate"), ("cookie", cookie)])
    }

    pub fn me(&self, access_token: &str) -> Told {
        self.get("/api/v1/me", &[("authorization", format!("Bearer {access_token}").as_str())])
    }

    pub fn json(&self, path: &str, body: &Value) -> Told {
        told(agent().post(self.url(path)).send_json(body).expect("an answer"))
    }

    pub fn refresh(&self, cookie: &str) -> Told {
        self.post("/api/v1/refresh", cookie)
    }

    pub fn sign_out(&self, cookie: &str) -> Told {
        self.post("/api/v1/sign-out", cookie)
    }

    /// As a page of ours does it, with nothing in it.
    fn post(&self, path: &str, cookie: &str) -> Told {
        let request = agent().post(self.url(path));
        told(request.header("cookie", cookie).header("sec-fetch-site", "same-origin").send_empty().expect("an answer"))
    }

    pub fn sign_up(&self, email: &str) -> Told {
        self.json("/api/v1/sign-up", &json!({"email": email, "password": PASSWORD, "name": "Sam"}))
    }

    /// Proves an address by the code that was mailed.
    pub fn verify(&self, email: &str) {
        let deadline = Instant::now() + Duration::from_secs(60);
        let code = loop {
            let inbox = self.get(&format!("/dev/inbox.json?to={email}"), &[]);
            let mails: Vec<Value> = serde_json::from_str(&inbox.body).unwrap_or_default();
            if let Some(mail) = mails.iter().find(|mail| mail["to"] == email && mail["kind"] == "verify_email") {
                break mail["code"].clone();
            }
            assert!(Instant::now() < deadline, "no mail for {email}");
            std::thread::sleep(Duration::from_millis(50));
        };
        let verified = self.json("/api/v1/verify-email", &json!({"email": email, "code": code}));
        assert_eq!(verified.status, 204, "{email}: {}", verified.body);
    }

    pub fn sign_in(&self, email: &str) -> Told {
        self.json("/api/v1/sign-in", &json!({"email": email, "password": PASSWORD}))
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Told {
    /// The code of a refusal.
    pub fn code(&self) -> String {
        self.value()["code"].as_str().unwrap_or_default().to_owned()
    }

    pub fn access_token(&self) -> String {
        self.value()["access_token"].as_str().expect("an access token").to_owned()
    }

    fn value(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body))
    }
}

fn agent() -> Agent {
    let patience = Some(Duration::from_secs(40));
    Agent::config_builder().http_status_as_error(false).timeout_global(patience).build().into()
}

fn told(mut answer: ureq::http::Response<ureq::Body>) -> Told {
    let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let retry_after = header("retry-after").to_owned();
    let lines = answer.headers().get_all("set-cookie").iter().filter_map(|line| line.to_str().ok());
    let cookie = lines.filter_map(|line| line.split(';').next()).find(|line| line.starts_with("__Host-refresh="));
    let cookie = cookie.map(str::to_owned);
    let status = answer.status().as_u16();
    let body = answer.body_mut().read_to_string().unwrap_or_default();
    Told { status, retry_after, cookie, body }
}
